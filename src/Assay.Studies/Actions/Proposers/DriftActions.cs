namespace Assay.Studies;

/// <summary>Features whose rows no longer look like those of training: one refit for all of them.</summary>
internal sealed class DriftActions : IActionProposer
{
    public IEnumerable<ActionDraft> Of(ActionContext context)
    {
        Finding[] found =
        [
            .. context.Of(FindingKind.Drifted).OrderBy(f => f.Grade).ThenByDescending(f => Math.Abs(f.Value)),
        ];
        if (found.Length == 0)
            yield break;
        var f = found[0];
        string[] features = [.. found.Select(x => x.Feature).Distinct()];
        var titles = Text.List([.. features.Take(4).Select(context.Names.Title)]);
        yield return new ActionDraft
        {
            Kind = ActionKind.Retrain,
            Of = "drift",
            Title =
                $"Retrain on newer rows: {titles}{(features.Length > 4 ? $" and {features.Length - 4} more" : "")} drifted",
            Features = features,
            Evidence = [ActionContext.Cite(f), .. found.Skip(1).Select(x => ActionContext.Cite(x, needed: false))],
            Effect = new(
                f.Estimand == DriftFindings.Psi ? "psi" : "share",
                Math.Abs(f.Value),
                null,
                null,
                EffectBasis.SizeOnly,
                f.Sentences.Effect
            ),
            Cost = new("medium", "A refit on newer rows and its checks."),
            Risk = new(
                "low",
                "If the pipeline broke rather than the world changed, a refit learns the break: look first."
            ),
            Change = "the model refitted on newer rows",
            Offline = "Refit on newer rows and compare AUC on rows newer still.",
            First =
                $"Compare how {context.Names.Title(f.Feature)} is made in training and in service; retrain only if both are right.",
        };
    }
}
