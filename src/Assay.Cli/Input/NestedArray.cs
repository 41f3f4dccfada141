using System.Text.Json;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Input;

/// <summary>A nested JSON array as a dense tensor.</summary>
internal static class NestedArray
{
    /// <summary>The lengths along the first elements; <see cref="Read"/> checks that the others agree.</summary>
    public static long[] Dims(JsonElement element)
    {
        var dims = new List<long>();
        while (element.ValueKind == JsonValueKind.Array)
        {
            dims.Add(element.GetArrayLength());
            if (element.GetArrayLength() == 0)
                break;
            element = element[0];
        }
        return [.. dims];
    }

    /// <summary>The elements in the type wanted; an error names the place, as in ids[3][0].</summary>
    public static TensorData Read(string path, string input, JsonElement element, long[] dims, DataType type)
    {
        if (!ElementTypes.IsSupported(type))
            throw AssayException.Input($"Input '{input}' is of type {ElementTypes.Name(type)}, which cannot be fed.");
        var values = ElementTypes.NewArray(type, (int)dims.Aggregate(1L, (p, d) => checked(p * d)));
        var reader = new Reader(path, input, dims, type, values);
        reader.Fill(element, 0);
        return TensorData.Create(type, dims, values);
    }

    private sealed class Reader(string path, string input, long[] dims, DataType type, Array values)
    {
        private readonly int[] at = new int[dims.Length];
        private readonly ElementReader.Read read = ElementReader.For(type);
        private int next;

        public void Fill(JsonElement element, int depth)
        {
            if (depth == dims.Length)
            {
                if (read(element, values, next) is { } problem)
                    throw Bad(depth, problem);
                next++;
                return;
            }
            if (element.ValueKind != JsonValueKind.Array)
                throw Bad(depth, $"is {JsonFile.Kind(element)}, but elsewhere a list of {dims[depth]} stands there");
            if (element.GetArrayLength() != dims[depth])
                throw Bad(depth, $"has {element.GetArrayLength()} elements, but the first has {dims[depth]}");
            at[depth] = 0;
            foreach (var inner in element.EnumerateArray())
            {
                Fill(inner, depth + 1);
                at[depth]++;
            }
        }

        private AssayException Bad(int depth, string problem) =>
            AssayException.Input($"'{path}': {input}{string.Concat(at.Take(depth).Select(i => $"[{i}]"))} {problem}.");
    }
}
