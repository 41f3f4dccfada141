namespace Assay.Studies;

/// <summary>A finding in sentences that need no statistics.</summary>
internal sealed class Wording(
    Evidence evidence,
    Graded graded,
    string title,
    double lead,
    string units,
    IReadOnlyList<string> alternatives
)
{
    private Estimate E => evidence.Estimate;
    private bool IsAuc => E.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal);

    public FindingSentences Sentences() =>
        new(
            Effect(),
            HowSure(),
            $"This is the average over {Text.Count(E.Rows)} rows of {Text.Count(E.Clusters)} {units}; it may differ between groups of them.",
            alternatives.Count == 0
                ? "Something that no check of this study looks at."
                : $"It could be that {alternatives[0]}.",
            WhatToDo()
        );

    private string Effect() =>
        evidence.Kind switch
        {
            FindingKind.FeatureMatters when E.Estimand == Estimands.MeanAbsAttribution =>
                $"{title} moves the model's score by {Text.Number(E.Value)} on average.",
            FindingKind.FeatureMatters => $"{title} matters: {Without} the model loses {Amount(E.Value)}.",
            FindingKind.FeatureHurts => $"{title} hurts: {Without} the model gains {Amount(-E.Value)}.",
            FindingKind.FeatureDoesNotMatter =>
                $"{title} does not matter: {Without} the model's quality changes by no more than {Text.Number(evidence.Margin)}{Unit}, which counts as negligible.",
            _ => $"Whether {title} matters is not settled: {Without} {Range}.",
        };

    private string Without =>
        evidence.IsConditional ? "without what it adds to the other features" : "with its values exchanged among rows";

    private string Unit => IsAuc ? " of AUC" : " of logloss";

    private string Range =>
        !evidence.HasInterval ? "the model's loss was measured without an interval"
        : evidence.Margin > 0
            ? $"the model's loss lies between {Text.Number(E.Low)} and {Text.Number(E.High)}{Unit}, where up to {Text.Number(evidence.Margin)} is negligible"
        : $"the model's loss lies between {Text.Number(E.Low)} and {Text.Number(E.High)}{Unit}";

    // Quality above guessing is what a reader can picture; AUC itself is added for those who know it.
    private string Amount(double value) =>
        IsAuc && lead > 0
            ? $"{Text.Percent(value / lead)} of its lead over guessing ({Text.Number(value)} of AUC)"
            : $"{Text.Number(value)}{Unit}";

    private string HowSure()
    {
        var text = $"Grade {graded.Grade}, {Degree(graded.Grade)}";
        if (evidence.HasInterval)
            text += $": the true value very likely lies between {Text.Number(E.Low)} and {Text.Number(E.High)}";
        if (evidence.Kind != FindingKind.NotSettled)
            text += evidence.SeenAgain ? ", and untouched rows show the same" : "";
        return $"{text}. Not better because {string.Join("; ", graded.Reasons)}.";
    }

    /// <summary>A grade in words.</summary>
    public static string Degree(Grade grade) =>
        grade switch
        {
            Grade.A => "proven by experiment",
            Grade.B => "well supported",
            Grade.C => "true of this model, not proven beyond it",
            _ => "not evidence to act on",
        };

    private string WhatToDo() =>
        graded.Grade > Grade.B
            ? $"Collect more evidence first: {graded.Missing[0]}."
            : evidence.Kind switch
            {
                FindingKind.FeatureMatters =>
                    "Keep it and guard its quality; test an improvement of it in an experiment.",
                FindingKind.FeatureHurts => "Refit the model without it and compare, before an experiment.",
                _ => "Refit the model without it; if nothing is lost, retire it.",
            };
}
