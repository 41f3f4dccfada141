namespace Assay.Studies;

/// <summary>What trying other baselines and settings adds to the estimates.</summary>
internal static class SensitivityEstimands
{
    /// <summary>Prefix of the study's own importance, with the smallest and largest over what was tried, and the places it has.</summary>
    public const string Band = "band_";

    /// <summary>Kendall's tau-b of the study's own ranking and that of a variant.</summary>
    public const string Rank = "sensitivity_rank";
}
