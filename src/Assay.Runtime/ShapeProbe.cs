using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>
/// Finds the shapes of a graph's values by measuring: the graph is run twice with all of them as outputs, and with other
/// sizes of its symbolic dimensions each time. A dimension that stays is static, one that moves as a symbol does is
/// that symbol, and any other is unknown.
/// </summary>
public static class ShapeProbe
{
    /// <summary>
    /// Measures every top-level value of <paramref name="model"/>. Feeds are zeros (floats 0.5), or
    /// <paramref name="sample"/> tiled to the size tried. Where the graph runs at no size, only inputs and initialisers
    /// are known, as declared. Values inside subgraphs are not measured.
    /// </summary>
    public static ShapeTable Measure(OnnxModel model, IReadOnlyDictionary<string, TensorData>? sample = null)
    {
        var table = Declared(model);
        foreach (var plan in SymbolPlan.Candidates(model, sample))
            if (TryMeasure(model, plan, sample, table))
                break;
        return table;
    }

    private static ShapeTable Declared(OnnxModel model)
    {
        var table = ShapeTable.Empty;
        foreach (var tensor in model.Proto.Graph.Initializer)
            table.Set(tensor.Name, new((DataType)tensor.DataType, [.. tensor.Dims.Select(Dim.Of)]));
        foreach (var input in model.Graph.Inputs)
            if (input.Shape() is { } shape)
                table.Set(input.Name, new(input.ElementType(), DeclaredDims(shape, input.Symbols()!)));
        return table;
    }

    private static Dim[] DeclaredDims(long?[] shape, string?[] symbols) =>
        [
            .. shape.Select(
                (d, i) =>
                    d is { } size ? Dim.Of(size)
                    : symbols[i] is { } name ? Dim.Named(name)
                    : Dim.Unknown
            ),
        ];

    private static bool TryMeasure(
        OnnxModel model,
        SymbolPlan plan,
        IReadOnlyDictionary<string, TensorData>? sample,
        ShapeTable table
    )
    {
        IReadOnlyDictionary<string, (DataType Type, long[] Dims)> first,
            second;
        try
        {
            using var run = new MeasuringRun(model);
            first = run.Run(plan.Feeds(0, sample));
            second = plan.IsStatic ? first : run.Run(plan.Feeds(1, sample));
        }
        catch (AssayException e) when (!TimeLimit.Ended(e))
        {
            return false;
        }
        var doubtful = DataDependence.Find(model.Graph);
        foreach (var name in model.Graph.Nodes.SelectMany(n => n.Output).Concat(plan.Inputs))
            if (first.TryGetValue(name, out var a) && second.TryGetValue(name, out var b))
                if (a.Dims.Length == b.Dims.Length)
                    table.Set(name, new ValueShape(a.Type, [.. a.Dims.Select((d, i) => plan.Identify(d, b.Dims[i]))]));
        doubtful.Withdraw(model.Graph, table);
        return true;
    }
}
