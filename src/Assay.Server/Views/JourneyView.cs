using Assay.Studies;

namespace Assay.Server;

/// <summary>A share of what the model uses by the age of the event it comes from.</summary>
internal sealed record HistoryShare(string Bucket, Num Share);

/// <summary>A cohort's reliance, feature by feature.</summary>
internal sealed record Cohort(string Label, IReadOnlyList<Num?> Values);

/// <summary>How reliance goes over the stages of a journey.</summary>
internal sealed record JourneyDocument
{
    public required string Sentence { get; init; }

    /// <summary>The dimension whose segments are the stages; null: there is none.</summary>
    public Ref? Dimension { get; init; }

    /// <summary>All dimensions that tell stages apart, to choose from.</summary>
    public required IReadOnlyList<Ref> Dimensions { get; init; }
    public required string Unit { get; init; }
    public required IReadOnlyList<SegmentInfo> Stages { get; init; }
    public required IReadOnlyList<FeatureHead> Features { get; init; }

    /// <summary>Features × stages.</summary>
    public required IReadOnlyList<IReadOnlyList<Num?>> Cells { get; init; }
    public required IReadOnlyList<HistoryShare> History { get; init; }

    /// <summary>Segments of the crosses of the stages with another dimension.</summary>
    public required IReadOnlyList<Cohort> Cohorts { get; init; }
}

/// <summary>What the model leans on as users come further.</summary>
internal static class JourneyView
{
    private const int MostFeatures = 30;
    private const int MostCohorts = 24;

    public static JourneyDocument Of(RunFolder run, string? dimension = null)
    {
        var stages = RunsView.Dimensions(run).Where(d => d.Kind == "journey").ToArray();
        var chosen = stages.FirstOrDefault(d => dimension is null ? true : d.Name == dimension);
        if (chosen is null || HeatmapView.Of(run, new(Dimension: chosen.Name)) is not { } map)
            return new()
            {
                Sentence =
                    "This study tells no stages apart; give a dimension of 'segments' in study.yaml a 'journey:' of stages, or say 'about: journey', and run it again.",
                Dimensions = [],
                Unit = "",
                Stages = [],
                Features = [],
                Cells = [],
                History = History(run),
                Cohorts = [],
            };
        var shown = Math.Min(MostFeatures, map.Features.Count);
        return new()
        {
            Sentence = Sentence(run, map),
            Dimension = new(chosen.Name, chosen.Title),
            Dimensions = [.. stages.Select(d => new Ref(d.Name, d.Title))],
            Unit = map.Unit,
            Stages = map.Segments,
            Features = [.. map.Features.Take(shown)],
            Cells = [.. map.Cells.Take(shown)],
            History = History(run),
            Cohorts = Cohorts(run, chosen.Name, [.. map.Features.Take(shown).Select(f => f.Name)]),
        };
    }

    // What grows most between the first stage and the last, and what shrinks most.
    private static string Sentence(RunFolder run, Heatmap map)
    {
        var shown = Enumerable.Range(0, map.Segments.Count).Where(s => map.Segments[s].Status == "ok").ToArray();
        if (shown.Length < 2)
            return map.Sentence;
        var (first, last) = (shown[0], shown[^1]);
        var changes = Enumerable
            .Range(0, map.Features.Count)
            .Where(f => map.Cells[f][first]?.Value is not null && map.Cells[f][last]?.Value is not null)
            .Select(f => (Feature: map.Features[f].Title, From: map.Cells[f][first]!, To: map.Cells[f][last]!))
            .Where(c => c.From.High < c.To.Low || c.To.High < c.From.Low)
            .OrderByDescending(c => Math.Abs(c.To.Value!.Value - c.From.Value!.Value))
            .Take(2)
            .ToArray();
        if (changes.Length == 0)
            return $"From {map.Segments[first].Label} to {map.Segments[last].Label} no feature counts more or less beyond chance. {map.Sentence}";
        return string.Join(
            ' ',
            changes.Select(c =>
                $"{c.Feature} counts {(c.To.Value > c.From.Value ? "more" : "less")} the further users come: {Say.WithInterval(c.From, map.Unit)}, for {map.Segments[first].Label}; {Say.WithInterval(c.To, map.Unit)}, for {map.Segments[last].Label}."
            )
        );
    }

    private static Cohort[] Cohorts(RunFolder run, string dimension, string[] features)
    {
        var (estimand, method) = run.Primary;
        return
        [
            .. run
                .Estimates.Of(estimand)
                .Where(k => k.Method == method && k.Split == Splits.Explain)
                .Where(k => k.Dimension.Split(" × ") is { Length: 2 } pair && pair.Contains(dimension))
                .SelectMany(k =>
                    run.Estimates.Find(k.Estimand, k.Method, k.Split, k.Dimension)!
                        .Segments.Select(s => (Key: k, Segment: s))
                )
                .Take(MostCohorts)
                .Select(c => new Cohort(
                    c.Segment.Label,
                    [
                        .. features.Select(f =>
                            Num.Bare(
                                run.Estimates.Find(c.Key.Estimand, c.Key.Method, c.Key.Split, c.Key.Dimension)![
                                    c.Segment.Id,
                                    f
                                ]
                            )
                        ),
                    ]
                )),
        ];
    }

    // Positions of a list are features of their own: NAME[0] is the newest or the oldest as the dictionary says.
    private static HistoryShare[] History(RunFolder run)
    {
        var use = run
            .Estimates.Of(Estimands.MeanAbsAttribution)
            .FirstOrDefault(k => k.Split == Splits.Explain && k.Dimension == SegmentBuilder.Overall);
        if (
            use.Method is null
            || run.Estimates.Find(use.Estimand, use.Method, use.Split, use.Dimension) is not { } block
        )
            return [];
        var positions = block
            .Features.Where(f => f.EndsWith(']') && f.Contains('[', StringComparison.Ordinal))
            .Select(f => (Feature: f, Cell: block[SegmentBuilder.All, f]))
            .Where(p => p.Cell is { } c && !double.IsNaN(c.Value))
            .ToArray();
        var total = positions.Sum(p => p.Cell!.Value.Value);
        return total <= 0
            ? []
            :
            [
                .. positions
                    .Take(60)
                    .Select(p => new HistoryShare(
                        run.Names.Title(p.Feature),
                        Num.Of(p.Cell!.Value.Value / total, p.Cell.Value.Low / total, p.Cell.Value.High / total)
                    )),
            ];
    }
}
