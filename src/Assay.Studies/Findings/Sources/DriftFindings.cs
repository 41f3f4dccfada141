namespace Assay.Studies;

/// <summary>Features whose explained data differ from the training data.</summary>
internal sealed class DriftFindings : IFindingSource
{
    public const string Psi = "parity_psi";
    public const string Missing = "parity_missing";

    /// <summary>A population stability index above it is a shift worth looking at (the usual convention: .1 some, .25 much).</summary>
    public const double SomeShift = 0.1;
    public const double MuchShift = 0.25;

    /// <summary>A change of the share of missing values above it is.</summary>
    public const double SomeMissing = 0.05;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Explained(Psi)
            .Concat(context.Explained(Missing))
            .Where(e => e.Feature.Length > 0 && e.Dimension == SegmentBuilder.Overall)
            .Select(e =>
                context.Of(e, e.Estimand == Psi ? SomeShift : SomeMissing, remarks: false) with
                {
                    Said = FindingKind.Drifted,
                    Holds = IsShift,
                }
            )
            .Where(e => IsShift(e.Estimate))
            .Select(e => Draft(context, e));

    private static bool IsShift(Estimate e)
    {
        var least = e.Estimand == Psi ? SomeShift : SomeMissing;
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
                e.Estimand == Psi
                    ? $"{title} has drifted: the rows studied differ from those the model was trained on{(e.Value > MuchShift ? " by much" : "")} (stability index {Text.Number(e.Value)}; up to {Text.Number(SomeShift)} is usual)."
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
