namespace Assay.Studies;

/// <summary>Segments in which other features lead, or count more: a part of the model of their own.</summary>
internal sealed class SegmentPartActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        var leaders = context.Of(FindingKind.SegmentLeaders).ToArray();
        foreach (var f in leaders)
            yield return Leaders(context, f);
        foreach (
            var dimension in context
                .Of(FindingKind.SegmentDifference)
                .Where(d => leaders.All(l => l.Dimension != d.Dimension))
                .GroupBy(d => d.Dimension)
        )
            yield return Differences(
                context,
                [.. dimension.OrderBy(d => d.Grade).ThenByDescending(d => Math.Abs(d.Value))]
            );
    }

    private static ActionDraft Leaders(ActionContext context, Finding f)
    {
        var dimension = context.Names.Dimension(f.Dimension);
        var parts = f
            .Parts.GroupBy(p => p.Feature)
            .Select(g => $"{g.First().DisplayName} where it is {Text.List([.. g.Select(p => p.Label)], "or")}");
        return Draft(
            context,
            f,
            $"Give the groups of {dimension} a part of the model of their own: {Text.List([.. parts])} leads"
        ) with
        {
            Features = f.Features,
            Segments = [.. f.Parts.Select(p => p.Segment)],
            Labels = [.. f.Parts.Select(p => p.Label)],
            Evidence =
            [
                ActionContext.Cite(f),
                .. context
                    .Of(FindingKind.SegmentDifference)
                    .Where(d => d.Dimension == f.Dimension && f.Features.Contains(d.Feature))
                    .Select(d => ActionContext.Cite(d, needed: false)),
            ],
            Effect = Size(
                f,
                $"The least sure leader is ahead of the next feature by {Text.Number(f.Value)} of AUC in its group; what a part of its own would win, a refit must say."
            ),
        };
    }

    private static ActionDraft Differences(ActionContext context, Finding[] found)
    {
        var f = found[0];
        var dimension = context.Names.Dimension(f.Dimension);
        string[] features = [.. found.Select(d => d.Feature).Distinct()];
        return Draft(
            context,
            f,
            $"Let the model treat {Text.List([.. features.Take(4).Select(context.Names.Title)])} by {dimension}"
        ) with
        {
            Features = features,
            Segments = [.. found.Select(d => d.Segment).Distinct()],
            Labels = [.. found.DistinctBy(d => d.Segment).Select(d => d.SegmentLabel)],
            Evidence = [ActionContext.Cite(f), .. found.Skip(1).Select(d => ActionContext.Cite(d, needed: false))],
            Effect = Size(
                f,
                $"Reliance differs by {Text.Number(Math.Abs(f.Value))} of AUC between groups; what a part of its own would win, a refit must say."
            ),
        };
    }

    private static ExpectedEffect Size(Finding f, string says)
    {
        var ends = f.Interval is { } i ? (double[])[Math.Abs(i.Low), Math.Abs(i.High)] : [];
        return new(
            "auc",
            Math.Abs(f.Value),
            ends.Length > 0 ? ends.Min() : null,
            ends.Length > 0 ? ends.Max() : null,
            EffectBasis.SizeOnly,
            says
        );
    }

    private static ActionDraft Draft(ActionContext context, Finding f, string title) =>
        new()
        {
            Kind = ActionKind.SplitModelOrSegmentPart,
            Of = f.Dimension,
            Title = title,
            Evidence = [],
            Dimension = f.Dimension,
            Cost = new("high", "A part, or a model, for each group must be trained, served and watched."),
            Risk = new("medium", "Each part learns from fewer rows; new or small groups may be served worse."),
            Change = $"a model with a part of its own for each group of {context.Names.Dimension(f.Dimension)}",
            Offline =
                $"Refit with a part for each group (the group crossed with its leading features, or a head for each), three seeds or more, and compare AUC within each group on rows not used for fitting.",
            Guardrails = ["groups without a part of their own: none worse"],
            First =
                $"Refit with {context.Names.Dimension(f.Dimension)} crossed with {Text.List([.. f.Features.Take(4).Select(context.Names.Title)], "or")}, and see what it gains in each group.",
        };
}
