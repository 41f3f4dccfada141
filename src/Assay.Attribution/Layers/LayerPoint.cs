using System.Globalization;
using System.Text.RegularExpressions;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Layers;

/// <summary>A graph value whose units are explained, [rows, …]; a row's elements are its units, counted row-major.</summary>
/// <param name="Name">As the user named it, without a unit.</param>
/// <param name="Value">Its name in the prepared model.</param>
/// <param name="Units">Elements of a row.</param>
/// <param name="Unit">The unit picked, or null for all.</param>
internal sealed partial record LayerPoint(string Name, string Value, int Units, int? Unit)
{
    private const long MaximumUnits = 1 << 20;

    /// <summary>The columns of an explanation by units.</summary>
    public IReadOnlyList<string> UnitNames =>
        [.. Enumerable.Range(0, Units).Select(u => u.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Finds the value that a user names; usage errors say what is near, or what is wrong with it.</summary>
    /// <param name="given">The user's model.</param>
    /// <param name="prepared">The working copy.</param>
    /// <param name="shapes">What is known of its values.</param>
    /// <param name="text">VALUE or VALUE[k].</param>
    /// <param name="picks">Whether one unit must be picked.</param>
    /// <param name="target">What the layer has to lead to.</param>
    public static LayerPoint Resolve(
        OnnxModel given,
        OnnxModel prepared,
        ShapeTable shapes,
        string text,
        bool picks,
        string target
    )
    {
        var (name, unit) = Parse(prepared.Graph, given.Graph, text);
        var units = RequireUnits(given, prepared, shapes, name, target);
        if (picks && unit is null)
            throw AssayException.Usage(
                $"The method explains one unit: name it as '{name}[k]', k from 0 to {units - 1}."
            );
        if (!picks && unit is not null)
            throw AssayException.Usage(
                $"The method explains all units of a layer; name the layer alone: --layer '{name}'."
            );
        if (unit >= units)
            throw AssayException.Usage(
                $"Layer '{name}' has {units} units; '{name}[{unit}]' does not exist (units count from 0)."
            );
        return new LayerPoint(name, name, units, unit);
    }

    /// <summary>Whether a value can be a layer: numbers with a fraction, rows first, a fixed number of them per row.</summary>
    public static bool IsLayer(ShapeTable shapes, string value, string target) =>
        shapes.TryGet(value) is { Rank: >= 1 } shape
        && ElementTypes.IsFloat(shape.Type)
        && shape.Dims[0].Symbol is { } rows
        && (shapes.TryGet(target)?.Dims is not [{ Symbol: { } own }, ..] || own == rows)
        && shape.Dims.Skip(1).All(d => d.Size is not null)
        && shape.Dims.Skip(1).Aggregate(1L, (p, d) => p * d.Size!.Value) is > 0 and <= MaximumUnits;

    /// <summary>The picked unit as what is explained; its value is added to the model.</summary>
    public Head AsHead(OnnxModel prepared, ShapeTable shapes, Space space)
    {
        var emit = new Emitter(prepared.Graph, prepared.Opset, shapes.TryGet(Value)!.Type, "unit");
        var value = emit.Gather(emit.Reshape(Value, -1, Units), emit.Int64(Unit!.Value), 1);
        prepared.Graph.SortTopologically();
        return new Head(Name, Unit.Value, value, space, IsProbability: false);
    }

    /// <summary>Throws where the layer stands before the places where features enter.</summary>
    public void RequireReached(Graph graph, IReadOnlyList<AttributionPoint> points)
    {
        if (!graph.Downstream([.. points.Select(p => p.Value)]).Contains(Value))
            throw AssayException.Usage(
                $"Layer '{Name}' stands before the places where features enter, or does not depend on them; choose a later value: 'assay layers' lists them."
            );
    }

    private static int RequireUnits(OnnxModel given, OnnxModel prepared, ShapeTable shapes, string name, string target)
    {
        if (!prepared.Graph.Defines(name))
            throw AssayException.Usage(
                given.Graph.Defines(name)
                    ? $"Value '{name}' is the same for every row, or is replaced when the model is prepared, so it is no layer.{Hint(prepared, shapes, name, target)}"
                    : $"The model has no value '{name}'.{Hint(prepared, shapes, name, target)}"
            );
        if (!IsLayer(shapes, name, target))
            throw AssayException.Usage(
                $"Value '{name}' {shapes.TryGet(name)} is no layer: it must be [rows, …] of numbers, with the same number of them for every row.{Hint(prepared, shapes, name, target)}"
            );
        if (name != target && !prepared.Graph.Downstream([name]).Contains(target))
            throw AssayException.Usage($"The head does not depend on '{name}'.{Hint(prepared, shapes, name, target)}");
        return (int)shapes.TryGet(name)!.Dims.Skip(1).Aggregate(1L, (p, d) => p * d.Size!.Value);
    }

    private static string Hint(OnnxModel prepared, ShapeTable shapes, string name, string target)
    {
        var reached = prepared.Graph.Reaching([target]);
        var layers = prepared
            .Graph.Nodes.Where(reached.Contains)
            .SelectMany(n => n.Output)
            .Where(o => o != name && IsLayer(shapes, o, target));
        var near = NearNames.Of(name, layers, 3);
        return near.Count > 0
            ? $" Near it: {string.Join(", ", near.Select(n => $"'{n}'"))}; 'assay layers' lists the layers."
            : " 'assay layers' lists the layers.";
    }

    private static (string Name, int? Unit) Parse(Graph prepared, Graph given, string text)
    {
        if (prepared.Defines(text) || given.Defines(text))
            return (text, null);
        var match = Indexed().Match(text);
        return match.Success
            ? (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : (text, null);
    }

    [GeneratedRegex(@"^(.+)\[(\d{1,7})\]$")]
    private static partial Regex Indexed();
}
