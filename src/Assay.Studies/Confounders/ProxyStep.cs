namespace Assay.Studies;

/// <summary>
/// Features that stand in for another: without them alone the model loses, given the others it does not, and one of the
/// others goes with them.
/// </summary>
internal sealed class ProxyStep : IChainStep
{
    public const string Proxy = "proxy:";

    /// <summary>A proxy goes with what it stands in for at least like this.</summary>
    public const double LeastAssociation = 0.5;

    public string Name => "proxies";

    public string Gives =>
        "which features stand in for others (methods permutation and conditional-permutation over the same rows)";

    public bool IsAsked(StudyDefinition study) =>
        study.Methods.Any(m => m.Id == Exchange.Permutation) && study.Methods.Any(m => m.Id == Exchange.Conditional);

    public ChainResult Run(ChainContext context)
    {
        var found = new List<(string Feature, string Other, double Association)>();
        using (var reader = new PreparedReader(context.Plan, context.Splits[0].Split))
            foreach (var feature in context.Plan.Features.Where(f => Vanishes(context, f.Entry.Name)))
            {
                var other = context
                    .Plan.Features.Where(f => f != feature)
                    .Select(f => (f.Entry.Name, Value: Association.Of(reader, feature, f)))
                    .MaxBy(o => o.Value);
                if (other.Value >= LeastAssociation)
                    found.Add((feature.Entry.Name, other.Name, other.Value));
            }
        var estimates = context.Splits.SelectMany(
            (s, i) => found.SelectMany(p => Pair(context, s, context.Merged.Replicates[i], p.Feature, p.Other))
        );
        return new()
        {
            Estimates = Replication.Mark(Families.Adjusted(estimates), context.Splits.Count > 1),
            Section = Section(context, found),
            Remarks =
            [
                .. found.Select(p => new Remark(
                    p.Feature,
                    $"it seems to stand in for {Title(context, p.Other)} (association {Text.Number(p.Association)}): given the other features it adds nothing"
                )),
            ],
            Facts = found.Select(p => new
            {
                p.Feature,
                stands_in_for = p.Other,
                p.Association,
            }),
        };
    }

    private static bool Vanishes(ChainContext context, string feature)
    {
        Estimate? Find(string estimand, string method) =>
            context.Merged.Estimates.FirstOrDefault(e =>
                ConfounderSection.IsShown(e) && e.Feature == feature && e.Estimand == estimand && e.Method == method
            );
        var margin = context.Study.Margin;
        return Find(Estimands.Permutation + Estimands.Auc, Exchange.Permutation) is { } crude
            && Find(Estimands.Conditional + Estimands.Auc, Exchange.Conditional) is { } conditional
            && crude.Low > margin
            && conditional.High <= Math.Max(margin, crude.Value / 4)
            && conditional.Value <= margin
            // A draw that is known for drawn says nothing.
            && !(Find(Estimands.ConditionalCheck, Exchange.Conditional)?.Value > Grading.LargestCheck);
    }

    // The same names as with declared confounders: what is left given the others, and what goes away.
    private static IEnumerable<Estimate> Pair(
        ChainContext context,
        SplitData data,
        IReadOnlyList<Replicated> replicates,
        string feature,
        string other
    )
    {
        Resampled? Find(string estimand, string method) =>
            replicates.FirstOrDefault(r =>
                r.Segment == 0
                && r.Estimate.Feature == feature
                && r.Estimate.Estimand == estimand
                && r.Estimate.Method == method
            )
                is { } found
                ? new(found.Estimate.Value, Array.ConvertAll(found.Replicates, v => (double)v), null)
                : null;
        var crude = Find(Estimands.Permutation + Estimands.Auc, Exchange.Permutation);
        var conditional = Find(Estimands.Conditional + Estimands.Auc, Exchange.Conditional);
        if (crude is null || conditional is null)
            yield break;
        var maker = new EstimateMaker(data, context.Head);
        Estimate Make(string estimand, Resampled of) =>
            maker.Make(
                data.Segments[0],
                estimand + Estimands.Auc,
                Proxy + other,
                of.Value,
                of.Replicates,
                tested: true
            ) with
            {
                Feature = feature,
                Group = context.Plan.Dictionary[feature].Group ?? "",
            };
        yield return Make(Estimands.Adjusted, conditional);
        yield return Make(Estimands.Moved, crude - conditional);
    }

    private static string Title(ChainContext context, string feature) => context.Plan.Dictionary[feature].Title;

    private static string Section(
        ChainContext context,
        List<(string Feature, string Other, double Association)> found
    ) =>
        "## What could be fooling us: proxies\n\n"
        + (
            found.Count == 0
                ? "No feature's importance goes away given the others while one of them goes with it.\n"
                : string.Concat(
                    found.Select(p =>
                        $"- {Title(context, p.Feature)} seems to stand in for {Title(context, p.Other)}: alone it counts, given the other features it adds nothing, and the two go together (association {Text.Number(p.Association)}).\n"
                    )
                )
        )
        + "\n";
}
