namespace Assay.Worlds.Truth;

/// <summary>What is true of one feature over some rows, in the units that a study estimates.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="MeanAbsShapley">Mean |exact Shapley value| of the true logit against the baseline row.</param>
/// <param name="MeanShapley">Mean exact Shapley value, signed.</param>
/// <param name="DeltaLogLoss">
/// What the true model's expected logloss (nats) gains when the feature is permuted at its level.
/// </param>
/// <param name="DeltaAuc">What the true model's AUC loses when the feature is permuted at its level.</param>
/// <param name="AloneAuc">
/// AUC of the click rate by the feature's value alone, rates from the training rows: what confounding feeds on. NaN for a
/// sequence.
/// </param>
public sealed record FeatureTruth(
    WorldFeature Feature,
    double MeanAbsShapley,
    double MeanShapley,
    double DeltaLogLoss,
    double DeltaAuc,
    double AloneAuc
);

/// <summary>What is true of a world over some rows.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Auc">AUC of the true logit: no model does better but by luck.</param>
/// <param name="LogLoss">Logloss of the true logit, in nats.</param>
/// <param name="Features">One entry per feature, in the order of <see cref="WorldFeatures.All"/>.</param>
public sealed record PopulationTruth(int Rows, double Auc, double LogLoss, IReadOnlyList<FeatureTruth> Features)
{
    /// <summary>The truth over the given rows of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="rows">Row numbers, for instance of one split and segment.</param>
    /// <param name="baseline">The row that Shapley values are measured against; null for the world's reference row.</param>
    /// <param name="repeats">Permutations averaged over.</param>
    public static PopulationTruth Of(World world, ReadOnlySpan<int> rows, WorldRow? baseline = null, int repeats = 4)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("No rows to state the truth of; choose another segment or split.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repeats);
        return new TruthCalculator(world, rows.ToArray()).Compute(baseline ?? world.Reference, repeats);
    }
}
