using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Layers;

/// <summary>
/// What a layer knows: ridge regressions from its units to each feature and to the label, fitted on one half of the rows and
/// judged on the other. Beside each stands the control task of Hewitt and Liang 2019 (arXiv 1909.03368): the same probe for
/// targets drawn at random, one draw for each distinct row, so that equal rows keep equal targets.
/// </summary>
internal sealed class LayerProbes(HoldoutSplit split, int[] controlOfRow)
{
    // More units than this cost much and are told apart by a random projection as well (Johnson and Lindenstrauss 1984).
    private const int MostColumns = 384;

    /// <summary>For each row the row whose targets it has in the control task.</summary>
    public static int[] Control(IReadOnlyDictionary<string, TensorData> rows, ulong seed)
    {
        var count = RowsOfInputs.Count(rows, "rows");
        var keys = new ulong[count];
        foreach (var (_, tensor) in rows.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            var width = tensor.Count / count;
            for (var at = 0; at < tensor.Count; at++)
                keys[at / width] = CounterRandom.UInt64At(
                    keys[at / width],
                    (ulong)(at % width),
                    StableHash.Of(tensor.Values.GetValue(at)!.ToString()!)
                );
        }
        return [.. keys.Select(k => CounterRandom.IntAt(seed, k, 0, count))];
    }

    /// <summary>A representation ready for probes.</summary>
    public Probe Prepare(double[] activations, int units)
    {
        var (values, width) =
            units <= MostColumns ? (activations, units) : (Projected(activations, units), MostColumns);
        return new Probe(
            RidgeProbe.Of(HoldoutSplit.Rows(values, width, split.Fit), split.Fit.Length),
            HoldoutSplit.Rows(values, width, split.Holdout)
        );
    }

    /// <summary>The held-out share of the variance of some targets that is explained, and that of the control.</summary>
    public (double Known, double Control) Explained(Probe probe, double[][] targets) =>
        (Share(probe, targets), Share(probe, [.. targets.Select(Shuffled)]));

    /// <summary>Held-out area under the curve for the label, its standard error, and the area of the control.</summary>
    public (double Auc, double Error, double Control) Label(Probe probe, double[] labels)
    {
        var (auc, error) = Auc(probe, labels);
        return (auc, error, Auc(probe, Shuffled(labels)).Auc);
    }

    private (double Auc, double Error) Auc(Probe probe, double[] labels) =>
        split.Auc(
            probe.Regression.Fit(HoldoutSplit.Rows(labels, 1, split.Fit)).Predict(probe.Holdout),
            HoldoutSplit.Rows(labels, 1, split.Holdout)
        );

    private double[] Shuffled(double[] target) => [.. controlOfRow.Select(r => target[r])];

    private double Share(Probe probe, double[][] targets)
    {
        double left = 0,
            total = 0;
        foreach (var target in targets)
        {
            var fit = HoldoutSplit.Rows(target, 1, split.Fit);
            var mean = fit.Sum() / fit.Length;
            var (least, most) = (fit.Min(), fit.Max());
            var predicted = probe.Regression.Fit(fit).Predict(probe.Holdout);
            for (var i = 0; i < predicted.Length; i++)
            {
                var actual = target[split.Holdout[i]];
                // A unit that was hardly ever active in the rows fitted on would carry a prediction out of all bounds.
                var error = actual - Math.Clamp(predicted[i], least, most);
                left += error * error;
                total += (actual - mean) * (actual - mean);
            }
        }
        return total > 0 ? 1 - left / total : double.NaN;
    }

    private static double[] Projected(double[] values, int units)
    {
        var rows = values.Length / units;
        var result = new double[rows * MostColumns];
        for (var u = 0; u < units; u++)
        for (var c = 0; c < MostColumns; c++)
        {
            var sign = CounterRandom.UInt64At(1, (ulong)u, (ulong)c) % 2 == 0 ? 1 : -1;
            for (var r = 0; r < rows; r++)
                result[r * MostColumns + c] += sign * values[r * units + u];
        }
        return result;
    }

    /// <summary>A representation's regression on the rows to fit, and its values on the holdout.</summary>
    internal sealed record Probe(RidgeProbe Regression, double[] Holdout);
}
