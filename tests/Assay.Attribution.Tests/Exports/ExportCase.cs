using System.Text.Json;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Exports;

/// <summary>One exported model beside what PyTorch's autograd says about some rows of it; see cases/README.md.</summary>
internal sealed class ExportCase
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Exports", "cases");
    private readonly JsonElement values;

    private ExportCase(string name)
    {
        Model = OnnxModel.Load(Path.Combine(Folder, name + ".onnx"));
        values = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json"))).RootElement;
        Rows = values.GetProperty("rows").EnumerateObject().ToDictionary(r => r.Name, r => Tensor(r.Value));
    }

    public static IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(Folder, "*.onnx")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal);

    public OnnxModel Model { get; }

    public IReadOnlyDictionary<string, TensorData> Rows { get; }

    public string[] Features => [.. values.GetProperty("features").EnumerateArray().Select(f => f.GetString()!)];

    public string? Head => values.TryGetProperty("head", out var head) ? head.GetString() : null;

    public bool Probability => values.TryGetProperty("space", out var space) && space.GetString() == "probability";

    public int Steps => values.GetProperty("steps").GetInt32();

    /// <summary>Whether ONNX Runtime has float64 kernels for all its operators.</summary>
    public bool RunsInDouble => !values.TryGetProperty("precision", out _);

    /// <summary>Whether no operator has a kink, so that few nodes give the integral.</summary>
    public bool IsSmooth => values.TryGetProperty("smooth", out _);

    /// <summary>What the message of a gradient method must contain; empty where gradients are expected.</summary>
    public string[] Error =>
        values.TryGetProperty("error", out var error) ? [.. error.EnumerateArray().Select(e => e.GetString()!)] : [];

    public double[] Target => Vector(values.GetProperty("target"));

    public double[] BaselineTarget => Vector(values.GetProperty("baseline_target"));

    public bool Has(string key) => values.TryGetProperty(key, out _);

    public double[][] Attributions(string key) => Matrix(values.GetProperty(key));

    public (double[][] Attributions, double[] BaselineTarget)? Preprocessed =>
        values.TryGetProperty("preprocessed", out var behind)
            ? (Matrix(behind.GetProperty("integrated_gradients")), Vector(behind.GetProperty("baseline_target")))
            : null;

    public static ExportCase Open(string name) => new(name);

    private static double[][] Matrix(JsonElement rows) => [.. rows.EnumerateArray().Select(Vector)];

    private static double[] Vector(JsonElement row) =>
        [.. row.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble())];

    private static TensorData Tensor(JsonElement tensor)
    {
        long[] dims = [.. tensor.GetProperty("dims").EnumerateArray().Select(d => d.GetInt64())];
        var elements = tensor.GetProperty("values").EnumerateArray();
        return tensor.GetProperty("type").GetString() switch
        {
            "bool" => TensorData.From([.. elements.Select(v => v.GetBoolean())], dims),
            "int64" => TensorData.From([.. elements.Select(v => v.GetInt64())], dims),
            "int32" => TensorData.From([.. elements.Select(v => v.GetInt32())], dims),
            _ => TensorData
                .From([.. elements.Select(v => v.ValueKind == JsonValueKind.Null ? double.NaN : v.GetDouble())], dims)
                .Cast(DataType.Float),
        };
    }
}
