using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Writes RNN, GRU and LSTM over a known number of steps out in matrix products and activations, by the formulas of the
/// ONNX specification. Sequence lengths, constant or not, become masks.
/// </summary>
internal static class RecurrentUnroll
{
    private static readonly HashSet<string> Activations = ["Sigmoid", "Tanh", "Relu", "Softplus", "Softsign"];

    /// <summary>Unrolls what can be; returns whether anything was. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset)
    {
        if (opset < OperatorForms.ParametersAsInputSince("Split"))
            return false;
        var found = false;
        foreach (var node in graph.Nodes.Where(n => n.OpType is "RNN" or "GRU" or "LSTM").ToArray())
            if (Layer(shapes, node) is { } layer)
            {
                graph.Remove(node);
                Unroll(new Emitter(graph, opset, shapes.TryGet(node.Input[0])!.Type, "unrolled"), layer);
                found = true;
            }
        return found;
    }

    private static RecurrentLayer? Layer(ShapeTable shapes, NodeProto node)
    {
        var directions = node.Text("direction", "forward") == "bidirectional" ? 2 : 1;
        var defaults = node.OpType switch
        {
            "RNN" => new[] { "Tanh" },
            "GRU" => ["Sigmoid", "Tanh"],
            _ => ["Sigmoid", "Tanh", "Tanh"],
        };
        var given = node.Attribute("activations")?.Strings.Select(s => s.ToStringUtf8()).ToArray() ?? [];
        var activations = given.Length > 0 ? given : [.. Enumerable.Repeat(defaults, directions).SelectMany(d => d)];
        if (
            shapes.TryGet(node.Input[0])?.Dims is not [{ Size: { } steps }, _, _]
            || steps is < 1 or > StaticLoops.MaximumSteps
            || shapes.TryGet(node.Input[2])?.Dims is not [_, _, { Size: { } hidden }]
            || node.Int("layout", 0) != 0
            || node.Attribute("clip") is not null
            || activations.Length != directions * defaults.Length
            || !activations.All(Activations.Contains)
        )
            return null;
        return new RecurrentLayer(node, (int)steps, hidden, directions, activations);
    }

    private static void Unroll(Emitter e, RecurrentLayer layer)
    {
        var n = layer.Node;
        var results = Enumerable
            .Range(0, layer.Directions)
            .Select(d => RecurrentSteps.Run(e, layer, d, d == 1 || n.Text("direction", "") == "reverse"))
            .ToArray();
        Named(e, n, 0, 1, results.Select(r => e.Concat([.. r.Outputs.Select(o => e.Unsqueeze(o, 0, 1))], 0)));
        Named(e, n, 1, 0, results.Select(r => e.Unsqueeze(r.State, 0)));
        if (n.OpType == "LSTM")
            Named(e, n, 2, 0, results.Select(r => e.Unsqueeze(r.Cell!, 0)));
    }

    private static void Named(Emitter e, NodeProto n, int output, long axis, IEnumerable<string> directions)
    {
        if (n.Output.Count > output && n.Output[output].Length > 0)
            e.Named(n.Output[output], "Concat", [.. directions], ("axis", axis));
    }
}

/// <summary>A recurrent node and what it takes to unroll it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Steps">Length of the sequence.</param>
/// <param name="Hidden">Size of the state.</param>
/// <param name="Directions">1 or 2.</param>
/// <param name="Activations">Those of each direction after another.</param>
internal sealed record RecurrentLayer(NodeProto Node, int Steps, long Hidden, int Directions, string[] Activations)
{
    /// <summary>Part of an operand that belongs to one direction, without that dimension; null where left out.</summary>
    public string? Part(Emitter e, int input, int direction)
    {
        if (Node.InputAt(input) is not { Length: > 0 } value)
            return null;
        var part = Directions == 1 ? value : e.Slice(value, [direction], [direction + 1], [0]);
        return e.Squeeze(part, 0);
    }

    /// <summary>An activation of a direction.</summary>
    public string Activate(Emitter e, int direction, int which, string value) =>
        e.Node(Activations[direction * (Activations.Length / Directions) + which], [value]);
}
