using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Points;

/// <summary>Ids that reach a table, a loop or a number in a way no point stands for.</summary>
internal sealed class Escapes(Graph graph, ShapeTable shapes, LabelledRegion region, string target)
    : PointGraph(graph, shapes, region)
{
    private readonly IReadOnlySet<NodeProto> reaching = graph.Reaching([target]);
    private readonly HashSet<string> seen = [];

    public void Check()
    {
        foreach (var value in Region.Values.Where(v => !IsFloat(v)))
            Follow(value, Region.Find(value)!.Positions);
    }

    // Masks, shapes and positions of what is already looked up stay those of the row; they are no way in.
    private void Follow(string value, InputElement[] elements)
    {
        if (!seen.Add(value))
            return;
        foreach (var node in Graph.Nodes.Where(n => reaching.Contains(n) && Subgraphs.Reads(n).Contains(value)))
        {
            if (node.Output.Any(o => Region.Find(o) is not null) || IsLookup(node) || IsMask(node))
                continue;
            if (IsUnfollowed(node, value))
                throw AssayException.Input(
                    $"Input {elements[0]} goes into {node.Describe()}, which is not recognised as a lookup of its own, so it cannot be attributed. "
                        + $"Methods that replace inputs still work: {UnsupportedOperator.StillWorks} (with a baseline given as rows)."
                );
            foreach (var output in node.Output.Where(o => o.Length > 0 && !IsFloat(o)))
                Follow(output, elements);
        }
    }

    private bool IsUnfollowed(NodeProto node, string value) =>
        node.OpType switch
        {
            "Gather" or "GatherND" or "GatherElements" => node.Input[0] != value && IsTable(node.Input[0]),
            "Cast" => IsFloat(node.Output[0]) && Region.Find(value) is null && !IsYesOrNo(value),
            "OneHot" => node.Input[0] == value,
            _ => !OnnxModel.IsStandard(node.Domain) || node.Subgraphs().Any(),
        };

    // Where a cast of labelled ids is not itself labelled, it makes a mask or a length of them.
    private bool IsMask(NodeProto node) =>
        LabelOperators.IsComparison(node.OpType)
        || node.OpType is "Shape" or "Size"
        || (node.OpType == "Cast" && node.Output.All(o => !IsFloat(o) && IsYesOrNo(o)));

    private bool IsYesOrNo(string value) => Shapes.TryGet(value)?.Type is TensorProto.Types.DataType.Bool;
}
