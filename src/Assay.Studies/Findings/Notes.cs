namespace Assay.Studies;

/// <summary>What each basis takes for granted, leaves out, and could be fooled by.</summary>
internal static class Notes
{
    public static IReadOnlyList<string> Assumptions(Evidence evidence, FeatureNames names)
    {
        var notes = new List<string>
        {
            names.SecondUnits is { } second
                ? $"different {names.Units} are independent of each other, and so are different {second}"
                : $"different {names.Units} are independent of each other",
            "the rows are such as the model meets in service",
        };
        if (evidence.IsConditional)
            notes.Add("the conditional model draws values such as occur given the other features");
        if (evidence.Basis == Basis.Refit)
            notes.Add("the refits are as well trained as the model would be");
        return notes;
    }

    public static IReadOnlyList<string> Limitations(Evidence evidence, FeatureNames names) =>
        names.SecondUnits is { } second && evidence.HasInterval && evidence.Estimate.SecondClusters is null
            ? [.. OfBasis(evidence), $"its interval covers other {names.Units}, not other {second}"]
            : OfBasis(evidence);

    private static List<string> OfBasis(Evidence evidence)
    {
        if (evidence.Basis == Basis.Observation)
            return ["it describes the data or the method, not what the feature does"];
        var notes = new List<string>
        {
            "it describes what this model does with the feature, not what people would do without it",
        };
        if (evidence.Basis == Basis.Refit)
            return ["it describes models fitted to these data, not what people would do without the feature"];
        if (evidence.Estimate.Estimand == Estimands.MeanAbsAttribution)
            notes.Add("what a model uses it need not need");
        else if (!evidence.IsConditional)
            notes.Add("exchanging values makes rows that cannot exist and overstates features that go together");
        if (evidence.Estimate.Method == Exchange.Taylor)
            notes.Add("the loss is measured to first order only");
        notes.Add("between-seed differences of training are not in the interval");
        if (evidence.Kind == FindingKind.FeatureDoesNotMatter)
            notes.Add("another model, refitted without it, may still differ");
        return notes;
    }

    public static IReadOnlyList<string> Alternatives(Evidence evidence)
    {
        var notes = new List<string>();
        if (evidence.LearntNothing)
            notes.Add("the number is noise of a model that learnt nothing");
        if (evidence.Basis == Basis.Observation)
            return [.. notes, "the rows studied are not like those in service"];
        if (evidence.Basis == Basis.Refit)
            notes.Add("refits with other settings would do better or worse");
        else if (evidence.Kind == FindingKind.FeatureDoesNotMatter && !evidence.IsConditional)
            notes.Add("the effect is large in a small group and vanishes in the average");
        else if (evidence.Kind == FindingKind.FeatureDoesNotMatter)
            notes.Add("another feature stands in for it, and together they matter");
        else if (!evidence.IsConditional)
            notes.Add("another feature that goes together with it is what counts");
        else
            notes.Add("something not among the features, such as position or exposure, drives both it and the label");
        notes.Add("the way negatives were sampled makes it look as it does");
        return notes;
    }
}
