using System.Globalization;
using System.Text.RegularExpressions;
using Assay.Gradients.Heads;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;

namespace Assay.Gradients;

/// <summary>The space in which a target is explained.</summary>
public enum Space
{
    /// <summary>Log-odds: the value before the sigmoid where the head is a probability, the head itself where it is none.</summary>
    Logit,

    /// <summary>Probability: the head itself where it is one, the sigmoid of it where it is a logit.</summary>
    Probability,
}

/// <summary>One output of a model (or a column of one), turned into one number per row to explain.</summary>
/// <param name="Output">Name of the graph output.</param>
/// <param name="Column">Column of the output; 0 for one value per row.</param>
/// <param name="Value">The value [batch] that holds the target.</param>
/// <param name="Space">What was asked for.</param>
/// <param name="IsProbability">Whether the output of the file is a probability (a sigmoid or softmax stands before it).</param>
public sealed partial record Head(string Output, int Column, string Value, Space Space, bool IsProbability)
{
    /// <summary>The name a user gives: NAME or NAME[k].</summary>
    public string Name => Column == 0 ? Output : $"{Output}[{Column}]";

    /// <summary>
    /// Adds to <paramref name="model"/> the value that a head names, [batch], in the space asked for. Call it on a
    /// prepared working copy; the graph is left sorted.
    /// </summary>
    /// <param name="model">A prepared model; changed in place.</param>
    /// <param name="shapes">Its measured shapes.</param>
    /// <param name="space">Logit or probability.</param>
    /// <param name="name">NAME or NAME[k]; null for column 0 of the first output.</param>
    /// <exception cref="AssayException">Usage: there is no such output or column; the message lists the outputs.</exception>
    public static Head Resolve(OnnxModel model, ShapeTable shapes, string? name, Space space)
    {
        var graph = model.Graph;
        var (output, column) = Parse(graph, name);
        var emit = new Emitter(
            graph,
            model.Opset,
            shapes.TryGet(output)?.Type ?? TensorProto.Types.DataType.Float,
            "head"
        );
        if (!ElementTypes.IsFloat(emit.FloatType))
            throw AssayException.Usage(
                $"Head '{output}' holds {ElementTypes.Name(emit.FloatType)}, not numbers with a fraction; choose one of: {List(graph)}."
            );
        var logits = LogitHead.Of(emit, shapes, output);
        var source = space == Space.Logit ? logits ?? output : output;
        var value = PickColumn(emit, shapes, source, output, column);
        if (space == Space.Probability && logits is null)
            value = emit.Node("Sigmoid", [value]);
        graph.SortTopologically();
        return new Head(output, column, value, space, logits is not null);
    }

    private static (string Output, int Column) Parse(Graph graph, string? name)
    {
        if (name is null)
            return (graph.Outputs[0].Name, 0);
        if (graph.Outputs.Any(o => o.Name == name))
            return (name, 0);
        var match = Indexed().Match(name);
        if (match.Success && graph.Outputs.Any(o => o.Name == match.Groups[1].Value))
            return (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        throw AssayException.Usage($"The model has no head '{name}'; choose one of: {List(graph)}.");
    }

    private static string PickColumn(Emitter emit, ShapeTable shapes, string source, string output, int column)
    {
        var dims = shapes.TryGet(output)?.Dims;
        var columns = dims is null ? null : dims.Skip(1).Aggregate((long?)1, (p, d) => p * d.Size);
        if (dims is { Length: 0 })
            throw AssayException.Input($"Head '{output}' is one number for the whole batch, not one per row.");
        if (columns is not null && column >= columns)
            throw AssayException.Usage(
                $"Head '{output}' has {columns} column{(columns == 1 ? "" : "s")}; '{output}[{column}]' does not exist (columns count from 0)."
            );
        if (dims is { Length: 1 })
            return source;
        var flat = columns is null
            ? emit.Node("Flatten", [source], ("axis", 1L))
            : emit.Reshape(source, -1, columns.Value);
        return emit.Gather(flat, emit.Int64(column), 1);
    }

    private static string List(Graph graph) =>
        string.Join(", ", graph.Outputs.Select(o => $"{o.Name} {o.ShapeText()}"));

    [GeneratedRegex(@"^(.*)\[(\d{1,6})\]$")]
    private static partial Regex Indexed();
}
