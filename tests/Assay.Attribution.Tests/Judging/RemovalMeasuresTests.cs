using Assay.Attribution.Games;
using Assay.Attribution.Judging;

namespace Assay.Attribution.Tests.Judging;

/// <summary>Curves and infidelity of games small enough for paper.</summary>
public sealed class RemovalMeasuresTests
{
    /// <summary>v(S) = the function of who is present, the same for every row.</summary>
    private sealed class Game(int players, Func<Func<int, bool>, double> value) : IGames
    {
        public int Count => 1;

        public int Players => players;

        public int EvaluationsPerCoalition => 1;

        public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var at = i;
                values[i] = value(p => coalitions[at, p]);
            }
        }
    }

    private static readonly double[] Weights = [3, -1, 2];

    private static Game Additive => new(3, has => 10 + Enumerable.Range(0, 3).Sum(p => has(p) ? Weights[p] : 0));

    private static Game And => new(3, has => has(0) && has(1) ? 4 : 0);

    [Fact]
    public void Curves_of_an_additive_game_are_sums_of_its_weights()
    {
        var measures = new RemovalMeasures(Additive, 8, 1);
        // In the order 0, 2, 1: insertion 10, 13, 15, 14, deletion 14, 11, 9, 10; trapezoids of thirds; the line's area is 12.
        var (deletion, insertion) = measures.Curves(Weights);
        insertion[0].ShouldBe((11.5 + 14 + 14.5) / 3 - 12, 1e-12);
        deletion[0].ShouldBe((12.5 + 10 + 9.5) / 3 - 12, 1e-12);
        // The other way round the curves are mirrored.
        var (worst, least) = measures.Curves([-3, 1, -2]);
        worst[0].ShouldBe(-deletion[0], 1e-12);
        least[0].ShouldBe(-insertion[0], 1e-12);
    }

    [Fact]
    public void The_weights_of_an_additive_game_leave_nothing_unexplained_whatever_their_scale()
    {
        var measures = new RemovalMeasures(Additive, 64, 1);
        foreach (var scale in new[] { 1, -2, 100.0 })
        {
            var (share, squared) = measures.Infidelity([.. Weights.Select(w => scale * w)]);
            share[0].ShouldBe(0, 1e-12);
            squared[0].ShouldBe(0, 1e-12);
        }
        var (all, mean) = measures.Infidelity([0, 0, 0]);
        all[0].ShouldBe(1);
        mean[0].ShouldBeGreaterThan(1);
    }

    [Fact]
    public void What_no_sum_can_say_stays_unexplained()
    {
        var measures = new RemovalMeasures(And, 4096, 3);
        // Removing S changes And by 4 unless S is {2}. Sizes 1, 2, 3 are equally likely, and members given the size, so with
        // φ = (1, 1, 0) the sums are 1, 1, 0 | 2, 1, 1 | 2: E ΣΔ = 4/3·(2/3 + 4/3 + 2), E Σ² = ⅓(2/3 + 2 + 4), E Δ² = 16/3·(2/3 + 2).
        var explained = Math.Pow(4.0 / 3 * 4, 2) / (20.0 / 9);
        var change = 16.0 / 3 * (8.0 / 3);
        var (share, squared) = measures.Infidelity([1, 1, 0]);
        share[0].ShouldBe(1 - explained / change, 0.02);
        squared[0].ShouldBe(change - explained, 0.25);
    }
}
