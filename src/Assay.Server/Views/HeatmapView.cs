using Assay.Studies;

namespace Assay.Server;

/// <summary>A segment in a table.</summary>
internal sealed record SegmentInfo(string Id, string Label, int Rows, int Clusters, string Status);

/// <summary>A feature in a table.</summary>
internal sealed record FeatureHead(string Name, string Title, string Group);

/// <summary>Whether a feature counts the same in all segments: standard deviation between them, and a test.</summary>
internal sealed record Scatter(Num? Tau, Num? ISquared, double? P);

/// <summary>A segment less the rest of its dimension.</summary>
internal sealed record ContrastCell(double? Value, double? Low, double? High, double? PAdjusted, string Replicated);

/// <summary>What is left out of a table.</summary>
internal sealed record TableCut(Truncated? Segments, Truncated? Features);

/// <summary>Features × segments.</summary>
internal sealed record Heatmap
{
    public required string Estimand { get; init; }
    public required string Title { get; init; }
    public required string Unit { get; init; }
    public required string Method { get; init; }
    public required string MethodTitle { get; init; }
    public required string Dimension { get; init; }
    public required string DimensionTitle { get; init; }
    public required string Split { get; init; }
    public required string Sentence { get; init; }
    public required bool IsDiverging { get; init; }
    public required IReadOnlyList<SegmentInfo> Segments { get; init; }
    public required IReadOnlyList<FeatureHead> Features { get; init; }

    /// <summary>Features × segments.</summary>
    public required IReadOnlyList<IReadOnlyList<Num?>> Cells { get; init; }
    public required IReadOnlyList<Num?> Overall { get; init; }
    public IReadOnlyList<Scatter?>? Heterogeneity { get; init; }
    public IReadOnlyList<IReadOnlyList<ContrastCell?>>? Contrasts { get; init; }

    /// <summary>null: everything is there.</summary>
    public TableCut? Truncated { get; init; }
}

/// <summary>What a table of features and segments shows; null: what says most.</summary>
internal sealed record HeatmapQuery(
    string? Estimand = null,
    string? Method = null,
    string? Dimension = null,
    string? Split = null,
    int SegmentPage = 1,
    int FeaturePage = 1
);

/// <summary>Who leans on what: features × segments with intervals.</summary>
internal static class HeatmapView
{
    // A cell with its contrast is some 130 bytes: 1,200 of them stay under 200 KB.
    private const int MostCells = 1200;
    private const int MostFeatures = 60;

    public static Heatmap? Of(RunFolder run, HeatmapQuery query)
    {
        if (
            Choose(run, query) is not { } key
            || run.Estimates.Find(key.Estimand, key.Method, key.Split, key.Dimension) is not { } block
        )
            return null;
        var words = EstimandWords.Of(key.Estimand);
        var overall = run.Estimates.Find(key.Estimand, key.Method, key.Split, SegmentBuilder.Overall);
        var ranked = block
            .Features.Where(f => f.Length > 0)
            .OrderByDescending(f => Size(overall?[SegmentBuilder.All, f] ?? Largest(block, f)))
            .ToArray();
        var features = Page(ranked, MostFeatures, query.FeaturePage);
        var shown = Math.Max(8, MostCells / Math.Max(1, features.Length));
        var all = Segments(run, key, block);
        var segments = Page(all, shown, query.SegmentPage);
        return new Heatmap
        {
            Estimand = key.Estimand,
            Title = words.Title,
            Unit = words.Unit,
            Method = key.Method,
            MethodTitle = run.Names.Method(key.Method),
            Dimension = key.Dimension,
            DimensionTitle =
                key.Dimension == SegmentBuilder.Overall ? "All rows" : run.Names.DimensionTitle(key.Dimension),
            Split = key.Split,
            Sentence = HeatmapSentence.Of(run, key, block, all, ranked),
            IsDiverging = words.IsDiverging,
            Segments = segments,
            Features = [.. features.Select(run.Names.Info).Select(f => new FeatureHead(f.Name, f.Title, f.Group))],
            Cells = [.. features.Select(f => (IReadOnlyList<Num?>)[.. segments.Select(s => Num.Bare(block[s.Id, f]))])],
            Overall = [.. features.Select(f => Num.Of(overall?[SegmentBuilder.All, f]))],
            Heterogeneity = ScatterOf(run, key, features),
            Contrasts = ContrastsOf(run, key, features, segments),
            Truncated = Cut(all.Length, segments.Length, ranked.Length, features.Length),
        };
    }

    /// <summary>The block that a query means; null where there is none such.</summary>
    public static BlockKey? Choose(RunFolder run, HeatmapQuery query)
    {
        var estimand = query.Estimand ?? run.Primary.Estimand;
        var keys = run
            .Estimates.Of(estimand)
            .Where(k => query.Split is null ? k.Split == Splits.Explain : k.Split == query.Split);
        if (query.Method is { } method)
            keys = keys.Where(k => k.Method == method);
        else if (query.Estimand is null)
            keys = keys.Where(k => k.Method == run.Primary.Method);
        if (query.Dimension is { } dimension)
            keys = keys.Where(k => k.Dimension == dimension);
        var found = keys.ToArray();
        return found.Length == 0
            ? null
            : found
                .Where(k => k.Dimension != SegmentBuilder.Overall)
                .OrderByDescending(k => Sure(run, k))
                .Append(found[0])
                .First();
    }

    // The dimension along which most differs for sure is the one to look at first.
    private static int Sure(RunFolder run, BlockKey key)
    {
        if (
            run.Estimates.Find(Estimands.Contrast + key.Estimand, key.Method, key.Split, key.Dimension) is not { } block
        )
            return 0;
        return block.Segments.Sum(s =>
            block.Features.Count(f => block[s.Id, f] is { PAdjusted: < 0.05, Replicated: not "no" })
        );
    }

    /// <summary>Segments with their sizes, in the order of the study.</summary>
    public static SegmentInfo[] Segments(RunFolder run, BlockKey key, EstimateBlock block)
    {
        var model = run.Estimates.Find(Estimands.Auc, "model", key.Split, key.Dimension);
        var known = model?.Segments ?? block.Segments;
        return
        [
            .. known
                .Concat(block.Segments)
                .DistinctBy(s => s.Id)
                .Select(s =>
                {
                    var cell =
                        model?[s.Id, ""]
                        ?? block.Features.Select(f => block[s.Id, f]).FirstOrDefault(c => c is not null);
                    return new SegmentInfo(s.Id, s.Label, cell?.Rows ?? 0, cell?.Clusters ?? 0, cell?.Status ?? "ok");
                }),
        ];
    }

    private static Scatter?[]? ScatterOf(RunFolder run, BlockKey key, string[] features)
    {
        var tau = run.Estimates.Find(Estimands.Heterogeneity + key.Estimand, key.Method, key.Split, key.Dimension);
        var share = run.Estimates.Find(Estimands.ISquared + key.Estimand, key.Method, key.Split, key.Dimension);
        return tau is null
            ? null
            :
            [
                .. features.Select(f =>
                    tau["between", f] is { } cell
                        ? new Scatter(
                            Num.Bare(cell),
                            Num.Bare(share?["between", f]),
                            Rounding.Of(double.IsNaN(cell.PAdjusted) ? cell.PValue : cell.PAdjusted)
                        )
                        : null
                ),
            ];
    }

    private static IReadOnlyList<ContrastCell?>[]? ContrastsOf(
        RunFolder run,
        BlockKey key,
        string[] features,
        SegmentInfo[] segments
    ) =>
        run.Estimates.Find(Estimands.Contrast + key.Estimand, key.Method, key.Split, key.Dimension) is { } block
            ?
            [
                .. features.Select(f =>
                    (IReadOnlyList<ContrastCell?>)
                        [
                            .. segments.Select(s =>
                                block[s.Id, f] is { } c && !double.IsNaN(c.Value)
                                    ? new ContrastCell(
                                        Rounding.Of(c.Value),
                                        Rounding.Of(c.Low),
                                        Rounding.Of(c.High),
                                        Rounding.Of(c.PAdjusted),
                                        c.Replicated
                                    )
                                    : null
                            ),
                        ]
                ),
            ]
            : null;

    private static TableCut? Cut(int segments, int shownSegments, int features, int shownFeatures) =>
        segments == shownSegments && features == shownFeatures
            ? null
            : new(
                segments == shownSegments ? null : new(shownSegments, segments, "segmentPage"),
                features == shownFeatures ? null : new(shownFeatures, features, "featurePage")
            );

    private static T[] Page<T>(IReadOnlyList<T> all, int size, int page) =>
        [.. all.Skip((Math.Max(1, page) - 1) * size).Take(size)];

    private static double Size(EstimateCell? cell) =>
        cell is { Value: var v } && !double.IsNaN(v) ? v : double.MinValue;

    private static EstimateCell? Largest(EstimateBlock block, string feature) =>
        block.Segments.Select(s => block[s.Id, feature]).Where(c => c is not null).MaxBy(c => c!.Value.Value);
}
