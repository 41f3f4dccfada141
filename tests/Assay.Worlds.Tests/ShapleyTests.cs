using Assay.Worlds.Truth;
using CsCheck;

namespace Assay.Worlds.Tests;

public sealed class ShapleyTests(SmallWorld fixture) : IClassFixture<SmallWorld>
{
    private readonly World world = fixture.World;

    [Fact]
    public void Values_sum_to_the_difference_of_the_logits()
    {
        for (var r = 0; r < world.Rows; r += 11)
        {
            var other = world.Row((r * 7 + 13) % world.Rows);
            (world.ExactShapley(r).Sum()).ShouldBe(world.TrueLogit(r) - world.TrueLogit(world.Reference), 1e-12);
            (world.ExactShapley(r, other).Sum()).ShouldBe(world.TrueLogit(r) - world.TrueLogit(other), 1e-12);
        }
    }

    [Fact]
    public void Features_without_effect_get_exactly_nothing()
    {
        for (var r = 0; r < world.Rows; r += 11)
        {
            var phi = world.ExactShapley(r);
            for (var f = 0; f < phi.Length; f++)
                if (WorldFeatures.All[f].Role is FeatureRole.Noise or FeatureRole.Proxy or FeatureRole.None)
                    phi[f].ShouldBe(0);
        }
    }

    /// <summary>Oracle: the definition, Σ |S|!(n−|S|−1)!/n! (v(S∪i) − v(S)) over all sets of all players.</summary>
    [Fact]
    public void Sums_of_small_terms_agree_with_enumeration_over_all_features()
    {
        const int players = 6;
        var term = Gen.Select(Gen.Int[1, 3], Gen.Int[0, 1 << 30], Gen.Double[-3, 3].Array[8]);
        term.Array[1, 5]
            .Sample(terms =>
            {
                var games = terms.Select(t => (Features: Choose(t.Item1, t.Item2, players), Table: t.Item3)).ToArray();
                var phi = new double[players];
                foreach (var (features, table) in games)
                    TermShapley.Add(features, set => table[set], phi);
                var expected = BruteForce(players, set => games.Sum(g => g.Table[Restrict(set, g.Features)]));
                for (var i = 0; i < players; i++)
                    phi[i].ShouldBe(expected[i], 1e-10);
            });
    }

    [Fact]
    public void The_planted_logit_agrees_with_enumeration_over_its_strongest_features()
    {
        // Rows that differ in eight features only, so that 2^8 sets are all there are.
        string[] moving =
        [
            WorldFeatures.Recency,
            WorldFeatures.Region,
            WorldFeatures.Popularity,
            WorldFeatures.Category,
            WorldFeatures.AgeBand,
            WorldFeatures.Price,
            WorldFeatures.Lifecycle,
            WorldFeatures.Hour,
        ];
        for (var r = 5; r < world.Rows; r += world.Rows / 6)
        {
            var rows = new WorldRow[WorldFeatures.All.Count];
            double Game(int set)
            {
                double sum = 0;
                foreach (var t in TrueTerms.All)
                {
                    for (var s = 0; s < t.Features.Length; s++)
                    {
                        var player = Array.IndexOf(moving, WorldFeatures.All[t.Features[s]].Name);
                        rows[s] = player < 0 || (set & (1 << player)) == 0 ? world.Reference : world.Row(r);
                    }
                    sum += t.Value(rows);
                }
                return sum;
            }
            // Features outside the eight share terms with them only through history and device; hold those at the reference.
            var phi = new double[WorldFeatures.All.Count];
            foreach (var t in TrueTerms.All)
                TermShapley.Add(
                    t.Features,
                    set =>
                        t.Value([
                            .. t.Features.Select(
                                (f, s) =>
                                    (set & (1 << s)) != 0 && moving.Contains(WorldFeatures.All[f].Name)
                                        ? world.Row(r)
                                        : world.Reference
                            ),
                        ]),
                    phi
                );
            var expected = BruteForce(moving.Length, Game);
            for (var p = 0; p < moving.Length; p++)
                phi[WorldFeatures.IndexOf(moving[p])].ShouldBe(expected[p], 1e-10);
        }
    }

    private static int[] Choose(int count, int bits, int players)
    {
        var left = Enumerable.Range(0, players).ToList();
        var chosen = new int[count];
        for (var s = 0; s < count; s++, bits /= players)
        {
            chosen[s] = left[bits % left.Count];
            left.Remove(chosen[s]);
        }
        return chosen;
    }

    private static int Restrict(int set, int[] features)
    {
        var own = 0;
        for (var s = 0; s < features.Length; s++)
            own |= (set >> features[s] & 1) << s;
        return own;
    }

    private static double[] BruteForce(int players, Func<int, double> game)
    {
        static double Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
        var values = Enumerable.Range(0, 1 << players).Select(game).ToArray();
        var phi = new double[players];
        for (var i = 0; i < players; i++)
        for (var set = 0; set < values.Length; set++)
            if ((set & (1 << i)) == 0)
            {
                var size = System.Numerics.BitOperations.PopCount((uint)set);
                phi[i] +=
                    Factorial(size)
                    * Factorial(players - size - 1)
                    / Factorial(players)
                    * (values[set | (1 << i)] - values[set]);
            }
        return phi;
    }
}
