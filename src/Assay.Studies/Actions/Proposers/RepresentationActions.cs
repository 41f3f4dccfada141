namespace Assay.Studies;

/// <summary>Features the model is better without: coarser, regularised or differently encoded they may help.</summary>
internal sealed class RepresentationActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context) =>
        context
            .Features.Select(f => context.Best(f.Name, FindingKind.FeatureHurts))
            .OfType<Finding>()
            .Select(f => Draft(context, f));

    private static ActionDraft Draft(ActionContext context, Finding f)
    {
        var title = context.Names.Title(f.Feature);
        var entry = context.Features.First(e => e.Name == f.Feature);
        return new ActionDraft
        {
            Kind = ActionKind.ChangeRepresentation,
            Of = f.Feature,
            Title = entry.HasIds
                ? $"Encode {title} more coarsely, or regularise its table"
                : $"Cut or transform {title} before it enters",
            Features = [f.Feature],
            Evidence = [ActionContext.Cite(f)],
            Effect = new(
                f.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) ? "auc" : "logloss",
                -f.Value,
                -f.Interval?.High,
                -f.Interval?.Low,
                EffectBasis.AtMost,
                $"Without it the fixed model gains {Text.Number(-f.Value)} of AUC; a better encoding should win that, and perhaps more."
            ),
            Cost = new(
                "medium",
                "A new encoding must be made the same way in training and serving, and the model fitted again."
            ),
            Risk = new("low", "If the feature is noise, no encoding helps: then retire it."),
            Change = $"the model refitted with {title} in its new encoding",
            Offline = $"Refit with the new encoding and without {title}, three seeds or more, and compare AUC.",
            First = entry.HasIds
                ? $"Look at how many rows each value of {title} has; merge those with few."
                : $"Look at the range and the outliers of {title} in training and service.",
        };
    }
}
