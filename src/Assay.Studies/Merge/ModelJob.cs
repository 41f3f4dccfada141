using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The qualities of the model itself on one split, those of the floors, and the model's advantage over each.</summary>
internal sealed class ModelJob(SplitData data, string head)
{
    private const int Bins = 15;
    private readonly EstimateMaker maker = new(data, head);

    /// <summary>The model's metric sums per segment; null where the segment is hidden.</summary>
    public IReadOnlyList<MetricSums?> Original() =>
        [.. data.Segments.Select(s => data.IsShown(s) ? MetricSums.Of(s, data.Score) : null)];

    /// <summary>The estimates of one segment.</summary>
    public List<Estimate> Run(int segmentIndex, MetricSums? original, IReadOnlyList<Floor> floors)
    {
        var segment = data.Segments[segmentIndex];
        if (original is null)
            return
            [
                maker.Empty(segment, Estimands.Auc, "model") with
                {
                    Status = segment.Rows.Length == 0 || segment.HasBothClasses ? "too small" : "one class",
                },
            ];
        var results = Qualities(segment, original, "model", "");
        results.Add(Calibration(segment));
        foreach (var floor in floors)
        {
            var sums = MetricSums.Of(segment, floor.Logits);
            results.AddRange(Qualities(segment, sums, floor.Method, ""));
            results.AddRange(Qualities(segment, MetricSums.Loss(original, sums), floor.Method, Estimands.OverFloor));
        }
        return results;
    }

    private List<Estimate> Qualities(SegmentRows segment, MetricSums metric, string method, string suffix)
    {
        var sums = new double[MetricSums.Columns * data.Bootstrap.Replicates];
        data.Bootstrap.Sums(segment.Clusters, metric.Sums, sums);
        var replicates = metric.Replicate(segment, sums);
        return
        [
            .. Estimands.Qualities.Select(
                (q, i) => maker.Make(segment, q + suffix, method, metric.Values[i], replicates[i], tested: suffix != "")
            ),
        ];
    }

    // The bins are those of the sample; the error is biased upwards, so its interval is reflected at the estimate.
    private Estimate Calibration(SegmentRows segment)
    {
        var logits = segment.Take(data.Score);
        var probabilities = Array.ConvertAll(logits, z => 1 / (1 + Math.Exp(-z)));
        var bin = EqualMassBins(probabilities);
        var n = segment.Clusters.Length;
        var sums = new double[Bins * n];
        for (var i = 0; i < bin.Length; i++)
            sums[bin[i] * n + segment.Local[i]] += probabilities[i] - segment.Labels[i];
        var count = data.Bootstrap.Replicates;
        var replicated = new double[Bins * count];
        data.Bootstrap.Sums(segment.Clusters, sums, replicated);
        var rows = segment.Replicates.AsSpan(2 * count, count);
        var replicates = new double[count];
        for (var r = 0; r < count; r++)
        {
            for (var b = 0; b < Bins; b++)
                replicates[r] += Math.Abs(replicated[b * count + r]);
            replicates[r] = rows[r] == 0 ? double.NaN : replicates[r] / rows[r];
        }
        var value = CalibrationError.EqualMass(probabilities, segment.Labels, Bins);
        return maker.Make(segment, Estimands.CalibrationError, "model", value, replicates, tested: false, basic: true);
    }

    // The same bins as CalibrationError.EqualMassBins: ties go where the middle of their weight falls.
    internal static int[] EqualMassBins(double[] probabilities)
    {
        var order = Enumerable.Range(0, probabilities.Length).OrderBy(i => probabilities[i]).ToArray();
        var bins = new int[probabilities.Length];
        for (var start = 0; start < order.Length; )
        {
            var end = start + 1;
            while (end < order.Length && probabilities[order[end]] == probabilities[order[start]])
                end++;
            var bin = Math.Min(Bins - 1, (int)((start + (end - start) / 2.0) / order.Length * Bins));
            for (var i = start; i < end; i++)
                bins[order[i]] = bin;
            start = end;
        }
        return bins;
    }
}
