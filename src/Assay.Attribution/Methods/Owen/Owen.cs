using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>Owen values: features in groups that enter as wholes.</summary>
internal sealed class Owen : AttributionMethod
{
    public override MethodInfo Info { get; } =
        new(
            "owen",
            "Owen values",
            "Owen 1977, Values of games with a priori unions",
            ["completeness", "dummy", "linearity in the model"],
            "the budget, 32 F forward passes unless given; exact where 2^groups times the parts of each group are fewer",
            PerRow: true,
            NeedsGradient: false,
            Complete: true
        )
        {
            Sampled = true,
        };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var (games, keys, settings) = (model.Games(rows), RowKeys.Of(rows), model.Settings);
        // Without groups all features stand alone, and Owen values are Shapley values.
        var groups = settings.Structure ?? new Dictionary<string, IReadOnlyList<string>>();
        var structure = CoalitionStructure.Of(model.Features, groups);
        var players = games.Players;
        var usual = GamePlay.DefaultPerPlayer * players;
        var budget = GamePlay.Budget(Info.Id, games, settings, usual, 2 * players);
        return GamePlay.Explain(
            games,
            budget,
            settings.Precision,
            g =>
                structure.Coalitions <= budget
                    ? new OwenEnumeration(players, structure)
                    : Samplers.Owen(
                        new(players, budget, settings.Seed, keys[g], settings.Precision is not null, new OddFits()),
                        structure
                    )
        );
    }
}
