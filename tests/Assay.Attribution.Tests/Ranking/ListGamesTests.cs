using Assay.Attribution.Games;
using Assay.Attribution.Ranking;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using Shouldly;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Ranking;

/// <summary>Lists whose scores can be written down: a row (u, i) scores 10u + i.</summary>
public class ListGamesTests
{
    private sealed class Sum : IScorer
    {
        public List<int> Batches { get; } = [];

        public IReadOnlyList<ValueInfoProto> Inputs => [ValueInfos.Tensor("x", DataType.Float, "b", 2)];

        public double[] Score(IReadOnlyDictionary<string, TensorData> rows)
        {
            var x = rows["x"].ToDoubles();
            Batches.Add(x.Length / 2);
            return [.. Enumerable.Range(0, x.Length / 2).Select(r => 10 * x[2 * r] + x[2 * r + 1])];
        }
    }

    private static readonly FeatureSlot[] Players = [new("u", [new("x", 0)]), new("i", [new("x", 1)])];

    private static Dictionary<string, TensorData> Rows(params float[] values) =>
        new() { ["x"] = TensorData.From(values, values.Length / 2, 2) };

    private static double[] Values(IGames games, params int[][] coalitions)
    {
        var all = new Coalitions(games.Players);
        foreach (var members in coalitions)
        {
            var at = all.Add();
            foreach (var member in members)
                all[at, member] = true;
        }
        var values = new double[coalitions.Length];
        games.Evaluate(new int[coalitions.Length], all, values);
        return values;
    }

    // Candidates 11, 13, 12; without i in the first alone: 10; without u in all: 1, 3, 2.
    [Fact]
    public void Players_of_the_request_are_absent_from_all_candidates_others_from_one()
    {
        var scorer = new Sum();
        var candidates = new ReplacedInputGames(scorer, Players, Rows(1, 1, 1, 3, 1, 2), [Rows(0, 0)]);
        var games = new ListGames(candidates, ListTarget.Difference(0, 1), new ListScope(0, [true, false]));
        Values(games, [0, 1], [0], [1], []).ShouldBe([-2, -3, -2, -3]);
        games.Scores.ShouldBe([11, 13, 12]);
        // The list itself; one candidate without i, twice three without u.
        games.Evaluations.ShouldBe(3 + 1 + 3 + 3);
    }

    [Fact]
    public void The_cost_is_told_before_it_is_spent()
    {
        var candidates = new ReplacedInputGames(new Sum(), Players, Rows(1, 1, 1, 3, 1, 2), [Rows(0, 0), Rows(1, 1)]);
        var games = new ListGames(candidates, ListTarget.Margin(0, 1), new ListScope(0, [true, false]));
        var sets = new Coalitions(2);
        sets.AddAll();
        sets.Add();
        sets[sets.Add(), 0] = true;
        var told = games.Cost(sets);
        games.Evaluate([0, 0, 0], sets, new double[3]);
        games.Evaluations.ShouldBe(told);
    }

    // Baseline rows (0, 0) and (2, 2): v(∅) is the mean of 0 and 22.
    [Fact]
    public void Values_are_means_over_baselines_one_for_all_or_one_for_each()
    {
        var shared = new ReplacedInputGames(new Sum(), Players, Rows(1, 1), [Rows(0, 0), Rows(2, 2)]);
        Values(shared, [], [0], [1], [0, 1]).ShouldBe([11, 11, 11, 11]);
        var each = new ReplacedInputGames(new Sum(), Players, Rows(1, 1, 5, 5), [Rows(0, 0, 2, 3)]);
        var none = new Coalitions(2);
        none.Add();
        none.Add();
        var values = new double[2];
        each.Evaluate([1, 0], none, values);
        values.ShouldBe([23, 0]);
    }

    [Theory]
    [InlineData(0, 1, -3)]
    [InlineData(0, 3, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(1, 2, 3)]
    [InlineData(2, 1, 0)]
    public void The_margin_is_the_distance_to_the_kth_of_the_others(int item, int k, double expected)
    {
        double[] scores = [1, 4, 4, 0];
        ListTarget.Margin(item, k).Of(scores).ShouldBe(expected);
        (ListTarget.TopK(item, k).Of(scores) > 0).ShouldBe(expected >= 0);
        (ListTarget.Rank(scores, item) <= k).ShouldBe(expected >= 0);
    }

    // Items 1 and 2 tie for the first place.
    [Fact]
    public void Membership_of_items_that_tie_is_its_probability()
    {
        double[] scores = [1, 4, 4, 0];
        ListTarget.TopK(1, 1).Of(scores).ShouldBe(0.5);
        ListTarget.TopK(1, 2).Of(scores).ShouldBe(1);
        ListTarget.TopK(0, 2).Of(scores).ShouldBe(0);
        ListTarget.TopK(0, 3).Of(scores).ShouldBe(1);
        ListTarget.TopK(0, 3).Of([2, 2, 2, 2]).ShouldBe(0.75);
    }

    // DCG@2 of relevances (1, 0, 1) in the order 2, 0, 1: (1 + 1/log₂3) / (1 + 1/log₂3); in the order 1, 0, 2: 1/log₂3 of that.
    [Fact]
    public void Ndcg_is_of_the_scores()
    {
        var target = ListTarget.Ndcg([1, 0, 1], 2);
        target.Of([2, 1, 3]).ShouldBe(1);
        target.Of([2, 3, 1]).ShouldBe(1 / Math.Log2(3) / (1 + 1 / Math.Log2(3)), 1e-12);
    }

    [Fact]
    public void Elements_and_baselines_that_do_not_fit_are_named()
    {
        Should
            .Throw<AssayException>(() =>
                new ReplacedInputGames(new Sum(), [new("u", [new("x", 2)])], Rows(1, 1), [Rows(0, 0)])
            )
            .Message.ShouldContain("element 2 of input 'x'");
        Should
            .Throw<AssayException>(() => new ReplacedInputGames(new Sum(), Players, Rows(1, 1), [Rows(0, 0, 1, 1)]))
            .Message.ShouldContain("one row for all, or one for each");
    }
}
