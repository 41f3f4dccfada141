namespace Assay.Studies;

/// <summary>Expectations and what became of them in words.</summary>
internal static class HypothesisWords
{
    public static string Expected(Hypothesis h, FeatureNames names)
    {
        var title = names.Title(h.Feature);
        var where = h.Segment is null ? "" : $" where {names.Dimension(h.Dimension!)} is {h.Segment}";
        return h.Claim switch
        {
            HypothesisClaim.Matters => $"{title} matters{where}",
            HypothesisClaim.DoesNotMatter => $"{title} does not matter{where}",
            HypothesisClaim.MattersMore => $"{title} matters more{where} than elsewhere",
            HypothesisClaim.StrongerThan => $"{title} is stronger than {names.Title(h.Than!)}{where}",
            HypothesisClaim.Positive => $"higher {title} raises the score{where}",
            _ => $"higher {title} lowers the score{where}",
        };
    }

    public static string Because(Hypothesis h, Evidence evidence, HypothesisVerdict verdict, FindingContext context)
    {
        if (context.LearntNothing)
            return "The model knows no more than trivial rules do, so it says nothing about what is expected.";
        var e = evidence.Estimate;
        var range = evidence.HasInterval ? $" ({Text.Number(e.Low)} to {Text.Number(e.High)})" : "";
        var without = evidence.IsConditional ? "without what it adds to the others" : "with its values exchanged";
        var what = h.Claim switch
        {
            HypothesisClaim.MattersMore =>
                $"the loss of AUC {without} is {Text.Number(e.Value)}{range} larger there than elsewhere",
            HypothesisClaim.StrongerThan =>
                $"the loss of AUC {without} is {Text.Number(e.Value)}{range} larger than that of {context.Names.Title(h.Than!)}",
            HypothesisClaim.Positive or HypothesisClaim.Negative =>
                $"from its lowest to its highest values the score moves by {Text.Number(e.Value)}{range}",
            _ => $"{without} the model loses {Text.Number(e.Value)}{range} of AUC",
        };
        var judged =
            verdict == HypothesisVerdict.Undecided
                ? evidence.HasInterval
                    ? "; that settles it neither way"
                    : "; there is no interval"
                : evidence.IsNegligible
                    ? $"; up to {Text.Number(evidence.Margin)} is negligible"
                    : e.Replicated == "yes"
                        ? "; untouched rows show the same"
                        : e.Replicated == "no"
                            ? "; untouched rows do not show it"
                            : "";
        return char.ToUpperInvariant(what[0]) + what[1..] + judged + ".";
    }
}
