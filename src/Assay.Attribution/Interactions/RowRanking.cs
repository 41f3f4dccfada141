using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>The ranking of a method of rows: mean |interaction| over the rows, with an interval over clusters.</summary>
internal static class RowRanking
{
    public static InteractionRanking Of(RowInteractions rows, InteractionModel model, RowClusters clusters)
    {
        var settings = model.Settings;
        var bootstrap = clusters.Bootstrap(settings.Explain.Seed, settings.Replicates);
        var counts = clusters.Sums(_ => 1);
        var width = rows.Sets.Count;
        var ranked = new List<RankedInteraction>();
        for (var s = 0; s < width; s++)
        {
            if (rows.Sets[s].Count < 2)
                continue;
            var at = s;
            var sums = clusters.Sums(r => Math.Abs(rows.Values[r * width + at]));
            var replicates = bootstrap.Ratios(sums, counts);
            ranked.Add(
                new RankedInteraction(
                    rows.Sets[s],
                    ClusterStandardError.Ratio(sums, counts),
                    Intervals.BootstrapStandardError(replicates, clusters.Count),
                    Intervals.Percentile(replicates, clusters.Count, 1 - settings.Level)
                )
                {
                    Mean = ClusterStandardError.Ratio(clusters.Sums(r => rows.Values[r * width + at]), counts),
                }
            );
        }
        return new("mean |interaction|", rows.Rows, clusters.Count, InteractionRanking.Ordered(ranked))
        {
            Evaluations = rows.Evaluations?.Sum(e => (long)e) ?? 0,
        };
    }
}
