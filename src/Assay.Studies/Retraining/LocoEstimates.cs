using Assay.Statistics;
using Assay.Training;

namespace Assay.Studies;

/// <summary>Turns the losses of refits with and without a feature into a row of estimates.</summary>
internal static class LocoEstimates
{
    public const string Method = "retrain";
    public const string LogLossEstimand = "loco_logloss";

    /// <summary>The interval covers test clusters and seeds, by Student's t with Satterthwaite's degrees of freedom.</summary>
    public const string StudentT = "student_t";

    /// <summary>The increase of the log loss without the feature, paired over seeds and clusters.</summary>
    /// <param name="row">Split, segment and head of the result.</param>
    /// <param name="feature">What was left out.</param>
    /// <param name="increase">The comparison.</param>
    public static Estimate LogLoss(Estimate row, string feature, LossIncrease increase) =>
        row with
        {
            Feature = feature,
            Estimand = LogLossEstimand,
            Method = Method,
            Value = increase.Estimate,
            StandardError = increase.StandardError,
            Low = increase.Interval.Low,
            High = increase.Interval.High,
            Interval = StudentT,
            PValue =
                increase.StandardError == 0
                    ? (increase.Estimate == 0 ? 1 : 0)
                    : PValues.FromT(increase.Estimate / increase.StandardError, increase.DegreesOfFreedom),
            Rows = increase.Rows,
            Clusters = increase.Clusters,
        };
}
