using Assay.Attribution.Games;
using Assay.Attribution.Methods;
using Assay.Statistics;
using Shouldly;

namespace Assay.Attribution.Tests.Games;

/// <summary>Values of games whose players enter in groups.</summary>
public class OwenTests
{
    private static readonly CoalitionStructure Structure = new([
        [0, 3],
        [1],
        [2, 4, 5],
    ]);

    private static double Value(bool[] s) =>
        CounterRandom.NormalAt(3, 1, (ulong)s.Select((p, i) => p ? 1 << i : 0).Sum());

    private static PlayedGame Play(FunctionGames games, int budget, IGameEstimator estimator) =>
        GameDriver.Run(games, budget, null, _ => estimator)[0];

    /// <summary>All orders of the players, those left out in which a group's members are apart.</summary>
    private static double[] ByOrders()
    {
        var (sums, count) = (new double[6], 0);
        Enter([]);
        return [.. sums.Select(s => s / count)];

        void Enter(List<int> order)
        {
            if (order.Count < 6)
            {
                for (var p = 0; p < 6; p++)
                    if (!order.Contains(p))
                        Enter([.. order, p]);
                return;
            }
            foreach (var group in Structure.Groups)
            {
                var at = group.Select(p => order.IndexOf(p)).ToArray();
                if (at.Max() - at.Min() != group.Length - 1)
                    return;
            }
            count++;
            var present = new bool[6];
            foreach (var p in order)
            {
                var before = Value(present);
                present[p] = true;
                sums[p] += Value(present) - before;
            }
        }
    }

    [Fact]
    public void Enumeration_is_the_mean_over_the_orders_that_keep_groups_together()
    {
        var played = Play(new FunctionGames(6, Value), 64, new OwenEnumeration(6, Structure));
        played.Estimate.Values.ShouldBe(ByOrders(), 1e-12);
        ((double)played.Coalitions).ShouldBeLessThanOrEqualTo(Structure.Coalitions);
    }

    [Fact]
    public void Groups_have_the_values_of_the_game_among_groups()
    {
        var values = Play(new FunctionGames(6, Value), 64, new OwenEnumeration(6, Structure)).Estimate.Values;
        double Among(bool[] groups)
        {
            var present = new bool[6];
            for (var g = 0; g < 3; g++)
                foreach (var p in Structure.Groups[g])
                    present[p] = groups[g];
            return Value(present);
        }
        Structure.Groups.Select(g => g.Sum(p => values[p])).ToArray().ShouldBe(FunctionGames.ByOrders(3, Among), 1e-12);
    }

    [Fact]
    public void Sampled_orders_come_to_the_same()
    {
        var games = new FunctionGames(6, Value);
        var choice = new SamplerChoice(6, 20_000, 1, 0, false, new OddFits());
        var estimate = Play(games, 20_000, Samplers.Owen(choice, Structure)).Estimate;
        var truth = ByOrders();
        for (var p = 0; p < 6; p++)
            Math.Abs(estimate.Values[p] - truth[p]).ShouldBeLessThan(4 * estimate.StandardErrors[p] + 1e-9);
        estimate.StandardErrors.Max().ShouldBeLessThan(0.05);
    }
}
