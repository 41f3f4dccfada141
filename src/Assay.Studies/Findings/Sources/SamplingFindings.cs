namespace Assay.Studies;

/// <summary>What one field alone, or popularity alone, can tell about the label: where that is as much as the model, the sampling gives it away.</summary>
internal sealed class SamplingFindings : IFindingSource
{
    public const string Alone = "alone_" + Estimands.Auc;

    public IEnumerable<FindingDraft> Of(FindingContext context)
    {
        if (context.Overall(Estimands.Auc, "model", "") is not { } model)
            yield break;
        foreach (var e in context.Explained(Alone).Where(e => e.Dimension == SegmentBuilder.Overall))
        {
            // By itself it knows nearly all that the model knows.
            var evidence = context.Of(e, remarks: false) with
            {
                Said = FindingKind.SamplingArtefact,
            };
            var share = (e.Low - 0.5) / (model.Value - 0.5);
            if (!evidence.HasInterval || !(share > LargestShare))
                continue;
            yield return Draft(context, evidence, model.Value);
        }
    }

    /// <summary>A field that by itself reaches this share of the model's lead over guessing is suspected.</summary>
    public const double LargestShare = 0.9;

    private static FindingDraft Draft(FindingContext context, Evidence evidence, double model)
    {
        var e = evidence.Estimate;
        var what =
            e.Feature.Length > 0
                ? context.Names.Title(e.Feature)
                : FeatureNames.Plain(
                    e.Method[(e.Method.IndexOf(':', StringComparison.Ordinal) + 1)..]
                        .Replace("*", " × ", StringComparison.Ordinal)
                );
        return new()
        {
            Evidence = evidence,
            Id = $"{(e.Feature.Length > 0 ? e.Feature : "*")}/{e.Estimand}/{e.Method}/{e.Dimension}={e.Segment}",
            Title = what,
            Effect =
                $"{what} may be made by the sampling: alone it tells positive rows from negative ones nearly as well as the whole model (AUC {Text.Number(e.Value)}, the model {Text.Number(model)}).",
            ToDo = "Look at how negatives were drawn; sample them so that this alone says nothing, and refit.",
            Alternatives = [$"{what} really is nearly all there is to know"],
            OwnAlternativesOnly = true,
        };
    }
}
