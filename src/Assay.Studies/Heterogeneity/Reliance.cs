namespace Assay.Studies;

/// <summary>One importance of one feature in one segment, with its replicates.</summary>
internal sealed record Cell(Estimate Estimate, SegmentRows Rows, float[] Replicates)
{
    public double Value => Estimate.Value;
    public double Error => Estimate.StandardError;
}

/// <summary>One importance of one feature in all shown segments of a dimension: what is compared.</summary>
/// <param name="Data">The split.</param>
/// <param name="Cells">At least two, in the order of the segments.</param>
/// <param name="Disjoint">Whether no cluster, of either kind, lies in two of the segments.</param>
internal sealed record Reliance(SplitData Data, IReadOnlyList<Cell> Cells, bool Disjoint)
{
    public Estimate First => Cells[0].Estimate;

    /// <summary>The covariance of the segments' errors: the estimates' standard errors, and correlations of replicates.</summary>
    public double[,] Covariance()
    {
        var n = Cells.Count;
        var errors = Errors();
        var correlation = Disjoint ? null : Replicates.Correlation([.. Cells.Select(c => c.Replicates)]);
        var covariance = new double[n, n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            covariance[i, j] = i == j ? errors[i] * errors[i] : (correlation?[i, j] ?? 0) * errors[i] * errors[j];
        return covariance;
    }

    /// <summary>
    /// Standard errors above 0: a segment in which the feature does exactly nothing in every replicate gets the smallest
    /// error of the others, so that it is not taken for infinitely well known. All 0: null.
    /// </summary>
    public double[] Errors()
    {
        var least = Cells.Select(c => c.Error).Where(e => e > 0).DefaultIfEmpty(0).Min();
        return [.. Cells.Select(c => Math.Max(c.Error, least))];
    }

    /// <summary>Every importance of a split that has an error, by feature and dimension, where two segments or more are shown.</summary>
    public static IEnumerable<Reliance> Of(SplitData data, IEnumerable<Replicated> all)
    {
        var disjoint = data
            .Segments.GroupBy(s => s.Dimension)
            .ToDictionary(g => g.Key, g => AreDisjoint([.. g.Where(data.IsShown)]));
        return all.Where(r => Compared.Is(r.Estimate) && !double.IsNaN(r.Estimate.StandardError))
            .Where(r => r.Estimate.Dimension != SegmentBuilder.Overall)
            .GroupBy(r => (r.Estimate.Estimand, r.Estimate.Method, r.Estimate.Feature, r.Estimate.Dimension))
            .Where(g => g.Count() > 1)
            .Select(g => new Reliance(
                data,
                [.. g.Select(r => new Cell(r.Estimate, data.Segments[r.Segment], r.Replicates))],
                disjoint[g.Key.Dimension]
            ));
    }

    private static bool AreDisjoint(SegmentRows[] segments) =>
        AreDisjoint([.. segments.Select(s => s.Clusters)])
        && AreDisjoint([.. segments.Select(s => s.Items?.Items ?? [])]);

    private static bool AreDisjoint(int[][] clusters) =>
        clusters.SelectMany(c => c).Distinct().Count() == clusters.Sum(c => c.Length);
}

/// <summary>Which estimands are compared between segments.</summary>
internal static class Compared
{
    private static readonly string[] Loss =
    [
        Estimands.Permutation + Estimands.Auc,
        Estimands.Conditional + Estimands.Auc,
        Estimands.Sage,
        Estimands.TaylorLoss,
        Estimands.MeanAbsAttribution,
    ];

    /// <summary>
    /// Losses of AUC (of the logloss for methods that have no other) and mean |attribution|: of the qualities one, so that
    /// the family stays as small as the question.
    /// </summary>
    public static bool Is(Estimate e) => e.Feature.Length > 0 && e.Status == "ok" && Loss.Contains(e.Estimand);
}
