using Assay.Attribution.Interactions;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>Interaction indices against their published definitions, which share no formula with the product.</summary>
public sealed class ShapleyInteractionsTests
{
    public static TheoryData<string, int> Indices =>
        new(InteractionIndex.All.SelectMany(i => new[] { (i, 2), (i, 3) }));

    [Theory, MemberData(nameof(Indices))]
    public void Enumeration_equals_the_definition(string index, int order)
    {
        for (var players = order; players <= 6; players++)
        {
            var game = TableGames.Random(players, new CounterRandom(3, "game", (ulong)players));
            var result = ShapleyInteractions.Of(game, index, order, Settings());
            result.Sets.Count.ShouldBe(Enumerable.Range(1, order).Sum(k => (int)Fraction.Binomial(players, k)));
            for (var s = 0; s < result.Sets.Count; s++)
                result
                    .Values[s]
                    .ShouldBe(
                        IndexDefinitions.Value(game, index, order, Bits(result.Sets[s])),
                        1e-9,
                        $"{index} of order {order}, {players} players, {string.Join(",", result.Sets[s])}"
                    );
            result.StandardErrors.ShouldBeNull();
            if (index == "sii")
                result.CompletenessGap.ShouldBeNull();
            else
                result.CompletenessGap!.Single().ShouldBe(0, 1e-9);
        }
    }

    [Theory, MemberData(nameof(Indices))]
    public void Weights_of_coalitions_give_the_same_as_moebius_coefficients(string index, int order)
    {
        const int Players = 7;
        var game = TableGames.Random(Players, new CounterRandom(4, "game"));
        var result = ShapleyInteractions.Of(game, index, order, Settings());
        for (var s = 0; s < result.Sets.Count; s++)
        {
            var set = Bits(result.Sets[s]);
            var weights = InteractionIndex.Weights(index, order, result.Sets[s].Count, Players);
            Enumerable
                .Range(0, 1 << Players)
                .Sum(t =>
                    weights[
                        System.Numerics.BitOperations.PopCount((uint)t),
                        System.Numerics.BitOperations.PopCount((ulong)t & set)
                    ] * game.Value((ulong)t)
                )
                .ShouldBe(result.Values[s], 1e-9);
        }
    }

    // v(S) = Σ over pairs inside S of c: the index of a pair is its coefficient, of whichever index, and triples are 0.
    [Theory, MemberData(nameof(Indices))]
    public void A_pair_of_a_quadratic_game_has_its_coefficient(string index, int order)
    {
        foreach (var (players, budget) in new[] { (8, (int?)null), (24, 2000) })
        {
            var game = Quadratic(players, out var pair);
            var result = ShapleyInteractions.Of(game, index, order, Settings() with { Budget = budget });
            for (var s = 0; s < result.Sets.Count; s++)
                if (result.Sets[s] is [var i, var j])
                    result.Values[s].ShouldBe(pair[i, j], 1e-3);
                else if (result.Sets[s].Count == 3)
                    result.Values[s].ShouldBe(0, 1e-3);
        }
    }

    [Theory]
    [InlineData("k-sii", 2)]
    [InlineData("sii", 3)]
    [InlineData("stii", 2)]
    [InlineData("fsii", 2)]
    public void Sampled_values_cover_the_enumerated_ones_as_often_as_they_say(string index, int order)
    {
        const int Players = 12;
        const int Budget = 800;
        var (inside, all, bias) = (0, 0, 0.0);
        for (var seed = 0UL; seed < 40; seed++)
        {
            var game = Rough(Players, new CounterRandom(seed, "rough"));
            var exact = ShapleyInteractions.Of(game, index, order, Settings());
            var counted = game.Evaluations;
            var sampled = ShapleyInteractions.Of(game, index, order, Settings() with { Budget = Budget, Seed = seed });
            (game.Evaluations - counted).ShouldBeLessThanOrEqualTo(Budget);
            sampled.Evaluations!.Single().ShouldBe(game.Evaluations - counted);
            if (index != "sii")
                sampled.CompletenessGap!.Single().ShouldBe(0, 1e-8);
            for (var s = 0; s < exact.Sets.Count; s++)
            {
                var error = sampled.Values[s] - exact.Values[s];
                if (sampled.StandardErrors![s] == 0)
                {
                    // The singletons of STII need small coalitions only, and these are enumerated.
                    error.ShouldBe(0, 1e-9);
                    continue;
                }
                var z = error / sampled.StandardErrors[s];
                all++;
                inside += Math.Abs(z) <= 1.96 ? 1 : 0;
                bias += z;
            }
        }
        ((double)inside / all).ShouldBeInRange(0.92, 0.98);
        Math.Abs(bias / all).ShouldBeLessThan(0.1);
    }

    [Fact]
    public void A_precision_stops_early_and_a_budget_too_small_is_refused()
    {
        var game = Rough(16, new CounterRandom(5, "rough"));
        var loose = ShapleyInteractions.Of(game, "k-sii", 2, Settings() with { Budget = 8000, Precision = 0.5 });
        loose.Evaluations!.Single().ShouldBeLessThan(4000);
        loose.StandardErrors!.Max().ShouldBeLessThanOrEqualTo(0.5 * loose.Values.Max(Math.Abs));
        Should
            .Throw<AssayException>(() => ShapleyInteractions.Of(game, "k-sii", 2, Settings() with { Budget = 5 }))
            .Message.ShouldContain("at least 6");
    }

    internal static ulong Bits(IEnumerable<int> set) => set.Aggregate(0UL, (b, p) => b | 1UL << p);

    private static ExplainSettings Settings() => new() { Method = "shapley-interactions" };

    private static TableGames Quadratic(int players, out double[,] pair)
    {
        var random = new CounterRandom(9, "quadratic");
        var c = new double[players, players];
        for (var i = 0; i < players; i++)
        for (var j = i; j < players; j++)
            c[i, j] = random.NextNormal();
        pair = c;
        return new(
            players,
            s =>
            {
                var sum = 0.7;
                for (var i = 0; i < players; i++)
                for (var j = i; j < players; j++)
                    if ((s >> i & s >> j & 1) != 0)
                        sum += c[i, j];
                return sum;
            }
        );
    }

    // A small network of one hidden layer: interactions of all orders, decaying.
    private static TableGames Rough(int players, CounterRandom random)
    {
        var hidden = Enumerable
            .Range(0, 8)
            .Select(_ => Enumerable.Range(0, players + 2).Select(_ => random.NextNormal()).ToArray())
            .ToArray();
        return new(
            players,
            s =>
                hidden.Sum(w =>
                {
                    var sum = w[players];
                    for (var p = 0; p < players; p++)
                        sum += (s >> p & 1) != 0 ? w[p] : 0;
                    return w[players + 1] * Math.Max(sum, 0);
                })
        );
    }
}
