using Assay.Attribution;
using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Benchmarks;

/// <summary>A model opened twice: as it is, and as the one graph that scores and explains by gradient × input.</summary>
internal sealed class Subject : IDisposable
{
    private readonly OnnxModel model;
    private readonly Session plain;
    private readonly Session explained;
    private readonly HashSet<string> read;
    private readonly TensorData present;

    public Subject(OnnxModel model)
    {
        this.model = model;
        var features = FeatureSlot.FromInputs(model);
        var (prepared, measured) = ModelPreparation.Prepare(model);
        var head = Head.Resolve(prepared, measured, null, Space.Logit);
        var shapes = ShapeProbe.Measure(prepared);
        var points = AttributionPoints.Find(prepared, shapes, EntryPoint.Raw);
        var owners = FeatureSlot.Owners(features);
        points = BagPooling.Pool(
            points,
            prepared.Graph,
            shapes,
            p => p.Positions.Select(e => owners.GetValueOrDefault(e, -1)).Distinct().ToArray() is [>= 0]
        );
        points = PointMerging.Merge(points, prepared.Graph, shapes, head.Value);
        var rewritten = new PointGraph(
            prepared,
            shapes,
            DataType.Float,
            points,
            features,
            new GraphBaseline(null, Rows: false)
        );
        var graph = AttributionGraph.Build(rewritten, head, Weighting.Input);
        (plain, explained) = (Session.Open(model), Session.Open(graph));
        read = [.. graph.Graph.Inputs.Select(i => i.Name)];
        present = TensorData.From(Enumerable.Repeat(1f, features.Count).ToArray(), 1, features.Count);
    }

    /// <summary>Rows of ids below <paramref name="ids"/> and of numbers in [0, 1), counted on from <paramref name="first"/>.</summary>
    public Dictionary<string, TensorData> Rows(int rows, int ids, int first = 0) =>
        model.Graph.Inputs.ToDictionary(
            i => i.Name,
            i =>
            {
                long[] dims = [rows, .. i.Shape()!.Skip(1).Select(d => d!.Value)];
                var count = dims.Aggregate(1L, (p, d) => p * d);
                var start = first * (count / rows);
                double Value(int k) =>
                    ElementTypes.IsFloat(i.ElementType()) ? (start + k) * 0.61803 % 1 : (start + k) * 7_919L % ids;
                return TensorData.From([.. Enumerable.Range(0, (int)count).Select(Value)], dims).Cast(i.ElementType());
            }
        );

    /// <summary>The untouched model, every output.</summary>
    public void Forward(Dictionary<string, TensorData> rows) => plain.Run(rows);

    /// <summary>Score and attributions of all features.</summary>
    public void Explain(Dictionary<string, TensorData> rows)
    {
        var feeds = rows.Where(r => read.Contains(r.Key)).ToDictionary();
        if (read.Contains(AttributionGraph.Present))
            feeds[AttributionGraph.Present] = present;
        explained.Run(feeds);
    }

    public void Dispose()
    {
        plain.Dispose();
        explained.Dispose();
    }
}
