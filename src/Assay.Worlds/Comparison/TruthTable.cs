using Assay.Worlds.Truth;

namespace Assay.Worlds.Comparison;

/// <summary>A population quantity that is both known and estimated.</summary>
public enum TruthEstimand
{
    /// <summary>Mean |attribution| of the logit against the reference row.</summary>
    MeanAbsAttribution,

    /// <summary>Loss of logloss under permutation, in nats.</summary>
    DeltaLogLoss,

    /// <summary>Loss of AUC under permutation.</summary>
    DeltaAuc,
}

/// <summary>What a study found for one feature.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
public sealed record Finding(double Value, double Low, double High);

/// <summary>One line of truth beside estimate.</summary>
/// <param name="Feature">The feature, its role among others.</param>
/// <param name="Truth">The quantity under the planted logit.</param>
/// <param name="Found">What the study found; null where it found nothing for the feature.</param>
/// <param name="TruthRank">1 for the largest truth.</param>
/// <param name="FoundRank">1 for the largest estimate.</param>
public sealed record TruthLine(WorldFeature Feature, double Truth, Finding? Found, int TruthRank, int FoundRank);

/// <summary>Puts what is true beside what was found.</summary>
public static class TruthTable
{
    /// <summary>The quantity itself, per feature of <see cref="WorldFeatures.All"/>.</summary>
    public static double Of(this FeatureTruth truth, TruthEstimand estimand) =>
        estimand switch
        {
            TruthEstimand.MeanAbsAttribution => truth.MeanAbsShapley,
            TruthEstimand.DeltaLogLoss => truth.DeltaLogLoss,
            _ => truth.DeltaAuc,
        };

    /// <summary>One line per feature, the largest truth first; features that are truly nil follow in estimate order.</summary>
    /// <param name="truth">The truth over the rows studied.</param>
    /// <param name="estimand">The quantity.</param>
    /// <param name="found">The estimates by feature name.</param>
    public static IReadOnlyList<TruthLine> Lines(
        PopulationTruth truth,
        TruthEstimand estimand,
        IReadOnlyDictionary<string, Finding> found
    )
    {
        double Estimate(FeatureTruth f) => found.GetValueOrDefault(f.Feature.Name)?.Value ?? double.NegativeInfinity;
        var byEstimate = truth.Features.OrderByDescending(Estimate).ToList();
        return
        [
            .. truth
                .Features.OrderByDescending(f => f.Of(estimand))
                .ThenByDescending(Estimate)
                .Select(
                    (f, i) =>
                        new TruthLine(
                            f.Feature,
                            f.Of(estimand),
                            found.GetValueOrDefault(f.Feature.Name),
                            i + 1,
                            byEstimate.IndexOf(f) + 1
                        )
                ),
        ];
    }
}
