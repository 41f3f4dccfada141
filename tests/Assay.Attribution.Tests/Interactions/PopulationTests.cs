using Assay.Attribution.Games;
using Assay.Attribution.Interactions;
using Assay.Statistics;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>Friedman's H and detection over batches, where the truth is known on paper.</summary>
public sealed class PopulationTests
{
    // All 2³ rows of ±1: partial dependences are exact. f = x₀ + x₁ + c x₀x₁ + x₂: the pair's dependence is
    // x₀ + x₁ + c x₀x₁, so H² = c² / (2 + c²); f = x₀x₁x₂ has no dependence on fewer than three.
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-3.0)]
    public void H_is_known_for_products_of_independent_standardised_variables(double c)
    {
        var rows = Enumerable
            .Range(0, 8)
            .Select(i => Enumerable.Range(0, 3).Select(p => (i >> p & 1) * 2.0 - 1).ToArray())
            .ToArray();
        var result = HStatistic.Of(
            new RowGames(rows, rows, x => x[0] + x[1] + c * x[0] * x[1] + x[2]),
            Settings("h-statistic"),
            RowClusters.Of(null, 8)
        );
        double H(params int[] set) => result.Interactions.Single(i => i.Players.SequenceEqual(set)).Value;
        H(0, 1).ShouldBe(Math.Abs(c) / Math.Sqrt(2 + c * c), 1e-12);
        H(0, 2).ShouldBe(0, 1e-12);
        H(1, 2).ShouldBe(0, 1e-12);
        // With all others: (c x₀x₁)² over the variance 3 + c².
        H(0).ShouldBe(Math.Abs(c) / Math.Sqrt(3 + c * c), 1e-12);
        H(2).ShouldBe(0, 1e-12);

        var triple = HStatistic.Of(
            new RowGames(rows, rows, x => x[0] * x[1] * x[2]),
            Settings("h-statistic") with
            {
                Order = 3,
            },
            RowClusters.Of(null, 8)
        );
        triple.Interactions[0].Value.ShouldBe(1, 1e-12);
        triple.Interactions.Where(i => i.Players.Count == 2).ShouldAllBe(i => i.Value == 0);
        triple.Interactions.Single(i => i.Players.Count == 3).Value.ShouldBe(1, 1e-12);
    }

    // f = Σ aᵢxᵢ + Σ cᵢⱼxᵢxⱼ of standard normal x against others of their kind: E[strength] = 4c², E[scale] = 2(Σa² + Σc²).
    [Fact]
    public void Strengths_are_those_of_the_coefficients()
    {
        var (games, clusters, _) = Simulated(1, 8000, boundary: 0.01);
        var result = InteractionDetection.Of(games, Settings("interaction-detection"), clusters);
        double Value(int i, int j) => result.Interactions.Single(f => f.Players.SequenceEqual([i, j])).Value;
        Value(0, 1).ShouldBe(2 * 0.6, 0.05);
        Value(2, 3).ShouldBe(2 * 0.5, 0.05);
        Value(4, 5).ShouldBe(0, 1e-9);
        result.Interactions[0].Players.ShouldBe([0, 1]);
        result.Interactions[1].Players.ShouldBe([2, 3]);
    }

    // Pairs whose share is exactly the least share are the hardest nulls; 300 worlds of 6 features with 2 true pairs, 8 at
    // the border and 5 at nothing, rows in clusters whose values are alike.
    [Fact]
    public void False_discoveries_stay_below_the_stated_rate()
    {
        const int Worlds = 300;
        double proportions = 0,
            power = 0;
        var rejections = 0;
        for (var seed = 0UL; seed < Worlds; seed++)
        {
            var (games, clusters, isTrue) = Simulated(seed, 160, boundary: 0.01);
            var found = InteractionDetection
                .Of(games, Settings("interaction-detection") with { Replicates = 100 }, clusters)
                .Crosses.ToArray();
            var wrong = found.Count(f => !isTrue(f.Players[0], f.Players[1]));
            proportions += found.Length == 0 ? 0 : (double)wrong / found.Length;
            power += (found.Length - wrong) / 2.0;
            rejections += wrong;
        }
        // The mean proportion, and its own standard error at most √(0.05·0.95/300) ≈ 0.0126.
        (proportions / Worlds).ShouldBeLessThan(0.05 + 0.0126);
        (power / Worlds).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Nothing_is_discovered_in_additive_models()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new CounterRandom(seed, "additive");
            var rows = Normal(random, 60, 6);
            var games = new RowGames(rows, Normal(random, 60, 6), x => x.Sum(v => Math.Tanh(v) + v * v));
            InteractionDetection
                .Of(games, Settings("interaction-detection") with { Replicates = 100 }, RowClusters.Of(null, 60))
                .Crosses.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Triples_are_found_where_pairs_lead_to_them()
    {
        var random = new CounterRandom(2, "triples");
        var games = new RowGames(
            Normal(random, 400, 5),
            Normal(random, 400, 5),
            x => x[0] * x[1] * x[2] + x[0] * x[3] + x[4]
        );
        var result = InteractionDetection.Of(
            games,
            Settings("interaction-detection") with
            {
                Order = 3,
            },
            RowClusters.Of(null, 400)
        );
        var triples = result.Crosses.Where(f => f.Players.Count == 3).ToArray();
        triples.Single().Players.ShouldBe([0, 1, 2]);
        result.Test!.ShouldContain("triples");
    }

    private static InteractionSettings Settings(string method) =>
        new()
        {
            Explain = new ExplainSettings { Method = method },
            Replicates = 200,
        };

    private static (IGames Games, RowClusters Clusters, Func<int, int, bool> IsTrue) Simulated(
        ulong seed,
        int rows,
        double boundary
    )
    {
        var random = new CounterRandom(seed, "simulated");
        double[] a = [1, -1, 0.5, 0.8, -0.6, 0.4];
        var c = new double[6, 6];
        (c[0, 1], c[2, 3]) = (0.6, -0.5);
        // 8 pairs with share 2c² / (Σa² + Σc²) at the border.
        var border = new List<(int, int)> { (0, 2), (0, 3), (0, 4), (0, 5), (1, 2), (1, 3), (1, 4), (1, 5) };
        var known = a.Sum(v => v * v) + 0.36 + 0.25;
        var small = Math.Sqrt(boundary * known / (2 - border.Count * boundary));
        foreach (var (i, j) in border)
            c[i, j] = small;
        double F(double[] x)
        {
            var sum = 0.0;
            for (var i = 0; i < 6; i++)
            {
                sum += a[i] * x[i];
                for (var j = i + 1; j < 6; j++)
                    sum += c[i, j] * x[i] * x[j];
            }
            return sum;
        }
        // Two rows of a cluster share their values but for a little, as a user's do.
        var own = Normal(random, rows, 6);
        var others = Normal(random, rows, 6);
        for (var r = 1; r < rows; r += 2)
        for (var p = 0; p < 6; p++)
        {
            own[r][p] = 0.8 * own[r - 1][p] + 0.6 * own[r][p];
            others[r][p] = 0.8 * others[r - 1][p] + 0.6 * others[r][p];
        }
        ulong[] keys = [.. Enumerable.Range(0, rows).Select(r => (ulong)(r / 2))];
        return (new RowGames(own, others, F), RowClusters.Of(keys, rows), (i, j) => (i, j) is (0, 1) or (2, 3));
    }

    private static double[][] Normal(CounterRandom random, int rows, int columns) =>
        [
            .. Enumerable
                .Range(0, rows)
                .Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextNormal()).ToArray()),
        ];

    /// <summary>
    /// Games of a function: absent players have the values of other rows, one for each game, or, where there are
    /// the same rows on both sides, of all of them on average.
    /// </summary>
    private sealed class RowGames(double[][] rows, double[][] others, Func<double[], double> f) : IGames
    {
        public int Count => rows.Length;

        public int Players => rows[0].Length;

        public int EvaluationsPerCoalition => ReferenceEquals(rows, others) ? rows.Length : 1;

        public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
        {
            for (var i = 0; i < game.Length; i++)
            {
                var (own, at) = (rows[game[i]], i);
                double At(double[] other) =>
                    f([.. Enumerable.Range(0, Players).Select(p => coalitions[at, p] ? own[p] : other[p])]);
                values[i] = ReferenceEquals(rows, others) ? others.Average(At) : At(others[game[i]]);
            }
        }
    }
}
