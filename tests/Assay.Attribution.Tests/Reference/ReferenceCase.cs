using System.Text.Json;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Reference;

/// <summary>One model of the real case: its rows, features and the reference attributions computed by Captum in float64.</summary>
internal sealed class ReferenceCase
{
    private readonly JsonElement reference;
    private readonly JsonElement description;

    private ReferenceCase(string model, JsonElement reference, JsonElement description)
    {
        Model = OnnxModel.Load(RealCase.Model(model));
        (this.reference, this.description) = (reference, description);
        Rows = Tensors(reference.GetProperty("rows").EnumerateArray().ToArray());
    }

    public OnnxModel Model { get; }

    /// <summary>The fixed rows as graph inputs.</summary>
    public IReadOnlyDictionary<string, TensorData> Rows { get; }

    public double[] Logits => Numbers(reference.GetProperty("logit"));

    public static ReferenceCase Open(string model)
    {
        var source = model == "mmoe_noloop" ? "mmoe" : model;
        return new(
            model,
            Read(Path.Combine("reference", source + ".json")),
            Read(Path.Combine("models", model + ".features.json"))
        );
    }

    public bool Has(string method) => reference.GetProperty("methods").TryGetProperty(method, out _);

    /// <summary>The reference values of a method: rows × its features, and the features' names.</summary>
    public (string[] Features, double[][] Values) Method(string method)
    {
        var entry = reference.GetProperty("methods").GetProperty(method);
        var features = entry.GetProperty("features").EnumerateArray().Select(f => f.GetString()!).ToArray();
        return (features, [.. entry.GetProperty("values").EnumerateArray().Select(Numbers)]);
    }

    /// <summary>By how much each row's reference attributions miss f(x) − f(b).</summary>
    public double[] ConvergenceDeltas(string method) =>
        Numbers(reference.GetProperty("methods").GetProperty(method).GetProperty("convergence_delta"));

    /// <summary>
    /// The mean of a feature's leaf over the training rows: of its embedding or first-order weight, by the width; of a number;
    /// of a position of the history, or of the whole bag.
    /// </summary>
    public double[] LeafMean(int feature, int width, int position, int categorical, int numeric)
    {
        var means = reference.GetProperty("baselines").GetProperty("mean");
        double[] Of(string leaf, int at) => Numbers(means.GetProperty(leaf)[at]);
        if (feature >= categorical + numeric)
            return means.TryGetProperty("history_bag", out var bag) ? Numbers(bag) : Of("history", position);
        if (feature >= categorical)
            return Of("dense", feature - categorical);
        var embedding = Of("embedding", feature);
        return embedding.Length == width ? embedding : Of("first_order", feature);
    }

    /// <summary>The slots behind the names that a reference method uses; "history[k]" is one position.</summary>
    public IReadOnlyList<FeatureSlot> Slots(IEnumerable<string> names)
    {
        var byName = description
            .GetProperty("features")
            .EnumerateArray()
            .ToDictionary(f => f.GetProperty("feature").GetString()!);
        return [.. names.Select(n => new FeatureSlot(n, Elements(byName, n)))];
    }

    /// <summary>Groups of features as the reference's <c>shapley_groups</c> has them.</summary>
    public IReadOnlyList<FeatureSlot> Groups(IEnumerable<string> names)
    {
        var members = reference.GetProperty("methods").GetProperty("shapley_groups").GetProperty("members");
        return
        [
            .. names.Select(n => new FeatureSlot(
                n,
                [
                    .. Slots(members.GetProperty(n).EnumerateArray().Select(m => m.GetString()!))
                        .SelectMany(s => s.Elements),
                ]
            )),
        ];
    }

    /// <summary>The row of replacement values that the reference's feature ablation used.</summary>
    public IReadOnlyDictionary<string, TensorData> Replacement()
    {
        var values = new Dictionary<string, double[]>();
        foreach (var input in Model.Graph.Inputs)
            values[input.Name] = new double[Width(input)];
        foreach (var feature in description.GetProperty("features").EnumerateArray())
        {
            var by = feature.TryGetProperty("ablation_id", out var id)
                ? id.GetDouble()
                : feature.GetProperty("ablation_value").GetDouble();
            foreach (var element in Elements(feature))
                values[element.Input][element.Element] = by;
        }
        return Model.Graph.Inputs.ToDictionary(i => i.Name, i => Tensor(i, 1, values[i.Name]));
    }

    private static InputElement[] Elements(Dictionary<string, JsonElement> byName, string name)
    {
        if (byName.TryGetValue(name, out var feature))
            return Elements(feature);
        var at = name.IndexOf('[', StringComparison.Ordinal);
        return
        [
            Elements(byName[name[..at]])[
                int.Parse(name[(at + 1)..^1], System.Globalization.CultureInfo.InvariantCulture)
            ],
        ];
    }

    private static InputElement[] Elements(JsonElement feature)
    {
        var input = feature.GetProperty("input").GetString()!;
        if (feature.TryGetProperty("columns", out var columns))
            return [.. columns.EnumerateArray().Select(c => new InputElement(input, c.GetInt32()))];
        return [new InputElement(input, feature.TryGetProperty("column", out var column) ? column.GetInt32() : 0)];
    }

    private Dictionary<string, TensorData> Tensors(JsonElement[] rows) =>
        Model.Graph.Inputs.ToDictionary(
            i => i.Name,
            i => Tensor(i, rows.Length, [.. rows.SelectMany(r => Numbers(r.GetProperty(i.Name)))])
        );

    private static int Width(ValueInfoProto input) => (int)input.Shape()!.Skip(1).Aggregate(1L, (p, d) => p * d!.Value);

    private static TensorData Tensor(ValueInfoProto input, int rows, double[] values)
    {
        long[] dims = [rows, .. input.Shape()!.Skip(1).Select(d => d!.Value)];
        return TensorData.From(values, dims).Cast(input.ElementType());
    }

    private static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select(v => v.GetDouble())]
            : [element.GetDouble()];

    private static JsonElement Read(string path) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RealCase.Folder, path))).RootElement;
}
