using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution;

/// <summary>Rows as they are fed: checked against the model's inputs, repeated, cast.</summary>
internal static class RowsOfInputs
{
    /// <summary>
    /// The rows, with floats in the precision of the graph. Throws an input error naming input, row and element where a
    /// number is NaN (unless the input is in <paramref name="imputed"/>) or infinite, and where inputs are missing.
    /// </summary>
    public static IReadOnlyDictionary<string, TensorData> Checked(
        IReadOnlyDictionary<string, TensorData> rows,
        IEnumerable<ValueInfoProto> inputs,
        bool float64,
        IReadOnlySet<string>? imputed = null
    )
    {
        var result = new Dictionary<string, TensorData>();
        foreach (var input in inputs)
        {
            if (!rows.TryGetValue(input.Name, out var tensor))
                throw AssayException.Input(
                    $"Input '{input.Name}' {input.ShapeText()} is missing; the rows name {string.Join(", ", rows.Keys)}."
                );
            RequireFinite(input.Name, tensor, imputed?.Contains(input.Name) ?? false);
            result[input.Name] = float64 && tensor.Type == DataType.Float ? tensor.Cast(DataType.Double) : tensor;
        }
        foreach (var name in rows.Keys.Where(n => !result.ContainsKey(n)))
            throw AssayException.Input(
                $"The model has no input '{name}'; its inputs are {string.Join(", ", result.Keys)}."
            );
        return result;
    }

    /// <summary>The number of rows, the same in every tensor and not 0; an input error says what of otherwise.</summary>
    public static int Count(IReadOnlyDictionary<string, TensorData> rows, string what)
    {
        var counts = rows.Values.Select(t => t.Dims.Length == 0 ? 0 : t.Dims[0]).Distinct().ToArray();
        return counts is [> 0 and var count]
            ? checked((int)count)
            : throw AssayException.Input(
                $"The {what} needs the same number of rows, at least one, of every input; it has {string.Join(", ", rows.Select(r => $"{r.Value} of '{r.Key}'"))}."
            );
    }

    /// <summary>One baseline row repeated for each row, or as many baseline rows as there are rows.</summary>
    public static IReadOnlyDictionary<string, TensorData> Repeated(
        IReadOnlyDictionary<string, TensorData> baseline,
        IEnumerable<ValueInfoProto> inputs,
        int rows,
        IReadOnlySet<string>? imputed = null
    )
    {
        var result = new Dictionary<string, TensorData>();
        foreach (var (name, tensor) in Checked(baseline, inputs, float64: false, imputed))
        {
            if (tensor.Dims.Length == 0 || (tensor.Dims[0] != 1 && tensor.Dims[0] != rows))
                throw AssayException.Input(
                    $"The baseline has {(tensor.Dims.Length == 0 ? 0 : tensor.Dims[0])} rows of input '{name}'; give one for all, or one for each of the {rows}."
                );
            result[name] = tensor.Dims[0] == rows ? tensor : Repeat(tensor, rows);
        }
        return result;
    }

    /// <summary>A copy of the rows in which the elements of one feature are those of other rows.</summary>
    public static IReadOnlyDictionary<string, TensorData> With(
        IReadOnlyDictionary<string, TensorData> rows,
        FeatureSlot feature,
        IReadOnlyDictionary<string, TensorData> replacement
    )
    {
        var result = new Dictionary<string, TensorData>(rows);
        foreach (var byInput in feature.Elements.GroupBy(e => e.Input))
        {
            var (own, other) = (rows[byInput.Key], replacement[byInput.Key].Cast(rows[byInput.Key].Type));
            var values = (Array)own.Values.Clone();
            var width = own.Count / (int)own.Dims[0];
            foreach (var element in byInput)
                for (var at = element.Element; at < values.Length; at += width)
                    Array.Copy(other.Values, at, values, at, 1);
            result[byInput.Key] = TensorData.Create(own.Type, own.Dims, values);
        }
        return result;
    }

    private static TensorData Repeat(TensorData row, int rows)
    {
        var values = ElementTypes.NewArray(row.Type, row.Count * rows);
        for (var r = 0; r < rows; r++)
            Array.Copy(row.Values, 0, values, r * row.Count, row.Count);
        return TensorData.Create(row.Type, [rows, .. row.Dims[1..]], values);
    }

    private static void RequireFinite(string input, TensorData tensor, bool allowNaN)
    {
        var bad = tensor.Values switch
        {
            float[] v => Array.FindIndex(v, x => !float.IsFinite(x) && !(allowNaN && float.IsNaN(x))),
            double[] v => Array.FindIndex(v, x => !double.IsFinite(x) && !(allowNaN && double.IsNaN(x))),
            _ => -1,
        };
        if (bad < 0)
            return;
        var width = tensor.Dims.Length == 0 ? 1 : Math.Max(1, tensor.Count / (int)tensor.Dims[0]);
        throw AssayException.Input(
            $"Input '{input}', row {bad / width}, element {bad % width} is {ElementText(tensor, bad)}; numbers must be finite: fill missing values before explaining, or let numbers enter preprocessed where the model itself fills them."
        );
    }

    private static string ElementText(TensorData tensor, int i) =>
        Convert.ToString(tensor.Values.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)!;
}
