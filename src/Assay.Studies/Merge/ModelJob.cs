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
        var drawn = metric.Drawn(data, segment);
        return
        [
            .. Estimands.Qualities.Select(
                (q, i) =>
                    maker.Make(
                        segment,
                        q + suffix,
                        method,
                        drawn[i],
                        tested: suffix != "",
                        suffix != "" ? EstimateMaker.Range.Any
                            : q == Estimands.LogLoss ? EstimateMaker.Range.AtLeastZero
                            : EstimateMaker.Range.Share
                    )
            ),
        ];
    }

    // Of the bins' gaps only what is more than their noise counts; the bins are those of the sample.
    private Estimate Calibration(SegmentRows segment)
    {
        var probabilities = Array.ConvertAll(segment.Take(data.Score), z => 1 / (1 + Math.Exp(-z)));
        var bin = EqualMassBins(probabilities);
        var n = segment.Clusters.Length;
        var gaps = new double[Bins * n];
        var rows = new double[Bins * n];
        for (var i = 0; i < bin.Length; i++)
        {
            gaps[bin[i] * n + segment.Local[i]] += probabilities[i] - segment.Labels[i];
            rows[bin[i] * n + segment.Local[i]]++;
        }
        var filled = Enumerable.Range(0, Bins).Where(b => bin.Contains(b)).ToArray();
        var observed = new double[filled.Length];
        var weights = new double[filled.Length];
        var influence = new double[filled.Length][];
        for (var k = 0; k < filled.Length; k++)
        {
            var own = new RatioColumns(
                gaps[(filled[k] * n)..((filled[k] + 1) * n)],
                rows[(filled[k] * n)..((filled[k] + 1) * n)]
            );
            var weight = weights[k] = Math.Sqrt(own.Denominators.Sum() / bin.Length);
            observed[k] = weight * ClusterStandardError.Ratio(own.Numerators, own.Denominators);
            influence[k] = Array.ConvertAll(ClusterStandardError.Influence([own]), u => weight * u);
        }
        double[] ByRow(int k) =>
            RowInfluence.OfMean([
                .. probabilities.Select((p, i) => bin[i] == filled[k] ? p - segment.Labels[i] : double.NaN),
            ]);
        var covariance = segment.Items is { } items
            ? items.Covariance([.. filled.Select((_, k) => Array.ConvertAll(ByRow(k), u => weights[k] * u))])
            : Covariance(influence);
        n = segment.Draws;
        var (value, error, interval) = VectorLength.Of(observed, covariance);
        return maker.Empty(segment, Estimands.CalibrationError, "model") with
        {
            Value = value,
            StandardError = n < 2 ? double.NaN : error,
            Low = n < 2 ? double.NaN : interval.Low,
            High = n < 2 ? double.NaN : interval.High,
            Interval = n < 2 ? "" : "χ²",
        };
    }

    private static double[,] Covariance(double[][] influence)
    {
        var covariance = new double[influence.Length, influence.Length];
        for (var i = 0; i < influence.Length; i++)
        for (var j = 0; j < influence.Length; j++)
        {
            double n = influence[i].Length;
            covariance[i, j] =
                n / (n - 1.0) * System.Numerics.Tensors.TensorPrimitives.Dot<double>(influence[i], influence[j]);
        }
        return covariance;
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
