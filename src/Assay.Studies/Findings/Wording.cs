namespace Assay.Studies;

/// <summary>The sentences that all findings share; what one says itself comes from its source.</summary>
internal sealed class Wording(Evidence evidence, Graded graded, FeatureNames names, IReadOnlyList<string> alternatives)
{
    private Estimate E => evidence.Estimate;

    public FindingSentences Sentences(FindingDraft draft) =>
        new(
            draft.Effect,
            HowSure(),
            draft.ForWhom
                ?? $"This is the average over {Text.Count(E.Rows)} rows of {Text.Count(E.Clusters)} {names.Units}; it may differ between groups of them.",
            alternatives.Count == 0
                ? "Something that no check of this study looks at."
                : $"It could be that {alternatives[0]}.",
            graded.Grade > Grade.B ? $"Collect more evidence first: {graded.Missing[0]}." : draft.ToDo
        );

    private string HowSure()
    {
        var text = $"Grade {graded.Grade}, {Degree(graded.Grade)}";
        if (evidence.HasInterval)
            text +=
                $": the true value{names.Over(E)} very likely lies between {Text.Number(E.Low)} and {Text.Number(E.High)}";
        if (evidence.Kind != FindingKind.NotSettled)
            text +=
                evidence.IsUntouched ? ", as measured on untouched rows"
                : evidence.SeenAgain ? ", and untouched rows show the same"
                : "";
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

    /// <summary>
    /// A loss of AUC as a share of what the model is ahead of guessing, which a reader can picture, with AUC for those who know it.
    /// </summary>
    public static string Amount(double auc, double lead) =>
        lead > 0
            ? $"{Text.Percent(auc / lead)} of its lead over guessing ({Text.Number(auc)} of AUC)"
            : $"{Text.Number(auc)} of AUC";
}
