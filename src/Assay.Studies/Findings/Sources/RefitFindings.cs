namespace Assay.Studies;

/// <summary>What is lost when the model is refitted without a feature: whether it can be retired. Not inferior within the margin is enough.</summary>
internal sealed class RefitFindings : IFindingSource
{
    public const string Loco = "loco_" + Estimands.Auc;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .OfRefits(Loco)
            .Where(e => e.Feature.Length > 0)
            .Select(e => context.Of(e, context.Margin, remarks: false))
            .Select(e =>
                Draft(
                    context,
                    e with
                    {
                        Said =
                            e.HasInterval && e.Estimate.High <= e.Margin ? FindingKind.Retirable
                            : e.IsShown ? FindingKind.Needed
                            : FindingKind.NotSettled,
                    }
                )
            );

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        return new()
        {
            Evidence = evidence,
            Effect = evidence.Kind switch
            {
                FindingKind.Retirable =>
                    $"{title} can be retired: refitted without it the model loses at most {Text.Number(Math.Max(e.High, 0))} of AUC, which counts as negligible (up to {Text.Number(evidence.Margin)}).",
                FindingKind.Needed =>
                    $"{title} is needed: refitted without it the model loses {Wording.Amount(e.Value, context.Lead)}.",
                _ =>
                    $"Whether {title} can be retired is not settled: refitted without it the model loses between {Text.Number(e.Low)} and {Text.Number(e.High)} of AUC, where up to {Text.Number(evidence.Margin)} is negligible.",
            },
            ToDo =
                evidence.Kind == FindingKind.Retirable
                    ? "Retire it, with an experiment that watches what the label does not see."
                    : "Keep it; other features cannot make up for it.",
        };
    }
}
