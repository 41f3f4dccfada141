using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Studies;
using Assay.Training;

namespace Assay.Benchmarks;

/// <summary>One epoch of training, and beside each step the forward pass of the untouched file over the same rows.</summary>
internal static class TrainingSpeed
{
    public const string Header =
        "| model | steps | forward µs | step µs | ratio of medians | ratio of sums | forward rows/s | training rows/s |\n|---|---:|---:|---:|---:|---:|---:|---:|";

    private const int BatchRows = 1024;
    private const int InTurn = 16;
    private const int WarmUp = 100;

    /// <param name="path">A model, its dictionary beside it.</param>
    /// <param name="data">Rows with the column <paramref name="label"/>.</param>
    /// <param name="label">The labels.</param>
    /// <param name="steps">Steps at most; null for the whole epoch.</param>
    public static void Run(string path, string data, string label, int? steps)
    {
        var model = OnnxModel.Load(path);
        var dictionary = FeatureDictionary.Load(Path.ChangeExtension(path, ".features.json"));
        var rows = LabelledRows.Read(DataSource.FromFile(data), dictionary.Bind([.. model.Graph.Inputs]), label);
        var training = new TrainingRows(rows.Feeds, rows.Labels);
        var fit = new RetrainOptions();
        using var plain = Session.Open(model);
        using var run = Retraining.Start(model, training, fit);
        var picker = new RowPicker(training);
        var order = new Statistics.CounterRandom(1, "benchmark order").Permutation(training.Count);
        var count = Math.Min(steps ?? int.MaxValue, training.Count / BatchRows);
        var (forward, step) = (new double[count], new double[count]);
        // Until the compiler has seen what is hot.
        for (var k = 0; k < WarmUp; k++)
            run.Step(Batch(k % count), fit.Training.LearningRate);
        // In turns, so that whatever else the machine does falls on both; several of a kind, as an epoch has them.
        for (var start = 0; start < count; start += InTurn)
        {
            var end = Math.Min(start + InTurn, count);
            // The first of each turn warms the caches.
            for (var k = start - 1; k < end; k++)
            {
                var feeds = picker.Pick(Batch(k)).Feeds;
                Time(forward, k, start, () => plain.Run(feeds));
            }
            for (var k = start - 1; k < end; k++)
            {
                var batch = Batch(k);
                Time(step, k, start, () => run.Step(batch, fit.Training.LearningRate));
            }
        }
        var settle = new double[1];
        Time(settle, 0, 0, run.Settle);
        int[] Batch(int k) => order.AsSpan(Math.Max(k, 0) * BatchRows, BatchRows).ToArray();
        double Median(double[] x) => x.Order().ElementAt(x.Length / 2);
        Console.WriteLine(
            FormattableString.Invariant(
                $"| {Path.GetFileNameWithoutExtension(path)} | {count} | {Median(forward):F0} | {Median(step):F0} | {Median(step) / Median(forward):F2} | {(step.Sum() + settle[0]) / forward.Sum():F2} | {count * BatchRows * 1e6 / forward.Sum():N0} | {count * BatchRows * 1e6 / (step.Sum() + settle[0]):N0} |"
            )
        );
    }

    private static void Time(double[] times, int k, int first, Action action)
    {
        var start = ThreadClock.Now;
        action();
        if (k >= first)
            times[k] = ThreadClock.Now - start;
    }
}
