namespace Assay.Studies.Tests;

/// <summary>Actions of made-up estimates: the made-up study's, with a dictionary and traffic.</summary>
internal static class Proposed
{
    public static readonly string[] Names = ["recency", "popularity", "price", "idle", "history"];

    public static IReadOnlyList<StudyAction> Actions(this Fabricated made) => ActionMaker.Of(made.ActionContext());

    public static ActionContext ActionContext(this Fabricated made)
    {
        var facts = made.Context();
        return new(facts, FindingMaker.Of(facts))
        {
            Features =
            [
                .. Names.Select(n => new FeatureEntry
                {
                    Name = n,
                    Kind = n == "history" ? FeatureKind.Sequence : FeatureKind.Categorical,
                    Input = n,
                    Source = n,
                    Order = n == "history" ? "oldest first, padded on the left" : null,
                    Length = n == "history" ? 5 : null,
                }),
            ],
            // A tenth is clicked; 400 shoppers with ten rows each.
            Traffic = (_, _) => new Traffic(400, 4000, 0.1, 0.12),
        };
    }

    public static StudyAction Only(this IEnumerable<StudyAction> actions, ActionKind kind) =>
        actions.Single(a => a.Kind == kind);

    /// <summary>Conditional importance that is B: good draws, seen again.</summary>
    public static Fabricated Matters(this Fabricated made, string feature, double value = 0.03) =>
        made.With(Fabricated.Row(feature, "conditional_permutation_auc", "conditional-permutation", value, value / 3))
            .WithGoodDraws(feature);
}
