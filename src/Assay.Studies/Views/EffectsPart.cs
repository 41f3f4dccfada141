using Assay.Attribution;
using Assay.Attribution.Effects;
using Assay.Gradients;

namespace Assay.Studies;

/// <summary><c>effects.json</c>: how the score answers to each feature's value.</summary>
internal sealed class EffectsPart : IViewPart
{
    // One row set to every value costs that many evaluations; more rows than this hardly narrow an interval.
    private const int RowsOfPartialDependence = 1000;
    private const int MostReplicates = 500;
    private const double LeastShareOfList = 0.01;
    private const int LeastRows = 20;
    private const int LeastClusters = 5;
    private const double LeastReach = 0.5;

    public string Name => "effects";

    public object? Options(StudyDefinition study) => study.Effects;

    public object Empty => new { Features = Array.Empty<object>() };

    public (SampledRows Rows, object Body) Make(ChainContext context, Action<string> progress)
    {
        var asked = context.Study.Effects!;
        var rows = SampledRows.OfClusters(context, asked.Rows);
        var slots = context.Plan.Binding.Slots;
        int[] wanted =
        [
            .. Enumerable
                .Range(0, slots.Count)
                .Where(f => asked.Features.Count == 0 || asked.Features.Contains(slots[f].Name)),
        ];
        var replicates = Math.Clamp(context.Study.Replicates, 100, MostReplicates);
        var made = new EffectOfFeature?[wanted.Length];
        progress("support");
        using var scorer = Scorer.Open(
            context.Model,
            context.Study.Head,
            context.Study.Space == "probability" ? Space.Probability : Space.Logit,
            ModelRunner.BatchRows
        );
        var work = new Work(
            context,
            scorer,
            rows,
            new FeatureSupport(rows.Feeds, slots, rows.ClusterKeys),
            Segments(context, rows),
            new EffectSettings
            {
                Kind = EffectKind.Ale,
                Bins = asked.Grid,
                Levels = asked.Levels,
                Replicates = replicates,
                Seed = context.Study.Seed,
            }
        );
        MapStage.Parallel(
            context.Threads,
            wanted.Length,
            (i, stop) =>
            {
                stop.ThrowIfCancellationRequested();
                progress(slots[wanted[i]].Name);
                made[i] = work.Of(wanted[i]);
            },
            context.Options.Cancellation
        );
        var body = new
        {
            Unit = context.Study.Space == "probability" ? "probability" : "log-odds",
            Confidence = 0.95,
            replicates,
            Dimension = asked.Segments,
            Features = made.Where(f => f is not null),
        };
        return (rows, body);
    }

    private static IReadOnlyList<(SegmentRows Segment, EffectSegment Rows)> Segments(
        ChainContext context,
        SampledRows rows
    )
    {
        var data = context.Splits[0];
        return
        [
            .. data
                .Segments.Where(s => s.Dimension == context.Study.Effects!.Segments && data.IsShown(s))
                .Select(s => (s, new EffectSegment(s.Name, rows.Places(s.Rows))))
                .Where(s => s.Item2.Rows.Count >= 2),
        ];
    }

    private sealed class Work(
        ChainContext context,
        Scorer scorer,
        SampledRows rows,
        FeatureSupport support,
        IReadOnlyList<(SegmentRows Segment, EffectSegment Rows)> segments,
        EffectSettings settings
    )
    {
        private readonly ulong[] keys = rows.ClusterKeys;
        private readonly FeatureNames names = new(context.Plan);

        // A list that hardly ever repeats has no values to go along: none.
        public EffectOfFeature? Of(int feature)
        {
            var slot = context.Plan.Binding.Slots[feature];
            var entry = context.Plan.Features[feature].Entry;
            // Lists hardly ever repeat: only those that do, such as the empty one, are levels.
            var own = settings with
            {
                LeastShare = slot.Elements.Count > 1 ? LeastShareOfList : 0,
            };
            var (plain, parts) = support.At(
                feature,
                own,
                [
                    [.. Enumerable.Range(0, rows.Count)],
                    .. segments.Select(s => s.Rows.Rows),
                ]
            );
            if (slot.Elements.Count > 1 && !HasEnough(parts[0][0]))
                return null;
            var axis = EffectLabels.Of(entry, plain, context.Vocabularies.Labeller(ColumnOf(entry)));
            var asked = context.Study.Effects!;
            IReadOnlyList<FeatureEffect>? Curves(bool isAsked, EffectSettings with) =>
                isAsked
                    ? FeatureEffects.Compute(scorer, rows.Feeds, [slot], with, keys, [.. segments.Select(s => s.Rows)])
                    : null;
            var pdp = Curves(asked.Pdp, own with { Kind = EffectKind.Pdp, SampleRows = RowsOfPartialDependence });
            var ale = Curves(asked.Ale, own);
            return new EffectOfFeature
            {
                Name = slot.Name,
                DisplayName = names.Title(slot.Name),
                IsNumeric = axis.IsNumeric,
                Grid = [.. axis.Positions.Select(p => new GridPoint(axis.IsNumeric ? p.Number : p.Text, p.Label))],
                Density = Density(parts[0]),
                Reach = [.. parts[0].Select(p => p.Reach)],
                LimitedBy = [.. parts[0].Select(p => p.LimitedBy)],
                EnoughRows = [.. parts[0].Select(HasEnough)],
                Supported = [.. parts[0].Select(IsSupported)],
                Pdp = Curve.Of(pdp?[0]),
                Ale = Curve.Of(ale?[0]),
                Segments =
                [
                    .. segments.Select(
                        (s, i) =>
                            new EffectOfSegment
                            {
                                Name = s.Segment.Name,
                                Label = s.Segment.Label,
                                Density = Density(parts[i + 1]),
                                EnoughRows = [.. parts[i + 1].Select(HasEnough)],
                                Supported = [.. parts[i + 1].Select(IsSupported)],
                                Pdp = Curve.Of(pdp?[i + 1]),
                                Ale = Curve.Of(ale?[i + 1]),
                            }
                    ),
                ],
            };
        }

        private static SegmentDefinition ColumnOf(FeatureEntry entry) =>
            new()
            {
                Name = entry.Source,
                Kind = SegmentKind.Column,
                Column = entry.Source,
            };

        private static double[] Density(IReadOnlyList<PositionSupport> at)
        {
            var total = at.Sum(p => (double)p.Rows);
            return [.. at.Select(p => total == 0 ? 0 : p.Rows / total)];
        }

        private static bool HasEnough(PositionSupport at) => at.Rows >= LeastRows && at.Clusters >= LeastClusters;

        private static bool IsSupported(PositionSupport at) => HasEnough(at) && at.Reach >= LeastReach;
    }
}

/// <summary>A value at which effects are given.</summary>
/// <param name="At">A number; of a category its id as text.</param>
/// <param name="Label">As people call it.</param>
internal sealed record GridPoint(object At, string Label);

/// <summary>A curve along the grid.</summary>
internal sealed record Curve(int Rows, int Clusters, double Mean, double[] Values, double[] Low, double[] High)
{
    public static Curve? Of(FeatureEffect? effect) =>
        effect is null
            ? null
            : new(
                effect.Rows,
                effect.Clusters,
                effect.Mean,
                effect.Values,
                [.. effect.Intervals.Select(i => i.Low)],
                [.. effect.Intervals.Select(i => i.High)]
            );
}

/// <summary>The effects of a feature.</summary>
internal sealed record EffectOfFeature
{
    public required string Name { get; init; }
    public required string DisplayName { get; init; }
    public required bool IsNumeric { get; init; }

    public required GridPoint[] Grid { get; init; }
    public required double[] Density { get; init; }
    public required double[] Reach { get; init; }
    public required string?[] LimitedBy { get; init; }
    public required bool[] EnoughRows { get; init; }
    public required bool[] Supported { get; init; }
    public required Curve? Pdp { get; init; }
    public required Curve? Ale { get; init; }
    public required EffectOfSegment[] Segments { get; init; }
}

/// <summary>The same in one segment.</summary>
internal sealed record EffectOfSegment
{
    public required string Name { get; init; }
    public required string Label { get; init; }
    public required double[] Density { get; init; }
    public required bool[] EnoughRows { get; init; }
    public required bool[] Supported { get; init; }
    public required Curve? Pdp { get; init; }
    public required Curve? Ale { get; init; }
}
