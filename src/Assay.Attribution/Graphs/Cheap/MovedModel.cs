using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>A model whose players can be moved: at its attribution points, or by replacing its inputs.</summary>
/// <param name="Model">A copy to work on; with points it reads <see cref="AttributionGraph.Present"/>.</param>
/// <param name="Labelled">Another copy, in which labels are computed.</param>
/// <param name="Sources">The values that players move, each with the value of the labelled copy that holds its players' numbers.</param>
/// <param name="Target">The value explained.</param>
/// <param name="Players">Number of players; their number itself labels what always stays the row's own.</param>
/// <param name="Type">Element type of the explained part.</param>
/// <param name="AtPoints">Whether the copy reads <see cref="AttributionGraph.Present"/>.</param>
internal sealed record MovedModel(
    OnnxModel Model,
    OnnxModel Labelled,
    IReadOnlyList<(string Value, string Labels)> Sources,
    string Target,
    int Players,
    DataType Type,
    bool AtPoints
)
{
    /// <summary>Players move what enters at the attribution points; what no player claims is labelled as nobody's.</summary>
    /// <param name="points">Makes a fresh copy of the model at its points, the same each time.</param>
    /// <param name="head">What is explained.</param>
    public static MovedModel OfPoints(Func<PointGraph> points, Head head)
    {
        var (model, labelled) = (Moved(points()), points());
        var values = Redirect(labelled);
        var sources = values.Select((v, i) => (v, Labels(labelled, i))).ToArray();
        return new(model, labelled.Model, sources, head.Value, labelled.Features.Count, labelled.Type, AtPoints: true);
    }

    /// <summary>Players take the place of inputs; what no player claims is labelled as always there.</summary>
    public static MovedModel OfInputs(
        OnnxModel prepared,
        IReadOnlyList<FeatureSlot> features,
        string target,
        DataType type
    )
    {
        var labelled = prepared.Clone();
        var emit = new Emitter(labelled.Graph, labelled.Opset, DataType.Float, "player");
        var owners = FeatureSlot.Owners(features);
        var sources = new List<(string, string)>();
        foreach (var input in labelled.Graph.Inputs.ToArray())
        {
            var dims = input.Shape()?.Skip(1).Select(d => d ?? 0).ToArray() ?? [];
            var count = (int)dims.Aggregate(1L, (p, d) => p * d);
            var numbers = Enumerable
                .Range(0, count)
                .Select(e => (float)owners.GetValueOrDefault(new(input.Name, e), features.Count));
            var row = emit.Constant(TensorData.From(numbers.ToArray(), [1, .. dims]));
            sources.Add((input.Name, emit.ExpandTo(row, emit.Shape(input.Name))));
        }
        return new(prepared.Clone(), labelled, sources, target, features.Count, type, AtPoints: false);
    }

    private static OnnxModel Moved(PointGraph points)
    {
        Redirect(points);
        return points.Model;
    }

    private static string[] Redirect(PointGraph points)
    {
        points.Model.Graph.AddInput(
            ValueInfos.Tensor(AttributionGraph.Present, points.Type, 1L, points.Features.Count)
        );
        var values = new string[points.Points.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = points.Moved(i, points.Difference(i), AttributionGraph.Mask(points, i)).Value;
            points.Model.Graph.ReplaceUses(points.Sources[i], values[i]);
        }
        return values;
    }

    private static string Labels(PointGraph points, int point)
    {
        var owners = points.Owners(point).Select(o => (float)o).ToArray();
        var row = points.Emit.Constant(TensorData.From(owners, 1, owners.Length, 1));
        return points.InShape(point, points.Emit.ExpandTo(row, points.Emit.Shape(points.Rows(point))));
    }
}
