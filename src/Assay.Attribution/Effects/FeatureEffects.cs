using Assay.Attribution.Interactions;
using Assay.Onnx;

namespace Assay.Attribution.Effects;

/// <summary>How the score answers to the value of a feature, or of two, over rows and segments.</summary>
public static class FeatureEffects
{
    private const int RowsOfPartialDependence = 1000;
    private const int RowsOfLocalEffects = 100_000;

    /// <summary>The effects over all rows and, where segments are given, in each of them, at the same positions.</summary>
    /// <param name="scorer">The model, head and space.</param>
    /// <param name="rows">Graph inputs by name.</param>
    /// <param name="features">One or two features or groups, which are set to values of rows as a whole.</param>
    /// <param name="settings">What is drawn, and how.</param>
    /// <param name="clusters">For each row the key of its cluster, which intervals resample whole; null where rows are independent.</param>
    /// <param name="segments">For each row its segment; null: in none.</param>
    /// <exception cref="AssayException">Usage: an option out of range, or not one or two features. Input: a feature has no values.</exception>
    public static IReadOnlyList<FeatureEffect> Compute(
        Scorer scorer,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyList<FeatureSlot> features,
        EffectSettings settings,
        IReadOnlyList<ulong>? clusters = null,
        IReadOnlyList<string?>? segments = null
    ) =>
        Compute(
            scorer,
            rows,
            features,
            settings,
            clusters,
            [
                .. Enumerable
                    .Range(0, segments?.Count ?? 0)
                    .Where(r => segments![r] is not null)
                    .GroupBy(r => segments![r]!)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new EffectSegment(g.Key, [.. g])),
            ]
        );

    /// <summary>The same where a row may be in several segments; these keep their order.</summary>
    /// <param name="scorer">The model, head and space.</param>
    /// <param name="rows">Graph inputs by name.</param>
    /// <param name="features">One or two features or groups, which are set to values of rows as a whole.</param>
    /// <param name="settings">What is drawn, and how.</param>
    /// <param name="clusters">For each row the key of its cluster; null where rows are independent.</param>
    /// <param name="segments">Rows for which effects are given besides those over all rows.</param>
    /// <exception cref="AssayException">Usage: an option out of range, or not one or two features. Input: a feature has no values.</exception>
    public static IReadOnlyList<FeatureEffect> Compute(
        Scorer scorer,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyList<FeatureSlot> features,
        EffectSettings settings,
        IReadOnlyList<ulong>? clusters,
        IReadOnlyList<EffectSegment> segments
    )
    {
        settings.Validate();
        if (features.Count is not (1 or 2) || features.Select(f => f.Name).Distinct().Count() != features.Count)
            throw AssayException.Usage("Effects are of one feature or of two different ones.");
        if (features.Count == 2 && settings.Kind == EffectKind.Ice)
            throw AssayException.Usage("Curves of single rows (ice) are of one feature; of two there is pdp or ale.");
        var count = RowsOfInputs.Count(rows, "rows");
        var all = RowClusters.Of(clusters, count);
        Axis[] axes = [.. features.Select(f => Axis.Of(rows, f, settings))];
        var mixer = new RowMixer(scorer, rows, axes);
        var result = new List<FeatureEffect> { Of(null, [.. Enumerable.Range(0, count)]) };
        foreach (var segment in segments)
            result.Add(Of(segment.Name, [.. segment.Rows]));
        return result;

        FeatureEffect Of(string? segment, int[] among)
        {
            var most =
                settings.SampleRows ?? (settings.Kind == EffectKind.Ale ? RowsOfLocalEffects : RowsOfPartialDependence);
            int[] used =
            [
                .. RowSample.Pick(among.Length, most, settings.Seed, $"effects {segment}").Select(i => among[i]),
            ];
            var before = mixer.Evaluations;
            var task = new EffectTask(mixer, axes, used, all.Take(used), settings);
            var effect =
                settings.Kind != EffectKind.Ale ? PartialDependence.Of(task)
                : axes.Length == 1 ? LocalEffects.Of(task)
                : LocalInteraction.Of(task);
            return effect with { Segment = segment, Evaluations = mixer.Evaluations - before };
        }
    }
}
