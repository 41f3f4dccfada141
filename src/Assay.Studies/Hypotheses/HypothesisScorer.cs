using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Scores expectations: each by one number settled before looking at it, all p-values adjusted by Holm over the file. What
/// is negligible is judged by its interval, as in findings.
/// </summary>
internal sealed class HypothesisScorer(FindingContext context)
{
    public const string Ahead = "ahead_";
    public const string Direction = "attribution_slope";

    /// <summary>The score of each, in order.</summary>
    /// <param name="hypotheses">The expectations.</param>
    /// <param name="numbers">For each the number it is judged by; null with a reason where there is none.</param>
    public IReadOnlyList<ScoredHypothesis> Score(
        IReadOnlyList<Hypothesis> hypotheses,
        IReadOnlyList<(Estimate? Number, string Missing)> numbers
    )
    {
        // Tests against 0; what says "does not matter" is judged by its interval, yet may be contradicted by its p.
        var adjusted = MultipleTesting.Holm([.. numbers.Select(n => n.Number?.PValue ?? double.NaN)]);
        return
        [
            .. hypotheses.Select(
                (h, i) =>
                    numbers[i].Number is { } e
                        ? One(h, e, adjusted[i])
                        : new ScoredHypothesis
                        {
                            Hypothesis = h,
                            Expected = HypothesisWords.Expected(h, context.Names),
                            Verdict = HypothesisVerdict.Undecided,
                            Grade = null,
                            Because = numbers[i].Missing,
                            Evidence = null,
                        }
            ),
        ];
    }

    private ScoredHypothesis One(Hypothesis h, Estimate e, double adjusted)
    {
        var directed = e.Estimand == Direction;
        var evidence = context.Of(e with { PAdjusted = adjusted }, directed ? 0 : context.Margin);
        var verdict = Judge(h.Claim, evidence);
        var said =
            verdict == HypothesisVerdict.Undecided ? FindingKind.NotSettled
            : evidence.IsNegligible ? FindingKind.FeatureDoesNotMatter
            : FindingKind.FeatureMatters;
        var graded = Grading.Of(evidence with { Said = said });
        return new ScoredHypothesis
        {
            Hypothesis = h,
            Expected = HypothesisWords.Expected(h, context.Names),
            Verdict = context.LearntNothing ? HypothesisVerdict.Undecided : verdict,
            Grade = graded.Grade,
            Because = HypothesisWords.Because(h, evidence, verdict, context),
            Evidence = new(
                e.Estimand,
                e.Method,
                e.Value,
                e.Low,
                e.High,
                evidence.Margin,
                double.IsNaN(e.PValue) ? null : e.PValue,
                double.IsNaN(adjusted) ? null : adjusted,
                e.Replicated,
                e.Rows,
                e.Clusters
            ),
        };
    }

    internal static HypothesisVerdict Judge(HypothesisClaim claim, Evidence evidence)
    {
        var (up, down) = (
            evidence.IsShown && evidence.Estimate.Value > 0,
            evidence.IsShown && evidence.Estimate.Value < 0
        );
        var nothing = evidence.IsNegligible;
        var (yes, no) = claim switch
        {
            HypothesisClaim.DoesNotMatter => (nothing, up || down),
            HypothesisClaim.Negative => (down, up || nothing),
            _ => (up, down || nothing),
        };
        return yes ? HypothesisVerdict.Supported
            : no ? HypothesisVerdict.Contradicted
            : HypothesisVerdict.Undecided;
    }
}
