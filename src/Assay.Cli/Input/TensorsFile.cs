using System.Text.Json;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Cli.Input;

/// <summary>Rows given as JSON: an object that maps each input of the model to a nested array, rows first.</summary>
internal static class TensorsFile
{
    /// <summary>
    /// The rows as tensors of the types that the inputs declare. The first dimension of an input counts rows, so a
    /// model exported for one row takes any number.
    /// </summary>
    /// <exception cref="AssayException">Input: names the file, the input and the place, what is wanted and what is given.</exception>
    public static IReadOnlyDictionary<string, TensorData> Read(
        string path,
        IEnumerable<ValueInfoProto> inputs,
        string what = "tensors"
    )
    {
        using var document = JsonFile.Open(path, what);
        var declared = inputs.ToDictionary(i => i.Name);
        var given = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        foreach (var name in given.Keys.Where(n => !declared.ContainsKey(n)))
            throw AssayException.Input(
                $"'{path}' names input '{name}', which the model does not have; its inputs are {List(declared.Values)}."
            );
        foreach (var input in declared.Values.Where(i => !given.ContainsKey(i.Name)))
            throw AssayException.Input(
                $"'{path}' lacks input '{input.Name}'; the model wants {List(declared.Values)}."
            );
        var tensors = declared.ToDictionary(i => i.Key, i => ReadInput(path, i.Value, given[i.Key]));
        RequireSameRows(path, tensors);
        return tensors;
    }

    private static TensorData ReadInput(string path, ValueInfoProto input, JsonElement value)
    {
        var dims = NestedArray.Dims(value);
        var wanted = input.Shape();
        if (wanted is not null && !Fits(wanted, dims))
            throw AssayException.Input(
                $"'{path}': input '{input.Name}' wants {ElementTypes.Name(input.ElementType())} {input.ShapeText()}, but was given a shape of [{string.Join(", ", dims)}]."
            );
        if (dims.Length == 0)
            throw AssayException.Input(
                $"'{path}': input '{input.Name}' is {JsonFile.Kind(value)}; it wants a list of rows, {input.ShapeText()}."
            );
        if (dims[0] == 0)
            throw AssayException.Input($"'{path}': input '{input.Name}' has no rows; give at least one.");
        return NestedArray.Read(path, input.Name, value, dims, input.ElementType());
    }

    private static bool Fits(long?[] wanted, long[] given)
    {
        if (wanted.Length != given.Length)
            return false;
        for (var i = 1; i < wanted.Length; i++)
            if (wanted[i] is { } size && size != given[i])
                return false;
        return true;
    }

    private static void RequireSameRows(string path, Dictionary<string, TensorData> tensors)
    {
        var (first, rows) = tensors.Select(t => (t.Key, t.Value.Dims[0])).First();
        foreach (var (name, tensor) in tensors)
            if (tensor.Dims[0] != rows)
                throw AssayException.Input(
                    $"'{path}': input '{name}' has {tensor.Dims[0]} rows, but '{first}' has {rows}; every input needs the same rows."
                );
    }

    private static string List(IEnumerable<ValueInfoProto> inputs) =>
        string.Join(", ", inputs.Select(i => $"'{i.Name}' {ElementTypes.Name(i.ElementType())} {i.ShapeText()}"));
}
