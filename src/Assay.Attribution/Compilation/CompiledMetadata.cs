using System.Globalization;
using System.Text.Json;
using Assay.Onnx;
using Assay.Onnx.Wire;

namespace Assay.Attribution.Compilation;

/// <summary>What a compiled file says about itself in its metadata_props: flat text, lists and maps as JSON.</summary>
public static class CompiledMetadata
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "assay.";

    /// <summary>The entries of a compiled model, keys without the prefix; empty for any other model.</summary>
    public static IReadOnlyDictionary<string, string> Read(OnnxModel model) =>
        model
            .Proto.MetadataProps.Where(IsOurs)
            .DistinctBy(p => p.Key)
            .ToDictionary(p => p.Key[Prefix.Length..], p => p.Value);

    internal static void Write(OnnxModel model, IReadOnlyDictionary<string, string> entries)
    {
        var others = model.Proto.MetadataProps.Where(p => !IsOurs(p)).ToArray();
        model.Proto.MetadataProps.Clear();
        model.Proto.MetadataProps.AddRange(others);
        foreach (var (key, value) in entries)
            model.Proto.MetadataProps.Add(new StringStringEntryProto { Key = Prefix + key, Value = value });
    }

    internal static IReadOnlyDictionary<string, string> OfExplanation(
        ExplainedModel explained,
        IReadOnlyDictionary<string, string> outputs,
        CompileOptions options
    )
    {
        var (settings, head) = (explained.Settings, explained.Head);
        var entries = Common(explained, "explained", options.Pedigree);
        entries["method"] = settings.Method;
        if (MethodRegistry.Find(settings.Method).Rule(explained) is { } rule)
        {
            entries["steps"] = settings.Steps.ToString(CultureInfo.InvariantCulture);
            entries["rule"] = rule;
        }
        foreach (var (key, value) in MethodRegistry.Find(settings.Method).Options(settings))
            entries[key] = value;
        entries["head"] = head.Name;
        entries["space"] = settings.Space.ToString().ToLowerInvariant();
        entries["target"] = Target(head);
        entries["outputs"] = Json(outputs);
        return entries;
    }

    internal static IReadOnlyDictionary<string, string> OfTreatment(
        ExplainedModel explained,
        IReadOnlyDictionary<string, double> scales,
        IReadOnlyDictionary<string, string> pedigree
    )
    {
        var entries = Common(explained, "treatment", pedigree);
        entries["scales"] = Json(scales);
        return entries;
    }

    private static Dictionary<string, string> Common(
        ExplainedModel explained,
        string kind,
        IReadOnlyDictionary<string, string> pedigree
    )
    {
        var settings = explained.Settings;
        var entries = new Dictionary<string, string>
        {
            ["schema"] = "1",
            ["kind"] = kind,
            ["features"] = Json(explained.Features.Select(f => f.Name)),
            ["elements"] = Json(
                explained.Features.ToDictionary(f => f.Name, f => f.Elements.Select(e => e.ToString()))
            ),
            ["baseline"] = settings.Baseline.Name,
            ["at"] = settings.At.ToString().ToLowerInvariant(),
            ["precision"] = settings.Float64 ? "float64" : "float32",
            ["points"] = Json(
                explained.AttributionPoints.Select(p => new
                {
                    value = p.Value,
                    kind = p.Kind.ToString().ToLowerInvariant(),
                    positions = p.Positions.Count,
                    width = p.Width,
                })
            ),
        };
        foreach (var (key, value) in pedigree)
            entries[key] = value;
        return entries;
    }

    // What the attributions add up to, as a person reads it.
    private static string Target(Gradients.Head head) =>
        head switch
        {
            { Space: Gradients.Space.Probability } => $"probability of {head.Name}",
            { IsProbability: true } => $"log-odds of {head.Name}",
            _ => head.Name,
        };

    private static bool IsOurs(StringStringEntryProto entry) => entry.Key.StartsWith(Prefix, StringComparison.Ordinal);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Plain);

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
