using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Attribution.Layers;

/// <summary>What layers hold for some rows.</summary>
/// <param name="Pooled">For each layer rows × units; the mean over positions where there are some.</param>
/// <param name="Units">For each layer and unit what it did over all rows and positions.</param>
/// <param name="FittedUnits">The same over the rows to fit on alone, so that what follows from it can be measured on the others.</param>
/// <param name="Target">The head's target of each row.</param>
internal sealed record LayerActivations(
    double[][] Pooled,
    UnitTally[][] Units,
    UnitTally[][] FittedUnits,
    double[] Target
)
{
    private const int SliceRows = 1024;

    /// <summary>Runs rows through the model and reads all layers.</summary>
    public static LayerActivations Read(
        ExplainedModel model,
        IReadOnlyList<ModelLayer> layers,
        IReadOnlyDictionary<string, TensorData> feeds,
        IEnumerable<int> fit
    )
    {
        var count = RowsOfInputs.Count(feeds, "rows");
        using var evaluation = new Evaluation(Graph(model, layers), null);
        string[] outputs =
        [
            AttributionGraph.Target,
            .. layers.SelectMany((l, i) => new[] { Name(i, "value"), Name(i, "before") }),
        ];
        var pooled = layers.Select(l => new double[count * l.Units]).ToArray();
        var (tallies, fitted) = (Tallies(layers), Tallies(layers));
        var isFitted = new bool[count];
        foreach (var row in fit)
            isFitted[row] = true;
        var target = new double[count];
        for (var from = 0; from < count; from += SliceRows)
        {
            var rows = Math.Min(SliceRows, count - from);
            var slice = new RowBatch().Take(feeds, from, from + rows, rows);
            var values = evaluation.Run(slice, null, outputs);
            values[AttributionGraph.Target].ToDoubles().CopyTo(target, from);
            for (var i = 0; i < layers.Count; i++)
                Take(
                    layers[i],
                    values[Name(i, "value")].ToDoubles(),
                    values[Name(i, "before")].ToDoubles(),
                    pooled[i].AsSpan(from * layers[i].Units, rows * layers[i].Units),
                    tallies[i],
                    fitted[i],
                    isFitted.AsSpan(from, rows)
                );
        }
        return new(pooled, tallies, fitted, target);
    }

    private static UnitTally[][] Tallies(IReadOnlyList<ModelLayer> layers) =>
        [.. layers.Select(l => Enumerable.Range(0, l.Units).Select(_ => new UnitTally()).ToArray())];

    private static void Take(
        ModelLayer layer,
        double[] values,
        double[] before,
        Span<double> pooled,
        UnitTally[] tallies,
        UnitTally[] fitted,
        ReadOnlySpan<bool> isFitted
    )
    {
        for (var at = 0; at < values.Length; at++)
        {
            var unit = at % layer.Units;
            tallies[unit].Add(before[at], values[at]);
            if (isFitted[at / layer.Width])
                fitted[unit].Add(before[at], values[at]);
            pooled[at / layer.Width * layer.Units + unit] += values[at] / layer.Positions;
        }
    }

    private static OnnxModel Graph(ExplainedModel model, IReadOnlyList<ModelLayer> layers)
    {
        var copy = model.Prepared.Clone();
        var emit = new Emitter(copy.Graph, copy.Opset, model.Type);
        copy.Proto.Graph.Output.Clear();
        void Output(string name, string value)
        {
            emit.Named(name, "Identity", [value]);
            copy.Graph.AddOutput(new ValueInfoProto { Name = name });
        }
        Output(AttributionGraph.Target, model.Head.Value);
        for (var i = 0; i < layers.Count; i++)
        {
            Output(Name(i, "value"), layers[i].Value);
            Output(Name(i, "before"), layers[i].Before);
        }
        copy.Proto.Graph.ValueInfo.Clear();
        copy.Graph.PruneUnreachable();
        copy.Graph.SortTopologically();
        return copy;
    }

    private static string Name(int layer, string what) => $"assay/layer/{layer}/{what}";
}
