using Assay.Attribution.Games;
using Assay.Attribution.Graphs.Cheap;
using Assay.Attribution.Tests.Reference;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Tests;
using Shouldly;

namespace Assay.Attribution.Tests.Games;

/// <summary>Coalitions put together from cached contributions have the values of whole rows of the model.</summary>
public class CheapCoalitionTests
{
    public static TheoryData<string, string, bool, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool, bool>();
        foreach (var model in RealCase.Models)
        foreach (var kind in new[] { "zero", "mean", "rows", "background" })
        foreach (var float64 in new[] { false, true })
        foreach (var grouped in new[] { false, true })
            cases.Add((string)model.Data, kind, float64, grouped);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Values_are_those_of_whole_rows(string model, string kind, bool float64, bool grouped)
    {
        var reference = ReferenceCase.Open(model);
        var features = grouped
            ? reference.Slots(reference.Method("feature_ablation").Features)
            : FeatureSlot.FromInputs(reference.Model);
        var sample = new RowBatch().Take(reference.Rows, 0, 5, 5);
        var settings = new ExplainSettings
        {
            Method = "feature-ablation",
            Float64 = float64,
            Baseline = kind switch
            {
                "mean" => Baseline.Mean(sample),
                "rows" => Baseline.Rows(reference.Replacement()),
                _ => Baseline.Zero,
            },
            Background = kind == "background" ? sample : null,
        };
        using var explained = new ExplainedModel(reference.Model, features, settings);
        var cheap = explained.Coalitions(kind is "rows" or "background");
        var replacing = kind is "rows" or "background";
        var graph = CoalitionGraph.Build(
            replacing
                ? MovedModel.OfInputs(explained.Prepared, explained.Features, explained.Head.Value, explained.Type)
                : MovedModel.OfPoints(explained.Points, explained.Head)
        );
        TestContext.Current.TestOutputHelper?.WriteLine(
            graph is null
                ? "none"
                : $"{string.Join(" ", graph.Values.Select(v => $"{v.Value}:{v.Players.Length}x{v.Width}{(v.Owners is null ? "" : "e")}"))} {graph.Cost} {graph.Products}"
        );
        cheap.ShouldNotBeNull();
        var games = new ModelGames(explained, reference.Rows);
        var whole = new ModelGames(explained, reference.Rows, whole: true);
        var (game, coalitions) = Drawn(whole.Count, features.Count);
        var (own, expected) = (new double[game.Length], new double[game.Length]);
        games.Evaluate(game, coalitions, own);
        games.IsCheap.ShouldBeTrue();
        whole.Evaluate(game, coalitions, expected);
        var scale = expected.Max(Math.Abs);
        var tolerance = scale * (float64 ? 1e-10 : 1e-5);
        for (var i = 0; i < own.Length; i++)
            own[i].ShouldBe(expected[i], tolerance, $"game {game[i]}, {coalitions.Size(i)} players");
    }

    // The empty and the whole coalition of each game, and some of every size, not in the order of games.
    private static (int[] Game, Coalitions Coalitions) Drawn(int games, int players)
    {
        var coalitions = new Coalitions(players);
        var game = new int[games * 7];
        var random = new CounterRandom(1, "coalitions");
        for (var i = 0; i < game.Length; i++)
        {
            game[i] = i % games;
            var at = i < games ? coalitions.AddAll() : coalitions.Add();
            if (i < 2 * games)
                continue;
            var order = random.Permutation(players);
            foreach (var p in order.Take(1 + i * 31 % players))
                coalitions[at, p] = true;
        }
        return (game, coalitions);
    }
}
