using Assay.Gradients;
using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies;

/// <summary>A user's network with a cross: the pair of levels of two features looks up a number that is added to the logit.</summary>
internal static class CrossedModel
{
    // Where, Less and Flatten of all types came with opset 9.
    private const int LowestOpset = 9;

    /// <summary>The name of the table, an initialiser [levels, levels].</summary>
    public static string TableOf(CrossCoding a, CrossCoding b) =>
        $"cross/{a.Feature.Entry.Name}*{b.Feature.Entry.Name}";

    /// <summary>
    /// The first rows of the table are never read: fits hold rows of padding ids at 0, and these are such rows.
    /// </summary>
    public static int FirstRow(IEnumerable<FeatureEntry> features) =>
        1 + (int)features.Select(f => f.PaddingId ?? 0).Append(0).Max();

    /// <summary>A copy of the model with the cross; with a table of zeros it says what the model says, bit for bit.</summary>
    /// <param name="model">The model, which is not changed.</param>
    /// <param name="head">NAME or NAME[k]; null for the first.</param>
    /// <param name="a">The levels of the first feature.</param>
    /// <param name="b">The levels of the second.</param>
    /// <param name="firstRow">The table's row of the first cell.</param>
    /// <param name="effects">The effect of each cell, the second feature's levels running faster; null: zeros.</param>
    /// <exception cref="AssayException">Input: the head's logit has no shape to add to.</exception>
    public static OnnxModel From(
        OnnxModel model,
        string? head,
        CrossCoding a,
        CrossCoding b,
        int firstRow,
        double[]? effects = null
    )
    {
        var copy = model.Opset < LowestOpset ? OpsetUpgrade.Raise(model, LowestOpset) : model.Clone();
        var (logit, rank, columns, column) = Logit(copy, head);
        var emit = new Emitter(copy.Graph, copy.Opset, DataType.Float, "cross");
        var cross = new CrossEffect(emit, a, b, firstRow);
        copy.Graph.SetInitialiser(TableOf(a, b), cross.Table(effects));
        var effect = cross.Emit(TableOf(a, b));
        if (rank == 1)
            effect = emit.Reshape(effect, -1);
        else if (columns > 1)
            effect = emit.Mul(
                effect,
                emit.Constant(
                    TensorData.From([.. Enumerable.Range(0, columns).Select(k => k == column ? 1f : 0f)], 1, columns)
                )
            );
        Insert(copy.Graph, emit, logit, effect);
        copy.Graph.SortTopologically();
        return copy;
    }

    /// <summary>The value that holds the logit in the user's own graph: what the last sigmoid reads, else the output.</summary>
    private static (string Value, int Rank, int Columns, int Column) Logit(OnnxModel model, string? head)
    {
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        var resolved = Head.Resolve(prepared, shapes, head, Space.Logit);
        var value = resolved.Output;
        while (model.Graph.Producer(value) is { } node)
        {
            if (node.OpType == "Sigmoid")
            {
                value = node.Input[0];
                break;
            }
            if (node.OpType is not ("Identity" or "Squeeze" or "Unsqueeze" or "Reshape" or "Flatten" or "Cast"))
            {
                value = resolved.Output;
                break;
            }
            value = node.Input[0];
        }
        var ends = model.Graph.Producer(value) is null || (resolved.IsProbability && value == resolved.Output);
        var dims = shapes.TryGet(value)?.Dims;
        int? columns =
            dims is { Length: 1 } ? 1
            : dims is { Length: 2 } && dims[1].Size is { } size ? (int)size
            : null;
        if (ends || columns is null)
            throw AssayException.Input(
                $"Cannot add a cross to head '{resolved.Name}': its logit is not a value [rows] or [rows, columns] of the graph; export the model with the logit as an output."
            );
        return (value, dims!.Length, columns.Value, resolved.Column);
    }

    private static void Insert(Graph graph, Emitter emit, string logit, string effect)
    {
        if (graph.Outputs.Any(o => o.Name == logit))
        {
            // The output keeps its name; what reads it reads the sum.
            var producer = graph.Producer(logit)!;
            graph.Remove(producer);
            var inner = graph.FreshName("cross/without");
            producer.Output[producer.Output.IndexOf(logit)] = inner;
            graph.Add(producer);
            emit.Named(logit, "Add", [inner, effect]);
            return;
        }
        var sum = emit.Add(logit, effect);
        graph.ReplaceUses(logit, sum, graph.Producer(sum)!);
    }
}
