using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Layers;

/// <summary>What a feature is worth for the label: what the score gains by it, and what the score leaves in it.</summary>
internal sealed class FeatureWorth(
    ExplainedModel model,
    HoldoutSplit split,
    IReadOnlyDictionary<string, TensorData> feeds,
    double[] logits,
    double[] labels,
    ulong seed
)
{
    private const int Repeats = 2;
    private readonly double[] heldLabels = HoldoutSplit.Rows(labels, 1, split.Holdout);
    private readonly double[] heldLogits = HoldoutSplit.Rows(logits, 1, split.Holdout);

    /// <summary>The loss that permuting the feature among the holdout's rows adds, nats per row, and its standard error.</summary>
    public (double Mean, double Error) Permuted(FeatureSlot feature)
    {
        var before = Losses(heldLogits);
        var change = new double[before.Length];
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var donors = new CounterRandom(seed, $"layers permutation {feature.Name}", (ulong)repeat).Permutation(
                split.Holdout.Length
            );
            var after = Losses(model.Score(Donated(feature, donors)));
            for (var i = 0; i < change.Length; i++)
                change[i] += (after[i] - before[i]) / Repeats;
        }
        return split.Mean(change);
    }

    /// <summary>
    /// The loss that one Newton step of the logits along the feature takes off, nats per row: the step is fitted to the
    /// residual label − σ(logit) on one half of the rows and measured on the other. Also the correlation of the step with
    /// the feature's attributions: −1 where it takes back what the score gives, NaN where the score gives nothing.
    /// </summary>
    /// <param name="predictors">Columns made of the feature.</param>
    /// <param name="attributions">Its attributions in the first rows of the half fitted on.</param>
    public (double Mean, double Error, double Agreement) Left(double[][] predictors, double[] attributions)
    {
        var width = predictors.Length;
        var matrix = new double[labels.Length * width];
        for (var c = 0; c < width; c++)
        for (var r = 0; r < labels.Length; r++)
            matrix[r * width + c] = predictors[c][r];
        var residuals = new double[split.Fit.Length];
        var curvature = 0.0;
        for (var i = 0; i < residuals.Length; i++)
        {
            var p = Sigmoid(logits[split.Fit[i]]);
            residuals[i] = labels[split.Fit[i]] - p;
            curvature += p * (1 - p) / residuals.Length;
        }
        var probe = RidgeProbe.Of(HoldoutSplit.Rows(matrix, width, split.Fit), split.Fit.Length);
        var held = HoldoutSplit.Rows(matrix, width, split.Holdout);
        // What is wrong on average is a matter of calibration, not of the feature.
        var offset = residuals.Sum() / residuals.Length;
        var fit = probe.Fit(residuals);
        var step = fit.Predict(held);
        var corrected = heldLogits.Select((z, i) => z + (step[i] - offset) / Math.Max(1e-6, curvature)).ToArray();
        var (before, after) = (Losses(heldLogits), Losses(corrected));
        var (mean, error) = split.Mean([.. before.Zip(after, (b, a) => b - a)]);
        var rows = split.Fit[..attributions.Length];
        return (mean, error, Correlation(fit.Predict(HoldoutSplit.Rows(matrix, width, rows)), attributions));
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double ab = 0,
            aa = 0,
            bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        // Rounding is no attribution.
        return aa > 0 && bb > 1e-10 * b.Length ? ab / Math.Sqrt(aa * bb) : double.NaN;
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private double[] Losses(double[] scores)
    {
        var losses = new double[scores.Length];
        LogLoss.Rows(scores, heldLabels, losses);
        return losses;
    }

    private Dictionary<string, TensorData> Donated(FeatureSlot feature, int[] donors)
    {
        var held = new Runtime.RowBatch().Take(feeds, split.Holdout, split.Holdout.Length);
        var result = new Dictionary<string, TensorData>(held);
        foreach (var elements in feature.Elements.GroupBy(e => e.Input))
        {
            var source = held[elements.Key];
            var values = (Array)source.Values.Clone();
            var width = source.Count / donors.Length;
            foreach (var element in elements)
                for (var r = 0; r < donors.Length; r++)
                    Array.Copy(
                        source.Values,
                        donors[r] * width + element.Element,
                        values,
                        r * width + element.Element,
                        1
                    );
            result[elements.Key] = TensorData.Create(source.Type, source.Dims, values);
        }
        return result;
    }
}
