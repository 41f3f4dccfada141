using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>
/// Widens the affine front by blocks: a product with constant weights of features joined by a Concat, only some of which are
/// affine on a path (embeddings beside a logarithm of a number), becomes the sum of two products, W·[a; b] = Wₐ·a + W_b·b,
/// the first of which stays in the front.
/// </summary>
public static class AffineBlocks
{
    /// <summary>Splits products between <paramref name="sources"/> and <paramref name="target"/>; changes the model.</summary>
    /// <param name="model">A sorted model; left sorted.</param>
    /// <param name="shapes">What is known of shapes; that of new values is added.</param>
    /// <param name="sources">The values that move.</param>
    /// <param name="target">The value whose front is wanted.</param>
    /// <param name="limits">What the front leaves out.</param>
    /// <returns>How many products were split.</returns>
    public static int Split(
        OnnxModel model,
        ShapeTable shapes,
        IReadOnlyList<string> sources,
        string target,
        AffineLimits? limits = null
    )
    {
        var graph = model.Graph;
        var front = AffineFront.Find(graph, sources, target, limits);
        var needed = graph.Reaching([target]);
        var split = 0;
        foreach (var node in graph.Nodes.Where(needed.Contains).ToArray())
            if (!front.Contains(node) && Blocks(graph, shapes, front, node) is { } blocks)
            {
                Split(model, shapes, node, blocks);
                split++;
            }
        if (split > 0)
            graph.SortTopologically();
        return split;
    }

    private sealed record Block(string Value, int From, int Width, bool Affine);

    // The parts of the product's left operand, where some but not all of them are affine and move.
    private static Block[]? Blocks(Graph graph, ShapeTable shapes, AffineFront front, NodeProto node)
    {
        if (!IsProduct(graph, node) || Parts(graph, shapes, node.Input[0]) is not { } parts)
            return null;
        var blocks = new List<Block>();
        var from = 0;
        foreach (var part in parts)
        {
            if (shapes.TryGet(part)?.Dims[^1].Size is not { } width)
                return null;
            blocks.Add(new(part, from, (int)width, !front.Moves(part) || front.Holds(part)));
            from += (int)width;
        }
        return blocks.Any(b => b.Affine && front.Moves(b.Value)) && blocks.Any(b => !b.Affine) ? [.. blocks] : null;
    }

    private static bool IsProduct(Graph graph, NodeProto node) =>
        OnnxModel.IsStandard(node.Domain)
        && (node.OpType == "MatMul" || (node.OpType == "Gemm" && node.Int("transA", 0) == 0))
        && graph.Constant(node.Input[1]) is { Dims.Length: 2 };

    private static IReadOnlyList<string>? Parts(Graph graph, ShapeTable shapes, string value)
    {
        if (graph.Producer(value) is not { OpType: "Concat" } concat || shapes.Rank(value) is not { } rank)
            return null;
        var axis = concat.Int("axis", 0);
        if (axis != -1 && axis != rank - 1)
            return null;
        return [.. concat.Input.SelectMany(i => Parts(graph, shapes, i) ?? [i])];
    }

    private static void Split(OnnxModel model, ShapeTable shapes, NodeProto node, Block[] blocks)
    {
        var graph = model.Graph;
        var weights = graph.Constant(node.Input[1])!;
        var emit = new Emitter(graph, model.Opset, weights.Type, "block");
        var output = node.Output[0];
        string Product(bool affine)
        {
            var own = blocks.Where(b => b.Affine == affine).ToArray();
            var joined = emit.Concat([.. own.Select(b => b.Value)], -1);
            if (shapes.TryGet(node.Input[0]) is { } shape)
                shapes.Set(joined, shape with { Dims = [.. shape.Dims[..^1], Dim.Of(own.Sum(b => b.Width))] });
            var part = node.Clone();
            part.Input[0] = joined;
            part.Input[1] = emit.Constant(Rows(weights, own, node.Int("transB", 0) == 1));
            // The bias belongs to one of the two.
            if (!affine && part.Input.Count > 2)
                part.Input.RemoveAt(2);
            part.Output[0] = part.Name = graph.FreshName("block/" + output);
            graph.Add(part);
            if (shapes.TryGet(output) is { } made)
                shapes.Set(part.Output[0], made);
            return part.Output[0];
        }
        var (front, behind) = (Product(true), Product(false));
        graph.Remove(node);
        if (Bias(graph, output) is not var (add, bias))
        {
            emit.Named(output, "Add", [front, behind]);
            return;
        }
        var biased = emit.Add(front, bias);
        if (shapes.TryGet(add.Output[0]) is { } sum)
            shapes.Set(biased, sum);
        graph.Remove(add);
        emit.Named(add.Output[0], "Add", [biased, behind]);
    }

    // A constant that is added to nothing but the product joins the front.
    private static (NodeProto Add, string Bias)? Bias(Graph graph, string product)
    {
        if (
            graph.Consumers(product) is not [{ OpType: "Add", Input.Count: 2 } add]
            || !OnnxModel.IsStandard(add.Domain)
            || graph.Outputs.Any(o => o.Name == product)
        )
            return null;
        var other = add.Input[0] == product ? add.Input[1] : add.Input[0];
        return graph.IsConstant(other) ? (add, other) : null;
    }

    // The rows of a matrix [k, n], or columns of its transpose, that belong to some blocks.
    private static TensorData Rows(TensorData weights, Block[] blocks, bool transposed)
    {
        var values = weights.ToDoubles();
        var (rows, columns) = ((int)weights.Dims[0], (int)weights.Dims[1]);
        var picked = blocks.SelectMany(b => Enumerable.Range(b.From, b.Width)).ToArray();
        var result = transposed
            ? Enumerable.Range(0, rows).SelectMany(r => picked.Select(k => values[r * columns + k]))
            : picked.SelectMany(k => values.AsSpan(k * columns, columns).ToArray());
        long[] dims = transposed ? [rows, picked.Length] : [picked.Length, columns];
        return TensorData.From(result.ToArray(), dims).Cast(weights.Type);
    }
}
