using Assay.Statistics;

namespace Assay.Training.Tests;

public sealed class LossIncreaseTests
{
    [Fact]
    public void Pairs_that_differ_by_the_same_everywhere_leave_no_doubt()
    {
        var with = Losses(3, 40, (_, i) => 0.5 + 0.01 * i);
        var without = Losses(3, 40, (_, i) => 0.75 + 0.01 * i);
        var increase = LossIncrease.Of(with, without, default, seed: 1);
        increase.Estimate.ShouldBe(0.25, 1e-12);
        increase.StandardError.ShouldBe(0, 1e-12);
        (increase.Rows, increase.Clusters).ShouldBe((40, 40));
        increase.Judge(0.2).ShouldBe(DropVerdict.Needed);
        increase.Judge(0.3).ShouldBe(DropVerdict.CanBeRetired);
    }

    /// <summary>By hand: differences 1, 2, 3 have mean 2, standard deviation 1 and t of .975 at 2 degrees 4.30265.</summary>
    [Fact]
    public void What_differs_between_seeds_alone_is_their_t_interval()
    {
        var increase = LossIncrease.Of(Losses(3, 10, (_, _) => 0), Losses(3, 10, (s, _) => s + 1), default, seed: 1);
        increase.Estimate.ShouldBe(2, 1e-12);
        increase.SeedError.ShouldBe(1 / Math.Sqrt(3), 1e-12);
        increase.SamplingError.ShouldBe(0, 1e-12);
        increase.DegreesOfFreedom.ShouldBe(2, 1e-9);
        increase.Interval.High.ShouldBe(2 + 4.30265 / Math.Sqrt(3), 1e-4);
        increase.Judge(2).ShouldBe(DropVerdict.Undecided);
    }

    /// <summary>Oracle: the cluster-robust standard error of Liang and Zeger, here of rows that are equal within clusters.</summary>
    [Fact]
    public void Rows_of_a_cluster_count_as_one()
    {
        var random = new CounterRandom(5, "clusters");
        var effects = Enumerable.Range(0, 200).Select(_ => random.NextNormal()).ToArray();
        var clusters = Enumerable.Range(0, 2000).Select(i => i / 10).ToArray();
        var without = Losses(3, 2000, (_, i) => effects[clusters[i]]);
        var increase = LossIncrease.Of(Losses(3, 2000, (_, _) => 0), without, clusters, seed: 1, replicates: 4000);
        var expected = ClusterStandardError.OfMean(without[0], clusters, 200);
        increase.SamplingError.ShouldBe(expected, 0.05 * expected);
        increase.Clusters.ShouldBe(200);
    }

    /// <summary>Satterthwaite (1946): equal parts of equal freedom add their freedom; a part alone keeps its own.</summary>
    [Fact]
    public void Degrees_of_freedom_are_Satterthwaites()
    {
        SeedInterval.Satterthwaite(0.3, 7, 0.3, 7).ShouldBe(14, 1e-12);
        SeedInterval.Satterthwaite(0.3, 7, 0, 2).ShouldBe(7, 1e-12);
        SeedInterval.Satterthwaite(0, 7, 0.3, 2).ShouldBe(2, 1e-12);
    }

    /// <summary>Planted: increase .1, effects of clusters, seeds and rows; a 95 % interval holds the truth in 95 % of worlds.</summary>
    [Fact]
    public void Interval_covers_a_planted_increase()
    {
        const int worlds = 400;
        var covered = 0;
        for (var world = 0; world < worlds; world++)
        {
            var random = new CounterRandom(9, "world", (ulong)world);
            var seeds = Enumerable.Range(0, 3).Select(_ => 0.05 * random.NextNormal()).ToArray();
            var users = Enumerable.Range(0, 40).Select(_ => 0.3 * random.NextNormal()).ToArray();
            var clusters = Enumerable.Range(0, 200).Select(i => i / 5).ToArray();
            var without = Losses(3, 200, (s, i) => 0.1 + seeds[s] + users[clusters[i]] + 0.2 * random.NextNormal());
            var increase = LossIncrease.Of(
                Losses(3, 200, (_, _) => 0),
                without,
                clusters,
                seed: (ulong)world,
                replicates: 200
            );
            covered += increase.Interval.Contains(0.1) ? 1 : 0;
        }
        (covered / (double)worlds).ShouldBeInRange(0.92, 0.99);
    }

    [Fact]
    public void Two_seeds_are_too_few()
    {
        Should
            .Throw<ArgumentException>(() =>
                LossIncrease.Of(Losses(2, 5, (_, _) => 0), Losses(2, 5, (_, _) => 1), default, 1)
            )
            .Message.ShouldContain("3 pairs");
    }

    private static double[][] Losses(int seeds, int rows, Func<int, int, double> loss) =>
        [.. Enumerable.Range(0, seeds).Select(s => Enumerable.Range(0, rows).Select(i => loss(s, i)).ToArray())];
}
