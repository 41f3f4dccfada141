using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Preparation;

/// <summary>
/// Writes the preprocessing operators of the domain <c>ai.onnx.ml</c>, as scikit-learn and ML.NET export them, in standard
/// ones: features are then found behind them and gradients go through. Encoders of strings stay, as ONNX Runtime
/// executes them; trees are left as they are.
/// </summary>
internal static class ClassicalOperators
{
    // Codes further apart than this are not listed one by one.
    private const long WidestRange = 1 << 20;

    /// <summary>Rewrites what can be, of the given version of the domain; returns whether anything was. The graph is left unsorted.</summary>
    public static bool Rewrite(Graph graph, ShapeTable shapes, int opset, long version)
    {
        if (opset < 13)
            return false;
        var found = false;
        foreach (var node in graph.Nodes.Where(n => n.Domain == "ai.onnx.ml").ToArray())
        {
            var emit = new Emitter(graph, opset, DataType.Float, "classical");
            if (Written(emit, shapes, node, version) is not { } value)
                continue;
            graph.Remove(node);
            emit.Named(node.Output[0], "Identity", [value]);
            found = true;
        }
        return found;
    }

    private static string? Written(Emitter e, ShapeTable shapes, NodeProto n, long version) =>
        n.OpType switch
        {
            "Scaler" => Scaler(e, n),
            "Imputer" => Imputer(e, shapes, n),
            "Normalizer" => Normalizer(e, shapes, n),
            "FeatureVectorizer" => FeatureVectorizer(e, shapes, n),
            "Binarizer" => Binarizer(e, shapes, n),
            "OneHotEncoder" => OneHotEncoder(e, n) ?? OneHotOfStrings(e, n, version),
            "LabelEncoder" => LabelEncoder(e, shapes, n),
            _ => null,
        };

    private static float[] Floats(NodeProto n, string name) => [.. n.Attribute(name)?.Floats ?? []];

    private static string Row(Emitter e, float[] values) => e.Constant(TensorData.From(values, values.Length));

    private static string? Scaler(Emitter e, NodeProto n)
    {
        var (offset, scale) = (Floats(n, "offset"), Floats(n, "scale"));
        if (offset.Length == 0 || scale.Length == 0)
            return null;
        return e.Mul(e.Sub(e.Cast(n.Input[0], DataType.Float), Row(e, offset)), Row(e, scale));
    }

    private static string? Imputer(Emitter e, ShapeTable shapes, NodeProto n)
    {
        var x = n.Input[0];
        var imputed = Floats(n, "imputed_value_floats");
        if (shapes.TryGet(x)?.Type is DataType.Int64 && n.Ints("imputed_value_int64s") is { Length: > 0 } whole)
        {
            var missing = e.Node("Equal", [x, e.Int64(n.Int("replaced_value_int64", 0))]);
            return e.Where(missing, e.Int64s(whole), x);
        }
        if (shapes.TryGet(x)?.Type is not DataType.Float || imputed.Length == 0)
            return null;
        var replaced = n.Float("replaced_value_float", 0);
        var isMissing = float.IsNaN(replaced) ? e.Node("IsNaN", [x]) : e.Node("Equal", [x, e.Scalar(replaced)]);
        return e.Where(isMissing, Row(e, imputed), x);
    }

    // The norm MAX is left: runtimes differ on whether it takes absolute values.
    private static string? Normalizer(Emitter e, ShapeTable shapes, NodeProto n)
    {
        var norm = n.Text("norm", "MAX");
        if (norm is not ("L1" or "L2") || shapes.Rank(n.Input[0]) != 2)
            return null;
        var x = e.Cast(n.Input[0], DataType.Float);
        var length = e.Reduce($"Reduce{norm}", x, [1], keepDims: true);
        return e.Div(x, e.Where(e.Node("Equal", [length, e.Scalar(0)]), e.Scalar(1), length));
    }

    private static string? FeatureVectorizer(Emitter e, ShapeTable shapes, NodeProto n)
    {
        var widths = n.Ints("inputdimensions");
        var fits = n.Input.Select(
            (x, i) => shapes.TryGet(x)?.Dims is [_, { Size: { } width }] && widths?.Length > i && widths[i] == width
        );
        return fits.All(f => f) ? e.Concat([.. n.Input.Select(x => e.Cast(x, DataType.Float))], 1) : null;
    }

    private static string? Binarizer(Emitter e, ShapeTable shapes, NodeProto n) =>
        shapes.TryGet(n.Input[0])?.Type is DataType.Float
            ? e.Cast(e.Node("Greater", [n.Input[0], e.Scalar(n.Float("threshold", 0))]), DataType.Float)
            : null;

    // Categories numbered in order; any other code gets a number past the last, whose row is all zeros.
    private static string? OneHotEncoder(Emitter e, NodeProto n)
    {
        if (n.Ints("cats_int64s") is not { Length: > 0 } categories || n.Int("zeros", 1) == 0)
            return null;
        var numbers = categories.Select((_, i) => (long)i).ToArray();
        var position = Mapped(e, n.Input[0], categories, numbers, categories.Length, TensorData.Int64s);
        if (position is null)
            return null;
        var values = e.Constant(TensorData.From([0f, 1], 2));
        return e.Node("OneHot", [position, e.Int64(categories.Length), values], ("axis", -1L));
    }

    // Numbered by an encoder, which stays; any other string gets the number past the last.
    private static string? OneHotOfStrings(Emitter e, NodeProto n, long version)
    {
        var categories = n.Attribute("cats_strings")?.Strings.Select(s => s.ToStringUtf8()).ToArray() ?? [];
        if (categories.Length == 0 || n.Int("zeros", 1) == 0 || version < 2)
            return null;
        var encoder = new NodeProto { OpType = "LabelEncoder", Domain = n.Domain };
        encoder.Input.Add(n.Input[0]);
        encoder.Name = e.Graph.FreshName("classical/LabelEncoder");
        encoder.Output.Add(encoder.Name);
        encoder.Set("keys_strings", categories);
        encoder.Set("values_int64s", categories.Select((_, i) => (long)i).ToArray());
        encoder.Set("default_int64", (long)categories.Length);
        e.Graph.Add(encoder);
        var values = e.Constant(TensorData.From([0f, 1], 2));
        return e.Node("OneHot", [encoder.Name, e.Int64(categories.Length), values], ("axis", -1L));
    }

    private static string? LabelEncoder(Emitter e, ShapeTable shapes, NodeProto n)
    {
        if (n.Ints("keys_int64s") is not { Length: > 0 } keys || shapes.TryGet(n.Input[0])?.Type is not DataType.Int64)
            return null;
        if (n.Ints("values_int64s") is { } whole && whole.Length == keys.Length)
            return Mapped(e, n.Input[0], keys, whole, n.Int("default_int64", -1), TensorData.Int64s);
        var values = Floats(n, "values_floats");
        return values.Length == keys.Length
            ? Mapped(e, n.Input[0], keys, values, n.Float("default_float", -0f), v => TensorData.From(v, v.Length))
            : null;
    }

    // A list of all codes from just below the smallest key to just above the largest, and each row's place in it.
    private static string? Mapped<T>(
        Emitter e,
        string codes,
        long[] keys,
        T[] values,
        T missing,
        Func<T[], TensorData> tensor
    )
    {
        var (low, high) = (keys.Min(), keys.Max());
        if (low < -WidestRange || high > WidestRange)
            return null;
        var list = Enumerable.Repeat(missing, (int)(high - low + 3)).ToArray();
        for (var i = 0; i < keys.Length; i++)
            list[keys[i] - low + 1] = values[i];
        var place = e.Sub(e.Cast(codes, DataType.Int64), e.Int64(low - 1));
        var inside = e.Node("Min", [e.Node("Max", [place, e.Int64(0)]), e.Int64(list.Length - 1)]);
        return e.Gather(e.Constant(tensor(list)), inside);
    }
}
