using System.Text.Json;
using Assay.Attribution;
using Assay.Studies;

namespace Assay.Server;

/// <summary>A feature as readers know it.</summary>
internal sealed record FeatureInfo(
    string Name,
    string Title,
    string Group,
    string Kind,
    string? Owner,
    string? Description
);

/// <summary>What a run's features, dimensions and methods are called: never as columns are.</summary>
internal sealed class RunNames
{
    private readonly Dictionary<string, FeatureInfo> features = [];
    private readonly Dictionary<string, string> methods = [];
    private readonly Dictionary<string, JsonElement> dimensions = [];
    private readonly FeatureNames names;

    public RunNames(RunFolder run)
    {
        foreach (var entry in Entries(run.Dictionary))
            Add(
                entry.Text("name") ?? entry.Text("feature") ?? "",
                entry.Text("display_name"),
                entry.Text("group"),
                entry.Text("kind"),
                entry.Text("owner"),
                entry.Text("description")
            );
        var shown = run
            .Findings.Where(f => f.Feature.Length > 0 && f.DisplayName.Length > 0)
            .DistinctBy(f => f.Feature)
            .ToDictionary(f => f.Feature, f => f.DisplayName);
        foreach (var feature in Studied(run).Where(f => !features.ContainsKey(f)))
            Add(feature, shown.GetValueOrDefault(feature), run.Estimates.Groups.GetValueOrDefault(feature));
        foreach (var method in run.Card.Each("methods"))
            methods.TryAdd(method.Text("id") ?? "", method.Text("title") ?? "");
        foreach (var segment in run.Dictionary.Each("dimensions"))
            dimensions.TryAdd(segment.Text("name") ?? "", segment);
        Units = run.Run.Text("units") ?? UnitWords.Of(run.Run.Text("cluster") ?? "id");
        names = new(features.ToDictionary(f => f.Key, f => f.Value.Title), Units);
    }

    /// <summary>The independent units in the plural: households.</summary>
    public string Units { get; }

    /// <summary>The features in the order of the dictionary.</summary>
    public IEnumerable<FeatureInfo> Features => features.Values;

    public bool Has(string feature) => features.ContainsKey(feature);

    public FeatureInfo Info(string feature) =>
        features.GetValueOrDefault(feature) ?? new(feature, Title(feature), "", "", null, null);

    /// <summary>The display name of a feature, a group or a cross.</summary>
    public string Title(string feature) => feature.Length == 0 ? "The model" : names.Title(feature);

    public Ref Named(string feature) => new(feature, Title(feature));

    /// <summary>A dimension inside a sentence: age_band → age band.</summary>
    public string Dimension(string dimension) =>
        string.Join(
            " × ",
            dimension
                .Split(" × ")
                .Select(d => Lower(dimensions.GetValueOrDefault(d).Text("display_name")) ?? names.Dimension(d))
        );

    /// <summary>A dimension as a heading.</summary>
    public string DimensionTitle(string dimension)
    {
        var text = Dimension(dimension);
        return text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>What a dimension tells apart: user, item, context, journey or other.</summary>
    public string DimensionKind(string dimension)
    {
        if (dimension.Contains(" × ", StringComparison.Ordinal))
            return "other";
        var entry = dimensions.GetValueOrDefault(dimension);
        if (entry.Text("kind") is { } declared)
            return declared;
        if (Matches(dimension, "life", "lifecycle", "stage", "journey", "visits", "tenure", "history"))
            return "journey";
        if (Matches(dimension, "week", "weekday", "month", "hour", "day", "period", "peak", "time"))
            return "context";
        var column = entry.Text("column") ?? dimension;
        var group = features.GetValueOrDefault(column)?.Group ?? "";
        return Matches(group, "user", "household", "customer", "member", "person") ? "user"
            : Matches(group, "item", "product", "content", "article") ? "item"
            : Matches(group, "context", "request", "session", "time", "situation") ? "context"
            : Matches(group, "history", "journey") ? "journey"
            : Matches(column, "region", "country", "age", "gender", "income", "user", "city") ? "user"
            : Matches(column, "department", "category", "brand", "price", "item", "genre", "popularity") ? "item"
            : Matches(column, "device", "platform", "channel", "store") ? "context"
            : "other";
    }

    /// <summary>A method in words: "Integrated gradients", "Held: popularity".</summary>
    public string Method(string method)
    {
        if (methods.TryGetValue(method, out var title) && title.Length > 0)
            return title;
        if (method.Split('~') is { Length: 2 } pair)
            return $"{Method(pair[0])} and {Method(pair[1])}";
        if (method.Split(':', 2) is { Length: 2 } parts)
            return $"{FeatureNames.Plain(parts[0].Replace('-', '_'))}: {names.Dimension(parts[1].Replace('-', '_'))}";
        return MethodRegistry.All.FirstOrDefault(m => m.Id == method)?.Title
            ?? FeatureNames.Plain(method.Replace('-', '_'));
    }

    /// <summary>A segment with its dimension: "Department: PRODUCE".</summary>
    public Ref? Segment(string dimension, string segment, string label) =>
        dimension is "overall" or ""
            ? null
            : new(segment, $"{DimensionTitle(dimension)}: {(label.Length > 0 ? label : segment)}");

    private void Add(
        string name,
        string? title,
        string? group = null,
        string? kind = null,
        string? owner = null,
        string? description = null
    ) =>
        features.TryAdd(
            name,
            new(name, title ?? FeatureNames.Plain(name), group ?? "", kind ?? "", owner, description)
        );

    private static IEnumerable<JsonElement> Entries(JsonElement dictionary) =>
        dictionary.ValueKind == JsonValueKind.Array ? dictionary.EnumerateArray() : dictionary.Each("features");

    // Positions and groups of features have estimates too; they are named as they come.
    private static IEnumerable<string> Studied(RunFolder run)
    {
        var (estimand, method) = run.Primary;
        return run.Estimates.Find(estimand, method, Splits.Explain, SegmentBuilder.Overall)
                ?.Features.Where(f => f.Length > 0)
            ?? [];
    }

    private static string? Lower(string? title) =>
        title is { Length: > 1 } && !char.IsUpper(title[1]) ? char.ToLowerInvariant(title[0]) + title[1..] : title;

    private static bool Matches(string name, params string[] words)
    {
        var parts = name.ToLowerInvariant().Split('_', ' ', '-');
        return words.Any(w => parts.Contains(w) || parts.Contains(w + "s"));
    }
}
