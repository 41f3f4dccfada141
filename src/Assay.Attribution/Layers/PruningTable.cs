using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Attribution.Layers;

/// <summary>Prunes hidden units, and measures on the holdout what that does.</summary>
internal sealed class PruningTable(
    OnnxModel model,
    ExplainedModel explained,
    IReadOnlyList<ModelLayer> layers,
    LayerActivations activations,
    double[][] conductance,
    HoldoutSplit split,
    LayerStudySettings settings
)
{
    private static readonly double[] Shares = [0.1, 0.25, 0.5];
    private const int Timings = 5;

    private int[] Hidden =>
        [
            .. Enumerable
                .Range(0, layers.Count)
                .Where(i => layers[i] is { Kind: LayerKind.Dense, Activation: not null, Units: > 1 }),
        ];

    public IReadOnlyList<PruningResult> Measure(IReadOnlyDictionary<string, TensorData> rows, double[] labels)
    {
        var hidden = Hidden;
        // What is cut is the user's file, unless layers only came to be when it was prepared.
        var source = hidden.All(i => model.Graph.Defines(layers[i].Value)) ? model : Prepared();
        if (hidden.Length == 0)
            return [];
        var before = Score(source, rows);
        var results = new List<PruningResult>();
        void Try(string what, Func<int, int[]> pick)
        {
            var units = hidden.ToDictionary(i => i, pick);
            if (units.Values.All(u => u.Length == 0))
            {
                results.Add(Nothing(what, hidden, before, labels, source));
                return;
            }
            var pruned = source.Clone();
            var cut = 0;
            // The last layer first: what is added behind a layer has the size that the next one then has.
            foreach (var i in hidden.Reverse())
                if (
                    UnitPruning.Remove(pruned, layers[i], units[i], [.. activations.FittedUnits[i].Select(u => u.Mean)])
                )
                    cut += units[i].Length;
            results.Add(
                Result(
                    what,
                    units.Values.Sum(u => u.Length),
                    hidden,
                    cut,
                    before,
                    Score(pruned, rows),
                    labels,
                    (source, pruned)
                )
            );
        }
        Try("idle units (dead or constant)", Idle);
        foreach (var share in Shares)
            Try(
                FormattableString
                    .Invariant($"{share:P0} of each layer with the least conductance")
                    .Replace(" %", "%", StringComparison.Ordinal),
                i =>
                    [
                        .. Enumerable
                            .Range(0, layers[i].Units)
                            .OrderBy(u => conductance[i][u])
                            .Take((int)(share * layers[i].Units)),
                    ]
            );
        return results;
    }

    private int[] Idle(int layer) =>
        [
            .. Enumerable
                .Range(0, layers[layer].Units)
                .Where(u =>
                    activations.FittedUnits[layer][u].State(layers[layer].Activation)
                        is UnitState.Dead
                            or UnitState.Constant
                ),
        ];

    private OnnxModel Prepared()
    {
        var copy = explained.Prepared.Clone();
        copy.Graph.PruneUnreachable();
        return copy;
    }

    private (double[] Logits, double Seconds) Score(OnnxModel of, IReadOnlyDictionary<string, TensorData> rows)
    {
        using var scorer = Scorer.Open(of, settings.Head, settings.Space);
        var logits = scorer.Score(rows);
        var best = double.PositiveInfinity;
        for (var i = 0; i < Timings; i++)
        {
            var from = TimeProvider.System.GetTimestamp();
            scorer.Score(rows);
            best = Math.Min(best, TimeProvider.System.GetElapsedTime(from).TotalSeconds);
        }
        return (logits, best);
    }

    private PruningResult Nothing(
        string what,
        int[] hidden,
        (double[] Logits, double Seconds) before,
        double[] labels,
        OnnxModel source
    ) => Result(what, 0, hidden, 0, before, before, labels, (source, source));

    private PruningResult Result(
        string what,
        int units,
        int[] hidden,
        int cut,
        (double[] Logits, double Seconds) before,
        (double[] Logits, double Seconds) after,
        double[] labels,
        (OnnxModel Before, OnnxModel After) models
    )
    {
        var changes = before.Logits.Zip(after.Logits, (a, b) => Math.Abs(a - b)).ToArray();
        var (auc, was) =
            labels.Length == 0
                ? (double.NaN, double.NaN)
                : (split.Auc(after.Logits, labels).Value, split.Auc(before.Logits, labels).Value);
        return new PruningResult(
            what,
            units,
            hidden.Sum(i => layers[i].Units),
            cut,
            auc,
            auc - was,
            changes.Average(),
            changes.Max(),
            (models.Before.Proto.CalculateSize(), models.After.Proto.CalculateSize()),
            (before.Seconds, after.Seconds)
        );
    }
}
