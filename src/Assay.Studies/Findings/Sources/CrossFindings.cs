namespace Assay.Studies;

/// <summary>What a cross of two features, added to the network and refitted, gains.</summary>
internal sealed class CrossFindings : IFindingSource
{
    public const string Cross = "cross_" + Estimands.Auc;

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .OfRefits(Cross)
            .Where(e => e.Feature.Length > 0 && e.Dimension == SegmentBuilder.Overall)
            .Select(e => context.Of(e, context.Margin, remarks: false))
            .Select(e =>
                Draft(
                    context,
                    e with
                    {
                        Said =
                            e.IsShown && e.Estimate.Value > 0 ? FindingKind.CrossGains
                            : e.HasInterval && e.Estimate.High <= e.Margin ? FindingKind.CrossDoesNotGain
                            : FindingKind.NotSettled,
                    }
                )
            );

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var pair = e.Feature.Split('*');
        var title = context.Names.Title(e.Feature);
        return new()
        {
            Evidence = evidence,
            Features = pair,
            Effect = evidence.Kind switch
            {
                FindingKind.CrossGains =>
                    $"The cross {title} gains: added to the network and refitted, the model wins {Wording.Amount(e.Value, context.Lead)}.",
                FindingKind.CrossDoesNotGain =>
                    $"The cross {title} does not gain: added to the network and refitted, the model wins at most {Text.Number(Math.Max(e.High, 0))} of AUC, which counts as negligible.",
                _ =>
                    $"Whether the cross {title} gains is not settled: added to the network and refitted, the model wins between {Text.Number(e.Low)} and {Text.Number(e.High)} of AUC.",
            },
            ToDo =
                evidence.Kind == FindingKind.CrossGains
                    ? "Add the cross to the network, and test it in an experiment."
                    : "Leave the network as it is; it knows what the cross would tell it.",
        };
    }
}
