using Assay.Studies;

namespace Assay.Server;

/// <summary>A quantity as readers know it.</summary>
/// <param name="Id">Its name in estimates.parquet.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Unit">Its unit: AUC, log loss, logit, share.</param>
/// <param name="Says">What it means, in a sentence.</param>
/// <param name="Verb">What the first of the features does: "matters most".</param>
/// <param name="IsAbsolute">Whether it is a size: never below zero.</param>
/// <param name="IsDiverging">Whether both sides of zero mean something.</param>
internal sealed record EstimandInfo(
    string Id,
    string Title,
    string Unit,
    string Says,
    string Verb,
    bool IsAbsolute,
    bool IsDiverging
);

/// <summary>The quantities of a study in words.</summary>
internal static class EstimandWords
{
    private static readonly (string Prefix, string Title, string Says, string Verb, bool Diverging)[] Losses =
    [
        (
            "conditional_permutation_",
            "What only this feature gives",
            "What the model loses when the feature is drawn anew given the others: what no other feature can stand in for.",
            "gives most that no other could",
            false
        ),
        (
            "present_permutation_",
            "Worth where it is known",
            "What the model loses without the feature, over the rows that have it.",
            "is worth most where it is known",
            false
        ),
        (
            "permutation_",
            "What the model loses without it",
            "What the model loses when the feature's values are mixed up among rows: how much it leans on the feature.",
            "matters most",
            false
        ),
        (
            "opportunity_",
            "What filling it in might gain",
            "What the model might gain if every row had the feature, taking rows that lack it to be like those that have it.",
            "promises most",
            false
        ),
        (
            "loco_",
            "Lost when trained without it",
            "What the model loses when it is trained anew without the feature.",
            "is missed most",
            false
        ),
        (
            "cross_",
            "Gained with the cross",
            "What the model gains when it is trained anew with the cross of two features added.",
            "gains most",
            false
        ),
        (
            "missing_cross_",
            "What a missing cross may cost",
            "How much of the error a cross of two features that the model lacks explains.",
            "is missing most",
            false
        ),
        (
            "taylor_",
            "Loss avoided, to first order",
            "How much the loss would rise to first order without the feature.",
            "saves most",
            false
        ),
        (
            "sage_",
            "Share of the loss saved",
            "What the feature saves of the loss, shared fairly among the features.",
            "saves most",
            false
        ),
    ];

    private static readonly (string Prefix, string Title, bool Diverging)[] Derived =
    [
        ("contrast_", "Here against elsewhere: ", true),
        ("shrunk_", "Drawn towards the average: ", false),
        ("adjusted_", "With a confounder held: ", false),
        ("moved_", "Taken away by holding a confounder: ", true),
        ("persistent_", "Weakest period: ", false),
        ("trend_", "Change over the periods: ", true),
        ("refit_", "Average over retrainings: ", false),
        ("null_", "On shuffled labels: ", false),
        ("over_null_", "Above shuffled labels: ", false),
        ("between_seed_sd_", "Scatter between retrainings: ", false),
        ("within_seed_sd_", "Scatter within a retraining: ", false),
        ("stability_", "On changed training data: ", false),
        ("heterogeneity_", "Scatter between segments: ", false),
        ("i_squared_", "Scatter that chance does not explain: ", false),
        ("band_", "Range over other settings: ", false),
        ("search_", "Found by searching: ", true),
        ("lead_", "Lead of the first: ", false),
    ];

    /// <summary>Qualities of the model, best known first.</summary>
    public static readonly (string Id, string Title, string Unit)[] Qualities =
    [
        (Estimands.Auc, "Right order of a good and a bad one", "AUC"),
        (Estimands.LogLoss, "Surprise at what happened", "log loss"),
        (Estimands.Gauc, "Right order within a list", "AUC in lists"),
        (Estimands.Ndcg, "Good ones at the top of a list", "NDCG@10"),
        (Estimands.CalibrationError, "Gap of predicted to actual rate", "share"),
    ];

    public static EstimandInfo Of(string id)
    {
        foreach (var (prefix, title, diverging) in Derived)
            if (id.StartsWith(prefix, StringComparison.Ordinal))
            {
                var core = Of(id[prefix.Length..]);
                return core with
                {
                    Id = id,
                    Title = title + char.ToLowerInvariant(core.Title[0]) + core.Title[1..],
                    IsDiverging = diverging || core.IsDiverging,
                    IsAbsolute = core.IsAbsolute && !diverging,
                };
            }
        foreach (var (prefix, title, says, verb, diverging) in Losses)
            if (id.StartsWith(prefix, StringComparison.Ordinal))
                return new(id, title, Unit(id[prefix.Length..]), says, verb, false, diverging);
        return Single(id);
    }

    private static EstimandInfo Single(string id) =>
        id switch
        {
            Estimands.MeanAbsAttribution => new(
                id,
                "How much the model uses it",
                "logit",
                "The average size of the feature's share of a score: how much the model uses it, not whether it needs it.",
                "is used most",
                true,
                false
            ),
            Estimands.MeanAttribution => new(
                id,
                "Which way it pushes scores",
                "logit",
                "The average of the feature's share of a score, with its sign.",
                "pushes scores up most",
                false,
                true
            ),
            Estimands.Coverage => new(
                id,
                "Rows that have it",
                "share",
                "The share of rows in which the feature is known.",
                "is known most often",
                true,
                false
            ),
            Estimands.MissingShare => new(
                id,
                "Rows that lack it",
                "share",
                "The share of rows in which the feature is empty.",
                "is missing most often",
                true,
                false
            ),
            Estimands.DefaultShare => new(
                id,
                "Rows with a stand-in for it",
                "share",
                "The share of rows in which a default or the unknown value stands in for the feature.",
                "is replaced most often",
                true,
                false
            ),
            Estimands.AloneAuc => new(
                id,
                "How well it predicts alone",
                "AUC",
                "How well a rule that knows this feature only orders rows; 0.5 is guessing.",
                "predicts best alone",
                true,
                false
            ),
            Estimands.ParityPsi => new(
                id,
                "Drift since training",
                "stability index",
                "How far the rows studied differ from those of training; up to 0.1 is usual.",
                "has drifted most",
                true,
                false
            ),
            Estimands.ParityMissing => new(
                id,
                "Missing more often than in training",
                "share",
                "The share of missing, default and unknown values less that of training.",
                "has become missing most",
                false,
                true
            ),
            Estimands.ParityShift => new(
                id,
                "Shift of the mean since training",
                "standard deviations",
                "The mean less that of training.",
                "has shifted up most",
                false,
                true
            ),
            Estimands.ParityUnseen => new(
                id,
                "Values training never had",
                "share",
                "The share of known values that the training data do not have.",
                "is new most often",
                true,
                false
            ),
            _ => Quality(id),
        };

    private static EstimandInfo Quality(string id)
    {
        foreach (var (quality, title, unit) in Qualities)
            if (id == quality)
                return new(id, title, unit, title + ".", "is best", true, false);
        var plain = FeatureNames.Plain(id.Replace('@', ' '));
        return new(id, plain, Unit(id[(id.LastIndexOf('_') + 1)..]), plain + ".", "is largest", false, false);
    }

    private static string Unit(string metric) =>
        metric switch
        {
            "auc" => "AUC",
            "logloss" => "log loss",
            "gauc" => "AUC in lists",
            "ndcg@10" => "NDCG@10",
            "attribution" => "logit",
            _ => "",
        };
}
