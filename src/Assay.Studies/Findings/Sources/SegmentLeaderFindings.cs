namespace Assay.Studies;

/// <summary>
/// "In the north recency matters most, in the south popularity": one finding per dimension whose segments have different
/// leaders, each beyond chance. It is a conjunction, so its grade is that of its weakest part and its number that of the
/// least sure leader.
/// </summary>
internal sealed class SegmentLeaderFindings : IFindingSource
{
    public const string LeadPrefix = "lead_";

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Beginning(LeadPrefix)
            .Where(e => e.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) && e.Feature.Length > 0)
            .Where(e => e.Dimension != SegmentBuilder.Overall && !IsTheDimension(context, e))
            .GroupBy(e => e.Dimension)
            .Select(dimension =>
                dimension
                    .GroupBy(e => (e.Estimand, e.Method))
                    .SelectMany(g => Claims(context, [.. g]))
                    .OrderBy(c => c.Grade!.Grade)
                    // What the model leans on, where contrasts given the other features say the same, is the plainest claim.
                    .ThenBy(c => c.Evidence.IsConditional)
                    .FirstOrDefault()
            )
            .OfType<FindingDraft>();

    /// <summary>Whether the feature is what the segments are made of: it does not vary there, so to exchange it is to leave the segment.</summary>
    public static bool IsTheDimension(FindingContext context, Estimate e) =>
        SegmentDefinition.AreMadeOf(context.Study.Segments, e.Dimension, e.Feature)
        || e.Dimension.Split(['×', '*', '&']).Any(d => d.Trim() == e.Feature);

    /// <summary>"where region is north".</summary>
    public static string Place(FindingContext context, Estimate e) =>
        $"where {context.Names.Dimension(e.Dimension)} is {e.SegmentLabel}";

    private static IEnumerable<FindingDraft> Claims(FindingContext context, Estimate[] leads)
    {
        var parts = leads
            .Select(e =>
                context.Of(e, context.Margin) with
                {
                    Said = FindingKind.SegmentLeaders,
                    Backing = Backing(context, e),
                }
            )
            .Where(e => e.IsShown && e.Estimate.Value > 0)
            .Select(e => (Evidence: e, Graded: Grading.Of(e)))
            .ToArray();
        // The strongest claim first: only what is well supported, then all that is shown.
        foreach (var worst in (Grade[])[Grade.B, Grade.C, Grade.D])
        {
            var chosen = parts.Where(p => p.Graded.Grade <= worst).ToArray();
            if (chosen.DistinctBy(p => p.Evidence.Estimate.Feature).Count() < 2)
                continue;
            yield return Draft(context, chosen, leads.Length - chosen.Length);
            yield break;
        }
    }

    // A lead of what one fixed model leans on is lifted where, given all other features, the leader adds more there than elsewhere.
    private static Evidence? Backing(FindingContext context, Estimate e) =>
        new[] { Estimands.Permutation, Estimands.Conditional }
            .Select(p =>
                context.Beside(e, SegmentDifferenceFindings.Contrast + p + Estimands.Auc, Exchange.Conditional)
            )
            .FirstOrDefault(c => c is { Value: > 0 })
            is { } contrast
        && context.Of(contrast, context.Margin) with { Said = FindingKind.SegmentDifference } is { IsShown: true } shown
            ? shown
            : null;

    private static FindingDraft Draft(FindingContext context, (Evidence Evidence, Graded Graded)[] parts, int unsure)
    {
        var names = context.Names;
        var first = parts[0].Evidence.Estimate;
        var dimension = names.Dimension(first.Dimension);
        var leaders = parts
            .GroupBy(p => p.Evidence.Estimate.Feature)
            .Select(g => g.MaxBy(p => p.Evidence.Estimate.Value / p.Evidence.Estimate.StandardError))
            .ToArray();
        // The least sure of the leaders' surest segments: that leaders differ is as sure as that.
        var weakest = leaders.MinBy(p => p.Evidence.Estimate.Value / p.Evidence.Estimate.StandardError);
        var worst = parts.MaxBy(p => p.Graded.Grade);
        var said = parts
            .GroupBy(p => p.Evidence.Estimate.Feature)
            .Select(g =>
                $"where it is {Text.List([.. g.Select(p => p.Evidence.Estimate.SegmentLabel)], "or")} it is {names.Title(g.Key)} "
                + $"(ahead of the next by {Text.List([.. g.Select(p => Text.Number(p.Evidence.Estimate.Value))])} of AUC)"
            );
        var rest =
            unsure == 0 ? ""
            : unsure == 1 ? "; one other has no sure leader"
            : $"; {unsure} others have no sure leader";
        return new()
        {
            Id = $"*/{first.Estimand}/{first.Method}/{first.Dimension}=*",
            Feature = "",
            Segment = "*",
            Features = [.. leaders.Select(l => l.Evidence.Estimate.Feature)],
            Title = FeatureNames.Plain(dimension),
            Evidence = weakest.Evidence,
            Grade = worst.Graded,
            Effect = $"What matters most depends on {dimension}: {string.Join("; ", said)}{rest}.",
            ForWhom =
                $"Each of these groups on its own: {Text.List([.. parts.Select(p => $"{p.Evidence.Estimate.SegmentLabel} ({Text.Count(p.Evidence.Estimate.Clusters)} {names.Units})")])}.",
            ToDo =
                $"Consider a part of the model of its own for these groups of {dimension}, refit it, and test it in an experiment.",
            Parts =
            [
                .. parts
                    .Select(p => p.Evidence.Estimate)
                    .Select(e => new FindingPart(
                        e.Segment,
                        e.SegmentLabel,
                        e.Feature,
                        names.Title(e.Feature),
                        e.Value,
                        e.Low,
                        e.High,
                        e.PAdjusted,
                        e.Replicated
                    )),
            ],
            Alternatives =
            [
                "the leader varies more in its group than elsewhere, so that it can tell rows apart there, while the model treats all groups alike",
            ],
            Limitations = ["that a feature leads is chosen by the same rows; the holdout judges the leader so chosen"],
        };
    }
}
