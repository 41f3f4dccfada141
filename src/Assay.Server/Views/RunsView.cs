using Assay.Studies;

namespace Assay.Server;

/// <summary>A run in a list.</summary>
internal record RunSummary(
    string Id,
    string Name,
    string Head,
    string ModelFile,
    string? ModelVersion,
    DateTime Created,
    string Headline,
    IReadOnlyDictionary<string, int> Grades,
    int Actions,
    bool IsStale,
    string? StaleReason,
    string? PreviousRun
);

/// <summary>Rows of a study.</summary>
internal sealed record SplitInfo(
    string Name,
    int Rows,
    int Clusters,
    int? Lists,
    double? PositiveShare,
    string? First,
    string? Last
);

/// <summary>A way of telling rows apart.</summary>
internal sealed record DimensionInfo(string Name, string Title, string Kind, int Segments);

/// <summary>A quantity and how it was measured.</summary>
internal sealed record EstimandChoice(
    string Id,
    string Title,
    string Unit,
    string Says,
    IReadOnlyList<Ref> Methods,
    bool IsAbsolute
);

/// <summary>Which of the files that a study writes when asked there are.</summary>
internal sealed record OptionalViews(bool Effects, bool Layers, bool Evaluation);

/// <summary>A quality of the model beside those of simple rules.</summary>
internal sealed record QualityInfo(
    string Estimand,
    string Title,
    string Unit,
    Num? Model,
    IReadOnlyList<FloorInfo> Floors
);

/// <summary>What a simple rule reaches.</summary>
internal sealed record FloorInfo(string Name, Num? Value);

/// <summary>What a run is about and what may be asked of it.</summary>
internal sealed record RunDetail(
    RunSummary Summary,
    string? Purpose,
    string Label,
    string Cluster,
    string ClusterPlural,
    string? Sampling,
    IReadOnlyList<SplitInfo> Splits,
    IReadOnlyList<FeatureInfo> Features,
    IReadOnlyList<DimensionInfo> Dimensions,
    IReadOnlyList<EstimandChoice> Estimands,
    OptionalViews Views,
    IReadOnlyList<QualityInfo> Quality
) : RunSummary(Summary)
{
    /// <summary>Flattened into the run's own fields.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RunSummary Summary { get; } = Summary;
}

/// <summary>The list of runs, and what one is about.</summary>
internal static class RunsView
{
    private static readonly string[] AllGrades = ["A", "B", "C", "D"];

    public static RunSummary Summary(ViewContext view)
    {
        var run = view.Run;
        var reason = view.Facts.StaleReason ?? run.Stale;
        return new(
            run.Id,
            run.Study,
            run.Run.Text("head") ?? "",
            run.ModelFile,
            view.Facts.ModelVersion,
            run.Created,
            Headline(run),
            AllGrades.ToDictionary(g => g, g => run.Findings.Count(f => f.Grade == g)),
            run.Actions.Count,
            reason is not null,
            reason,
            view.Previous?.Id
        );
    }

    public static RunDetail Detail(ViewContext view)
    {
        var run = view.Run;
        return new(
            Summary(view),
            run.Card.Text("purpose"),
            run.Run.Text("label") ?? "",
            run.Run.Text("cluster") ?? "",
            run.Names.Units,
            run.Run.Text("sampling"),
            [.. RowsOf(run)],
            [.. run.Names.Features],
            [.. Dimensions(run)],
            [.. Choices(run)],
            new(Has(run.Effects), Has(run.Layers), Has(run.Evaluation)),
            [.. Quality(run)]
        );
    }

    /// <summary>The dimensions along which features were measured, largest first within none: in the order of the file.</summary>
    public static IEnumerable<DimensionInfo> Dimensions(RunFolder run)
    {
        var (estimand, method) = run.Primary;
        return run
            .Estimates.Of(estimand)
            .Where(k => k.Method == method && k.Dimension != SegmentBuilder.Overall)
            .Select(k => k.Dimension)
            .Distinct()
            .Select(d => new DimensionInfo(
                d,
                run.Names.DimensionTitle(d),
                run.Names.DimensionKind(d),
                run.Estimates.Find(estimand, method, Splits.Explain, d)?.Segments.Count ?? 0
            ))
            .Where(d => d.Segments > 0);
    }

    /// <summary>The quantities that a table of features and segments can show.</summary>
    public static IEnumerable<EstimandChoice> Choices(RunFolder run)
    {
        var segmented = run.Estimates.Keys.Where(k => k.Dimension != SegmentBuilder.Overall).ToArray();
        var shown = (segmented.Length > 0 ? segmented : [.. run.Estimates.Keys])
            .Where(k => IsShown(k.Estimand))
            .GroupBy(k => k.Estimand)
            .ToDictionary(g => g.Key, g => g.Select(k => k.Method).Distinct().ToArray());
        var primary = run.Primary.Estimand;
        return shown
            .OrderByDescending(e => e.Key == primary)
            .ThenBy(e => Order(e.Key))
            .Select(e =>
            {
                var words = EstimandWords.Of(e.Key);
                return new EstimandChoice(
                    e.Key,
                    words.Title,
                    words.Unit,
                    words.Says,
                    [.. e.Value.Select(m => new Ref(m, run.Names.Method(m)))],
                    words.IsAbsolute
                );
            });
    }

    // Contrasts and scatter stand beside the cells of the quantity that they are about; tables of the model have no features.
    private static bool IsShown(string estimand) =>
        !estimand.StartsWith(Estimands.Contrast, StringComparison.Ordinal)
        && !estimand.StartsWith(Estimands.Heterogeneity, StringComparison.Ordinal)
        && !estimand.StartsWith(Estimands.ISquared, StringComparison.Ordinal)
        && !estimand.StartsWith(Estimands.Lead, StringComparison.Ordinal)
        && !estimand.StartsWith(Estimands.Search, StringComparison.Ordinal)
        && !estimand.StartsWith(Estimands.Trend, StringComparison.Ordinal)
        && !estimand.EndsWith(Estimands.OverFloor, StringComparison.Ordinal)
        && !EstimandWords.Qualities.Any(q => q.Id == estimand);

    private static int Order(string estimand) =>
        estimand switch
        {
            Estimands.Permutation + Estimands.Auc => 0,
            Estimands.Conditional + Estimands.Auc => 1,
            Estimands.MeanAbsAttribution => 2,
            Estimands.MeanAttribution => 3,
            Estimands.Coverage => 4,
            _ when estimand.StartsWith(Estimands.Shrunk, StringComparison.Ordinal) => 6,
            _ when estimand.StartsWith(Estimands.Adjusted, StringComparison.Ordinal) => 7,
            _ => 5,
        };

    private static bool Has(System.Text.Json.JsonElement file) =>
        file.ValueKind is System.Text.Json.JsonValueKind.Object or System.Text.Json.JsonValueKind.Array;

    // The best supported thing that the study says of a feature, else what the model is worth.
    private static string Headline(RunFolder run)
    {
        if (run.FindingsFile.Flag("model_beats_trivial_rules") == false)
            return "The model is no better than simple rules: mend it before asking what it leans on.";
        var best = run
            .Findings.Where(f => f.Kind is "segment_leaders" or "feature_matters" && f.Grade != "D")
            .OrderBy(f => f.Grade, StringComparer.Ordinal)
            .ThenByDescending(f => f.Kind == "segment_leaders")
            .ThenByDescending(f => Math.Abs(f.Value.Value ?? 0))
            .FirstOrDefault();
        return best?.Effect ?? "No feature is shown to matter.";
    }

    private static IEnumerable<SplitInfo> RowsOf(RunFolder run)
    {
        var card = run.Card.Each("data").ToDictionary(d => d.Text("split") ?? "");
        foreach (var split in run.Run.Each("splits"))
        {
            var name = split.Text("name") ?? "";
            var data = card.GetValueOrDefault(name);
            var rows = split.Whole("rows");
            yield return new(
                name,
                rows,
                split.Whole("clusters"),
                split.Whole("lists") is > 0 and var lists ? lists : null,
                Rounding.Of(rows > 0 ? split.Whole("positives") / (double)rows : double.NaN),
                data.Text("first"),
                data.Text("last")
            );
        }
    }

    private static IEnumerable<QualityInfo> Quality(RunFolder run)
    {
        foreach (var (id, title, unit) in EstimandWords.Qualities)
            if (Num.Of(run.Estimates.Overall(id, "model", Splits.Explain)) is { } model)
                yield return new(
                    id,
                    title,
                    unit,
                    model,
                    [
                        .. run
                            .Estimates.Of(id)
                            .Where(k =>
                                k.Split == Splits.Explain
                                && k.Dimension == SegmentBuilder.Overall
                                && k.Method.StartsWith("floor:", StringComparison.Ordinal)
                            )
                            .Select(k => new FloorInfo(
                                FloorName(run, k.Method),
                                Num.Of(run.Estimates.Overall(id, k.Method, Splits.Explain))
                            )),
                    ]
                );
    }

    /// <summary>floor:item-rate-by-price → Item rate by price.</summary>
    public static string FloorName(RunFolder run, string method)
    {
        var name = method["floor:".Length..].Replace('-', ' ');
        return name.Split(" by ", 2) is { Length: 2 } parts
            ? Say.First($"{parts[0]} by {run.Names.Dimension(parts[1])}")
            : Say.First(name);
    }
}
