namespace Assay.Studies;

/// <summary>
/// Popularity alone knows most of what the model knows, and nothing that is not the item's tells anything alone: negatives that keep the
/// context and swap the item do that.
/// </summary>
internal sealed class SamplingFindings : IFindingSource
{
    public const string Alone = "alone_" + Estimands.Auc;
    public const string Popularity = "alone:popularity";

    /// <summary>The share of the model's lead over guessing from which popularity alone is suspected.</summary>
    public const double Most = 0.5;

    /// <summary>AUCs so near ½ tell nothing.</summary>
    public const double Nothing = 0.02;

    public IEnumerable<FindingDraft> Of(FindingContext context)
    {
        Estimate[] alone = [.. context.Explained(Alone).Where(e => e.Dimension == SegmentBuilder.Overall)];
        if (
            alone.FirstOrDefault(e => e.Method == Popularity) is not { } popular
            || context.Overall(Estimands.Auc, "model", "") is not { } model
            || alone.Any(e =>
                e.Feature.Length > 0
                && e.Group != "item"
                && Math.Abs(e.Value - 0.5) > Nothing
                && !(e.Low <= 0.5 && e.High >= 0.5)
            )
        )
            yield break;
        bool KnowsMost(Estimate e) => (e.Low - 0.5) / (model.Value - 0.5) >= Most && e.Low > 0.5 + Nothing;
        if (KnowsMost(popular))
            yield return Draft(
                context,
                context.Of(popular, remarks: false) with
                {
                    Said = FindingKind.SamplingArtefact,
                    Holds = KnowsMost,
                },
                model.Value
            );
    }

    private static FindingDraft Draft(FindingContext context, Evidence evidence, double model)
    {
        var e = evidence.Estimate;
        var what = "The item's popularity";
        return new()
        {
            Evidence = evidence,
            Id = $"*/{e.Estimand}/{e.Method}/{e.Dimension}={e.Segment}",
            Title = what,
            Effect =
                $"{what} may count because of the sampling: alone it tells positive rows from negative ones with an AUC of {Text.Number(e.Value)} (the model {Text.Number(model)}), and what is not the item's tells nothing alone.",
            ToDo = "Look at how negatives were drawn; sample them so that this alone says nothing, and refit.",
            Alternatives = [$"{what} really is nearly all there is to know"],
            OwnAlternativesOnly = true,
        };
    }
}
