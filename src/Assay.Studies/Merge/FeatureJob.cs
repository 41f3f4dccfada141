using Assay.Statistics;

namespace Assay.Studies;

/// <summary>An estimate with the replicates from which ranks are made (float: only their order is used).</summary>
internal sealed record Replicated(Estimate Estimate, int Segment, float[] Replicates)
{
    public static Replicated Of(Estimate estimate, int segment, double[] replicates) =>
        new(estimate, segment, Array.ConvertAll(replicates, v => (float)v));
}

/// <summary>
/// All importances of one feature (or other player) on one split: reads its column of the attributions and its columns
/// of the scores, sums them by cluster and segment, and bootstraps.
/// </summary>
internal sealed class FeatureJob(StudyPlan plan, SplitData data, string head, IReadOnlyList<MetricSums?> original)
{
    private readonly EstimateMaker maker = new(data, head);
    private readonly ExchangeJob exchanges = new(plan, data, head, original);

    public List<Replicated> Run(int unit)
    {
        var results = new List<Replicated>();
        var isFeature = unit < plan.Features.Count;
        var name = plan.Units[unit];
        var group = isFeature ? plan.Features[unit].Entry.Group ?? "" : "";
        for (var m = 0; isFeature && m < plan.PerRow.Count; m++)
            Attributions(results, m, data.BlockColumn(plan.AttributionPath, BlockColumns.Attribution(plan, m, name)));
        if (isFeature && plan.HasSage)
            exchanges.Sage(results, name);
        var shares = plan.Lacking.Contains(name)
            ? PresenceShares.Add(results, plan, data, head, new Player(name, [unit]))
            : null;
        foreach (var exchange in plan.Exchanges)
            if (exchange.Players.FirstOrDefault(p => p.Name == name) is { } player)
                exchanges.Run(results, exchange, player, shares);
        return [.. results.Select(r => r with { Estimate = r.Estimate with { Feature = name, Group = group } })];
    }

    private void Attributions(List<Replicated> results, int number, float[] column)
    {
        for (var s = 0; s < data.Segments.Count; s++)
        {
            var segment = data.Segments[s];
            if (!data.IsShown(segment))
                continue;
            var n = segment.Clusters.Length;
            var sums = new double[2 * n];
            for (var i = 0; i < segment.Rows.Length; i++)
            {
                var weighted = segment.Weights[i] * column[segment.Rows[i]];
                sums[segment.Local[i]] += Math.Abs(weighted);
                sums[n + segment.Local[i]] += weighted;
            }
            var count = data.Bootstrap.Replicates;
            var replicates = new double[2 * count];
            data.Bootstrap.Sums(segment.Clusters, sums, replicates);
            var weights = segment.Replicates.AsSpan(5 * count, count);
            var total = segment.Total(5);
            for (var k = 0; k < 2; k++)
            {
                var own = replicates.AsSpan(k * count, count).ToArray();
                for (var r = 0; r < count; r++)
                    own[r] = weights[r] == 0 ? double.NaN : own[r] / weights[r];
                var influence = ClusterStandardError.Influence([
                    new(sums[(k * n)..((k + 1) * n)], segment.Denominator(5).ToArray()),
                ]);
                var range = k == 0 ? EstimateMaker.Range.AtLeastZero : EstimateMaker.Range.Any;
                var method = plan.PerRow[number].Id;
                var value = System.Numerics.Tensors.TensorPrimitives.Sum<double>(sums.AsSpan(k * n, n)) / total;
                var estimand = k == 0 ? Estimands.MeanAbsAttribution : Estimands.MeanAttribution;
                var size = k == 0;
                var drawn = SplitData.Drawn(
                    segment,
                    value,
                    own,
                    influence,
                    () =>
                        RowInfluence.OfMean(
                            [.. segment.Rows.Select(r => (double)(size ? Math.Abs(column[r]) : column[r]))],
                            segment.Weights
                        )
                );
                var estimate = maker.Make(segment, estimand, method, drawn, k == 1, range) with
                {
                    Space = plan.Study.Space,
                    Baseline = plan.Study.Baseline.Name,
                };
                results.Add(Replicated.Of(estimate, s, drawn.Replicates));
            }
        }
    }
}
