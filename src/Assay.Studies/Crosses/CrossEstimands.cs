namespace Assay.Studies;

/// <summary>Names of the rows about crosses.</summary>
internal static class CrossEstimands
{
    /// <summary>Logloss that adding the cross would save, to second order.</summary>
    public const string Missing = "missing_cross_logloss";

    /// <summary>Prefix of the gain of a model with the cross.</summary>
    public const string Gain = "cross_";
    public const string ScoreTest = "score-test";

    /// <summary>Method: only the cross is fitted, to the training rows.</summary>
    public const string Table = "table";

    /// <summary>Method: the whole network is fitted again, with and without the cross.</summary>
    public const string Refit = "refit";
}
