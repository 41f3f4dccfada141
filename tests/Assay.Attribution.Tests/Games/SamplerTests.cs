using Assay.Attribution.Games;
using Assay.Attribution.Methods;
using Assay.Statistics;
using CsCheck;
using MathNet.Numerics.Distributions;

namespace Assay.Attribution.Tests.Games;

/// <summary>Every estimator against games whose values are known by other means.</summary>
public class SamplerTests
{
    private static readonly Dictionary<string, Func<SamplerChoice, IGameEstimator>> ByName = new()
    {
        ["enumeration"] = c => new Enumeration(c.Players),
        ["leverage"] = Samplers.Leverage,
        ["kernel"] = Samplers.Kernel,
        ["permutation"] = Samplers.Permutation,
        ["regression-msr"] = Samplers.Corrected,
        ["shapley"] = Samplers.Best,
    };

    public static TheoryData<string> All => [.. ByName.Keys];

    public static TheoryData<string> Sampled => [.. ByName.Keys.Where(n => n != "enumeration")];

    private static PlayedGame[] Play(
        string sampler,
        FunctionGames games,
        int budget,
        ulong seed = 1,
        double? precision = null
    )
    {
        var fits = new OddFits();
        return GameDriver.Run(
            games,
            budget,
            precision,
            g => ByName[sampler](new(games.Players, budget, seed, (ulong)g, precision is not null, fits))
        );
    }

    private static double[] Numbers(int count, ulong seed) =>
        [.. Enumerable.Range(0, count).Select(i => CounterRandom.NormalAt(seed, 7, (ulong)i))];

    [Fact]
    public void Enumeration_is_the_mean_over_all_orders() =>
        Gen.Select(Gen.Int[1, 6], Gen.ULong)
            .Sample(
                (players, seed) =>
                {
                    double Value(bool[] s) =>
                        CounterRandom.NormalAt(seed, 1, (ulong)s.Select((p, i) => p ? 1 << i : 0).Sum());
                    Play("enumeration", new FunctionGames(players, Value), 64)[0]
                        .Estimate.Values.ShouldBe(FunctionGames.ByOrders(players, Value), 1e-12);
                },
                iter: 30
            );

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    public void Enumeration_of_a_product_is_its_integral(int players)
    {
        var (a, b) = (Numbers(players, 1), Numbers(players, 2));
        var played = Play("enumeration", new FunctionGames(players, FunctionGames.Product(a, b)), 1 << players)[0];
        played.Estimate.Values.ShouldBe(FunctionGames.ProductValues(a, b), 1e-10);
        played.Estimate.StandardErrors.ShouldAllBe(e => e == 0);
        played.Coalitions.ShouldBe(1 << players);
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public void Games_of_order_2_are_exact(string sampler)
    {
        foreach (var players in new[] { 13, 40, 70 })
        {
            var linear = Numbers(players, 3);
            var pairs = new double[players, players];
            for (var i = 0; i < players; i++)
            for (var j = 0; j < i; j++)
                pairs[i, j] = CounterRandom.NormalAt(4, (ulong)i, (ulong)j);
            var game = new FunctionGames(players, FunctionGames.Order2(linear, pairs));
            var estimate = Play(sampler, game, 8 * players)[0].Estimate;
            estimate.Values.ShouldBe(FunctionGames.Order2Values(linear, pairs), 1e-6);
            estimate.StandardErrors.ShouldAllBe(e => double.IsNaN(e) || e < 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public void Values_sum_to_the_whole_within_the_budget(string sampler) =>
        Gen.Select(Gen.Int[3, 30], Gen.Int[2, 40], Gen.ULong)
            .Sample(
                (players, perPlayer, seed) =>
                {
                    double Value(bool[] s) =>
                        Math.Tanh(s.Select((p, i) => p ? CounterRandom.NormalAt(seed, 3, (ulong)i) : 0).Sum());
                    var budget = perPlayer * players + (int)(seed % 3);
                    var games = new FunctionGames(players, Value, s => 2 * Value(s));
                    foreach (var played in Play(sampler, games, budget, seed))
                    {
                        played.Estimate.Values.Sum().ShouldBe(played.All - played.Nobody, 1e-9);
                        played.Coalitions.ShouldBeLessThanOrEqualTo(budget);
                    }
                    games.Asked.ShouldAllBe(a => a <= budget);
                },
                iter: 40
            );

    [Theory]
    [MemberData(nameof(Sampled))]
    public void Intervals_cover_as_stated(string sampler)
    {
        // Fourteen players who all interact, to every order.
        const int Players = 14;
        const int Games = 120;
        var values = new Func<bool[], double>[Games];
        var truth = new double[Games][];
        for (var g = 0; g < Games; g++)
        {
            var (w, u) = (Numbers(Players, 100 + (ulong)g), Numbers(Players, 300 + (ulong)g));
            double Value(bool[] s)
            {
                double a = 0.3,
                    b = -0.2;
                for (var i = 0; i < Players; i++)
                    (a, b) = s[i] ? (a + 0.5 * w[i], b + 0.5 * u[i]) : (a, b);
                return Math.Max(0, a) * Math.Tanh(b) + Math.Max(0, b);
            }
            values[g] = Value;
            truth[g] = FunctionGames.Exact(Players, Value);
        }
        foreach (var perPlayer in new[] { 20, 64 })
        {
            var played = Play(sampler, new FunctionGames(Players, values), perPlayer * Players, seed: 5);
            var (covered, all) = (0, 0);
            for (var g = 0; g < Games; g++)
            {
                var estimate = played[g].Estimate;
                var t = StudentT.InvCDF(0, 1, estimate.DegreesOfFreedom, 0.975);
                for (var p = 0; p < Players; p++, all++)
                    if (Math.Abs(estimate.Values[p] - truth[g][p]) <= t * estimate.StandardErrors[p])
                        covered++;
            }
            // 95 % of 1680 intervals, of which those of one game depend on each other.
            ((double)covered / all).ShouldBeInRange(0.92, 0.98, $"{sampler} {perPlayer}");
        }
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public void Precision_ends_a_game_early(string sampler)
    {
        var (a, b) = (
            Numbers(20, 1).Select(x => 1 + 0.2 * x).ToArray(),
            Numbers(20, 2).Select(x => 1 + 0.2 * x).ToArray()
        );
        var games = new FunctionGames(20, FunctionGames.Product(a, b));
        var played = Play(sampler, games, 20_000, precision: 0.05)[0];
        played.Coalitions.ShouldBeLessThan(10_000);
        played.Estimate.IsWithin(0.05).ShouldBeTrue();
        var truth = FunctionGames.ProductValues(a, b);
        var scale = truth.Max(Math.Abs);
        played.Estimate.Values.Zip(truth, (x, y) => Math.Abs(x - y)).Max().ShouldBeLessThan(0.2 * scale);
    }

    [Theory]
    [MemberData(nameof(Sampled))]
    public void Few_samples_have_no_standard_error(string sampler)
    {
        var games = new FunctionGames(20, FunctionGames.Product(Numbers(20, 1), Numbers(20, 2)));
        Play(sampler, games, 40)[0].Estimate.StandardErrors.ShouldAllBe(e => double.IsNaN(e));
    }
}
