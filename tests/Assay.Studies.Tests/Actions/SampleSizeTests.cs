using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Sample sizes against textbook cases and against what the formula promises when played through.</summary>
public sealed class SampleSizeTests
{
    [Fact]
    public void Independent_rows_give_the_textbook_number()
    {
        // 10 % against 11 %: with the variance of 10 % in both arms the textbook gives 2 · 7.849 · .09 / .01² = 14,128
        // a group (Fleiss, Levin, Paik 2003, section 4.3, without continuity correction, equal variances).
        var labels = Enumerable.Range(0, 100_000).Select(i => i % 10 == 0 ? 1.0 : 0).ToArray();
        var traffic = Traffic.Of(labels, [.. Enumerable.Range(0, labels.Length)], labels.Length);
        var size = SampleSizes.For(traffic, 0.1)!;
        traffic.Rate.ShouldBe(0.1, 1e-12);
        ((double)size.UnitsPerArm).ShouldBe(14_128, 1);
        size.DesignEffect.ShouldBe(1, 1e-4);
        SampleSizes.Z.ShouldBe(2.80158, 1e-5);
    }

    [Fact]
    public void Equal_clusters_have_the_design_effect_of_the_textbook()
    {
        // Clusters of m = 5 that all agree: ρ = 1, so that 1 + (m − 1) ρ = 5 (Donner, Klar 2000, section 5.2).
        var labels = Enumerable.Range(0, 5000).Select(i => i / 5 % 4 == 0 ? 1.0 : 0).ToArray();
        var traffic = Traffic.Of(labels, [.. Enumerable.Range(0, labels.Length).Select(i => i / 5)], 1000);
        SampleSizes.For(traffic, 0.1)!.DesignEffect.ShouldBe(5, 0.01);
    }

    [Fact]
    public void An_experiment_of_that_size_sees_the_effect_four_times_in_five()
    {
        // Users of unequal size whose rates differ; arms drawn from them, one with the lift.
        const int users = 4000;
        var (labels, unit) = (new List<double>(), new List<int>());
        for (var u = 0; u < users; u++)
            foreach (var label in Rows(11, u, 0))
            {
                labels.Add(label);
                unit.Add(u);
            }
        var traffic = Traffic.Of(labels.ToArray(), unit.ToArray(), users);
        const double lift = 0.1;
        var n = (int)SampleSizes.For(traffic, lift)!.UnitsPerArm;
        var seen = 0;
        const int trials = 300;
        for (var t = 0; t < trials; t++)
        {
            var (a, va) = Arm((ulong)(100 + 2 * t), n, 0);
            var (b, vb) = Arm((ulong)(101 + 2 * t), n, lift);
            if ((b - a) / Math.Sqrt(va + vb) > 1.959964)
                seen++;
        }
        // 300 trials: standard error .023; the lifted arm's variance is a little larger than planned.
        ((double)seen / trials).ShouldBeInRange(0.72, 0.88);
    }

    private static (double Rate, double Variance) Arm(ulong seed, int users, double lift)
    {
        var (labels, unit) = (new List<double>(), new List<int>());
        for (var u = 0; u < users; u++)
            foreach (var label in Rows(seed, u, lift))
            {
                labels.Add(label);
                unit.Add(u);
            }
        var t = Traffic.Of(labels.ToArray(), unit.ToArray(), users);
        return (t.Rate, t.Deviation * t.Deviation / users);
    }

    private static IEnumerable<double> Rows(ulong seed, int user, double lift)
    {
        var random = new CounterRandom(seed, "user", (ulong)user);
        var rate = 0.1 + 0.3 * random.NextDouble();
        var rows = 2 + random.NextInt(9);
        for (var i = 0; i < rows; i++)
            yield return random.NextDouble() < rate * (1 + lift) ? 1 : 0;
    }

    [Fact]
    public void Units_alike_or_no_effect_give_none()
    {
        SampleSizes.For(new Traffic(10, 100, 0.1, 0), 0.01).ShouldBeNull();
        SampleSizes.PerArm(0.1, 0).ShouldBeNull();
        SampleSizes.Paired(400, double.NaN, 0.01).ShouldBeNull();
        // A tenth of the effect needs a hundred times as many.
        SampleSizes.Paired(400, 0.01, 0.01).ShouldBe(3140);
        ((double)SampleSizes.Paired(400, 0.01, 0.001)!.Value).ShouldBe(313_956, 100);
    }
}
