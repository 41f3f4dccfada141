namespace Assay.Studies;

/// <summary>Features whose explained data differ from the training data.</summary>
internal sealed class DriftFindings : IFindingSource
{
    /// <summary>A change of the share of missing values above it is.</summary>
    public const double SomeMissing = 0.05;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Explained(Estimands.ParityPsi)
            .Concat(context.Explained(Estimands.ParityMissing))
            .Where(e => e.Feature.Length > 0 && e.Dimension == SegmentBuilder.Overall)
            .Select(e =>
                context.Of(e, Least(context, e), remarks: false) with
                {
                    Said = FindingKind.Drifted,
                    Holds = again => IsShift(context, again),
                }
            )
            .Where(e => IsShift(context, e.Estimate))
            .Select(e => Draft(context, e));

    private static ParityDefinition Limits(FindingContext context) => context.Study.Parity ?? new();

    private static double Least(FindingContext context, Estimate e) =>
        e.Estimand == Estimands.ParityPsi ? Limits(context).Warn : SomeMissing;

    private static bool IsShift(FindingContext context, Estimate e)
    {
        var least = Least(context, e);
        return double.IsNaN(e.Low) ? Math.Abs(e.Value) > least : Math.Max(e.Low, -e.High) > least;
    }

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        return new()
        {
            Evidence = evidence,
            Effect =
                e.Estimand == Estimands.ParityPsi
                    ? $"{title} has drifted: the rows studied differ from those the model was trained on{(e.Value > Limits(context).Alarm ? " by much" : "")} (stability index {Text.Number(e.Value)}; up to {Text.Number(Limits(context).Warn)} is usual)."
                    : $"{title} is missing {(e.Value > 0 ? "more" : "less")} often than in training: its share of missing values {(e.Value > 0 ? "rose" : "fell")} by {Text.Percent(Math.Abs(e.Value))} of the rows.",
            ToDo = $"Find out why {title} differs from training, and mend the pipeline or retrain.",
            Alternatives =
            [
                "the rows studied are of another season or market than those of training, and nothing is broken",
            ],
            OwnAlternativesOnly = true,
        };
    }
}
