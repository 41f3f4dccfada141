namespace Assay.Studies;

/// <summary>What retraining adds to the estimates.</summary>
internal static class RefitEstimands
{
    public const string Method = "retrain";
    public const string Shuffled = "shuffled-labels";

    /// <summary>The interval covers clusters and seeds, by Student's t with Satterthwaite's degrees of freedom.</summary>
    public const string StudentT = "student_t";

    /// <summary>Prefixes of the quality lost when the network is fitted without a feature.</summary>
    public const string LocoAuc = "loco_auc",
        LocoLogLoss = "loco_logloss";

    /// <summary>Prefixes of an importance in refits: its mean, its spread between seeds, the standard error within one.</summary>
    public const string Refit = "refit_",
        BetweenSeeds = "between_seed_sd_",
        WithinSeed = "within_seed_sd_";

    /// <summary>Prefixes of the same in fits to shuffled labels, and of the given model's importance above it.</summary>
    public const string Null = "null_",
        OverNull = "over_null_";

    /// <summary>Quality of the refits.</summary>
    public const string RefitAuc = "refit_auc";

    /// <summary>Split of test rows that are not the holdout.</summary>
    public const string Test = "test";
}
