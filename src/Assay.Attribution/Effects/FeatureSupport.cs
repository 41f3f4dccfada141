using Assay.Attribution.Interactions;
using Assay.Onnx;

namespace Assay.Attribution.Effects;

/// <summary>What rows say for a position of a feature.</summary>
/// <param name="Rows">Rows whose value is nearest to it.</param>
/// <param name="Clusters">Clusters they fall into.</param>
/// <param name="Reach">
/// The share of rows for which the position is not strange given another feature, the least over the other features. Values of the other
/// feature are strata; one is reached if it holds at least a tenth of the rows at the position that it would hold were the
/// two features independent, or would hold too few to tell (fewer than two).
/// </param>
/// <param name="LimitedBy">The feature with the least reach; null where no row is out of reach.</param>
public sealed record PositionSupport(int Rows, int Clusters, double Reach, string? LimitedBy);

/// <summary>
/// Where effects stand on rows and where they extrapolate. A partial dependence sets a value in rows that never have it, given their
/// other values: the check is of pairs of features, positivity in the sense of Petersen et al. 2012 (Stat Methods Med Res 21).
/// </summary>
public sealed class FeatureSupport
{
    private const double LeastExpected = 2;
    private const double LeastShare = 0.1;
    private static readonly EffectSettings Coarse = new()
    {
        Kind = EffectKind.Pdp,
        Bins = 8,
        Levels = 8,
    };

    private readonly IReadOnlyDictionary<string, TensorData> rows;
    private readonly IReadOnlyList<FeatureSlot> features;
    private readonly RowClusters clusters;

    // For each feature the stratum of each row; the last is of missing values.
    private readonly (int[] OfRow, int Count)[] strata;

    /// <summary>Cuts all features into strata.</summary>
    /// <param name="rows">Graph inputs by name.</param>
    /// <param name="features">All features.</param>
    /// <param name="clusterOfRow">For each row the key of its cluster; null where rows are independent.</param>
    public FeatureSupport(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyList<FeatureSlot> features,
        IReadOnlyList<ulong>? clusterOfRow = null
    )
    {
        (this.rows, this.features) = (rows, features);
        clusters = RowClusters.Of(clusterOfRow, RowsOfInputs.Count(rows, "rows"));
        strata = [.. features.Select(Strata)];
    }

    /// <summary>The positions of a feature, the same as its effects have, and what supports each.</summary>
    /// <param name="feature">Its number.</param>
    /// <param name="settings">Of its effects.</param>
    /// <param name="parts">The rows of each part for which support is wanted.</param>
    /// <returns>The axis, and for each part one support for each position.</returns>
    public (EffectAxis Axis, IReadOnlyList<IReadOnlyList<PositionSupport>> Parts) At(
        int feature,
        EffectSettings settings,
        IReadOnlyList<IReadOnlyList<int>> parts
    )
    {
        var axis = Axis.Of(rows, features[feature], settings);
        return (axis.Shown, [.. parts.Select(p => Support(feature, axis, p))]);
    }

    private PositionSupport[] Support(int feature, Axis axis, IReadOnlyList<int> part)
    {
        int[] known = [.. part.Where(r => axis.Near[r] >= 0)];
        var near = new int[axis.Count];
        foreach (var r in known)
            near[axis.Near[r]]++;
        var seen = new HashSet<(int, int)>();
        var ofClusters = new int[axis.Count];
        foreach (var r in known)
            if (seen.Add((axis.Near[r], clusters.OfRow[r])))
                ofClusters[axis.Near[r]]++;
        var (reach, by) = (Enumerable.Repeat(1.0, axis.Count).ToArray(), new string?[axis.Count]);
        for (var other = 0; other < features.Count; other++)
        {
            if (other == feature)
                continue;
            var own = Reach(axis, near, known, strata[other]);
            for (var p = 0; p < own.Length; p++)
                if (own[p] < reach[p])
                    (reach[p], by[p]) = (own[p], features[other].Name);
        }
        return [.. near.Select((n, p) => new PositionSupport(n, ofClusters[p], reach[p], by[p]))];
    }

    private static double[] Reach(Axis axis, int[] near, int[] known, (int[] OfRow, int Count) strata)
    {
        var together = new int[strata.Count, near.Length];
        var size = new int[strata.Count];
        foreach (var r in known)
        {
            together[strata.OfRow[r], axis.Near[r]]++;
            size[strata.OfRow[r]]++;
        }
        var reach = new double[near.Length];
        for (var p = 0; p < near.Length; p++)
        {
            var reached = 0;
            for (var s = 0; s < size.Length; s++)
            {
                var expected = (double)size[s] * near[p] / Math.Max(1, known.Length);
                if (expected < LeastExpected || together[s, p] >= LeastShare * expected)
                    reached += size[s];
            }
            reach[p] = known.Length == 0 ? 0 : (double)reached / known.Length;
        }
        return reach;
    }

    private (int[], int) Strata(FeatureSlot slot)
    {
        try
        {
            var axis = Axis.Of(rows, slot, Coarse);
            // Steps of a number hold equally many rows.
            var of = axis.Shown.IsNumeric ? axis.Step : axis.Near;
            return (Array.ConvertAll(of, n => n < 0 ? axis.Count : n), axis.Count + 1);
        }
        catch (AssayException e) when (e.Fault == Fault.Input)
        {
            // A number that no row has tells nothing apart.
            return (new int[clusters.Rows], 1);
        }
    }
}
