namespace Assay.Studies;

/// <summary>Two ways of measuring that order the features differently.</summary>
internal sealed class AgreementFindings : IFindingSource
{
    public const string Rank = "agreement_rank";

    /// <summary>Rank agreement that lies below it with its whole interval counts as disagreement.</summary>
    public const double Least = 0.5;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Explained(Rank)
            .Where(e => e.Dimension == SegmentBuilder.Overall)
            .Select(e => context.Of(e, remarks: false) with { Said = FindingKind.MethodsDisagree, Holds = Disagree })
            .Where(e => e.HasInterval && Disagree(e.Estimate) && IsOneQuestion(e.Estimate))
            .Select(e => Draft(context, e));

    private static bool Disagree(Estimate e) => e.High < Least;

    // What features add to each other orders them otherwise than what the model leans on, and both are right.
    private static bool IsOneQuestion(Estimate e) =>
        e.Method.Split('~').Distinct().Count(m => m == Exchange.Conditional) != 1;

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var methods = Text.List(e.Method.Split('~'));
        return new()
        {
            Evidence = evidence,
            Id = $"*/{e.Estimand}/{e.Method}/{e.Dimension}={e.Segment}",
            Title = methods,
            Effect =
                $"The methods {methods} disagree: they order the features differently (agreement {Text.Number(e.Value)}, where 1 is the same order and 0 is chance).",
            ToDo = "Act on no feature on which they disagree before knowing why.",
            Alternatives = ["they answer different questions: what the model uses, and what it loses without"],
            OwnAlternativesOnly = true,
        };
    }
}
