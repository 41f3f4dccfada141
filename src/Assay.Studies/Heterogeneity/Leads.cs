using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Whether the strongest feature of a segment surely leads. It must beat every other feature, so its p-value is the
/// largest of those against each of them (intersection–union, Berger 1982). Two-sided p-values pay for having picked the
/// leader from the same rows (Gutmann and Maymin 1987).
/// </summary>
internal static class Leads
{
    /// <summary>Which table of features a lead belongs to.</summary>
    public readonly record struct Place(string Estimand, string Method, string Dimension, string Segment);

    /// <summary>One row per segment (all rows too) and estimand: the leader's importance less the runner-up's.</summary>
    /// <param name="data">The split.</param>
    /// <param name="all">All importances of the split.</param>
    /// <param name="features">The features: neither groups nor positions, which overlap them.</param>
    /// <param name="maker">Makes estimates of the split.</param>
    /// <param name="leaders">Leaders found elsewhere, whose lead is tested here; null: those of this split.</param>
    public static IEnumerable<Estimate> Of(
        SplitData data,
        IEnumerable<Replicated> all,
        IReadOnlySet<string> features,
        EstimateMaker maker,
        IReadOnlyDictionary<Place, string>? leaders = null
    )
    {
        var tables = all.Where(r => Compared.Is(r.Estimate) && features.Contains(r.Estimate.Feature))
            .GroupBy(r => PlaceOf(r.Estimate));
        foreach (var table in tables)
        {
            Cell[] cells = [.. table.Select(r => new Cell(r.Estimate, data.Segments[r.Segment], r.Replicates))];
            var leader = leaders is null
                ? cells.MaxBy(c => c.Value)
                : cells.FirstOrDefault(c => leaders.GetValueOrDefault(table.Key) == c.Estimate.Feature);
            if (leader is not null && cells.Length > 1)
                yield return One(leader, cells, maker);
        }
    }

    public static Place PlaceOf(Estimate e) => new(e.Estimand, e.Method, e.Dimension, e.Segment);

    private static Estimate One(Cell leader, Cell[] cells, EstimateMaker maker)
    {
        Estimate[] leads =
        [
            .. cells
                .Where(c => c != leader)
                .Select(rival =>
                    maker.Make(
                        leader.Rows,
                        "",
                        "",
                        leader.Value - rival.Value,
                        Replicates.Combine([leader.Replicates, rival.Replicates], [1, -1]),
                        tested: true
                    )
                ),
        ];
        var closest = leads.MinBy(e => e.Value)!;
        return leader.Estimate.Bare(Estimands.Lead + leader.Estimate.Estimand) with
        {
            Value = closest.Value,
            StandardError = closest.StandardError,
            Low = leads.Min(e => e.Low),
            High = closest.High,
            Interval = closest.Interval,
            PValue = leads.Max(e => e.Value > 0 ? e.PValue : 1),
        };
    }
}
