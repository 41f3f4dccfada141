namespace Assay.Studies;

/// <summary>Rows for estimates.parquet: what an importance ranges over, and how alike the orders are.</summary>
internal sealed class SensitivityRows(ChainContext context, IReadOnlyList<Tried> tried)
{
    /// <summary>For each band, method and feature the study's own importance, the smallest and the largest, and its places.</summary>
    public IEnumerable<Estimate> Bands() =>
        tried
            .GroupBy(t => (t.Variant.Band, t.Method))
            .SelectMany(g => Band($"{g.Key.Band}{Suffix(g.Key.Method)}", [.. g]));

    /// <summary>For each variant and method Kendall's tau-b of both orders.</summary>
    public IEnumerable<Estimate> Agreements()
    {
        if (context.Plan.Features.Count < 3)
            yield break;
        var data = context.Splits[0];
        var maker = new EstimateMaker(data, context.Head);
        foreach (var t in tried)
        {
            var (value, replicates) = t.Tau;
            yield return maker.Make(
                data.Segments[0],
                SensitivityEstimands.Rank,
                t.Variant.Name + Suffix(t.Method),
                value,
                replicates,
                tested: false
            ) with
            {
                Space = context.Study.Space,
                Baseline = context.Study.Baseline.Name,
            };
        }
    }

    private static IEnumerable<Estimate> Band(string method, Tried[] group)
    {
        // Logits and probabilities have no common scale.
        var comparable = group.All(t => t.Variant.What != Varied.Space);
        var own = group[0].Own;
        return Rows(own.Sizes, t => t.Sizes).Concat(Rows(own.Means, t => t.Means));

        IEnumerable<Estimate> Rows(Estimate[] given, Func<Measured, Estimate[]> of) =>
            given.Select(
                (e, f) =>
                {
                    Estimate[] all = [e, .. group.Select(t => of(t.Other)[f])];
                    return e.Bare(SensitivityEstimands.Band + e.Estimand) with
                    {
                        Method = method,
                        Value = e.Value,
                        Low = comparable ? all.Min(a => a.Value) : double.NaN,
                        High = comparable ? all.Max(a => a.Value) : double.NaN,
                        Interval = comparable ? Stability.Range : "",
                        Rank = e.Rank,
                        RankLow = all.Min(a => a.Rank),
                        RankHigh = all.Max(a => a.Rank),
                    };
                }
            );
    }

    private string Suffix(string method) => context.Plan.PerRow.Count > 1 ? $":{method}" : "";
}
