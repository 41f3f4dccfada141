namespace Assay.Statistics.Tests.Comparison;

public class PValueTests
{
    [Fact]
    public void Tails_of_the_tables()
    {
        // Φ(−1.959964) = .025, Φ(−10) = 7.619853e−24 (R: pnorm); t tables: 2.228139 with 10, 12.7062 with 1 at 5 %.
        PValues.FromZ(-1.959964).ShouldBe(.05, 1e-7);
        PValues.FromZ(10).ShouldBe(2 * 7.619853e-24, 1e-29);
        PValues.FromT(2.228139, 10).ShouldBe(.05, 1e-7);
        PValues.FromT(-12.706205, 1).ShouldBe(.05, 1e-8);
        PValues.FromT(1.959964, double.PositiveInfinity).ShouldBe(.05, 1e-7);
        PValues.FromT(1, 0).ShouldBe(double.NaN);
        PValues.FromZ(double.NaN).ShouldBe(double.NaN);
        PValues.FromT(double.PositiveInfinity, 3).ShouldBe(0);
    }

    [Fact]
    public void Of_replicates_by_hand()
    {
        // 99 replicates, 2 of them at or below 0: 2 · 3/100.
        double[] replicates = [.. Enumerable.Range(-1, 99).Select(i => (double)i)];
        PValues.FromReplicates(replicates, 5).ShouldBe(.06, 1e-15);
        PValues.FromReplicates([0, 0, 0], 5).ShouldBe(1);
        PValues.FromReplicates(replicates, 1).ShouldBe(double.NaN);
    }

    // Benjamini and Hochberg 1995, section 4: fifteen p-values of a thrombolysis trial.
    private static readonly double[] Fifteen =
    [
        .0001,
        .0004,
        .0019,
        .0095,
        .0201,
        .0278,
        .0298,
        .0344,
        .0459,
        .3240,
        .4262,
        .5719,
        .6528,
        .7590,
        1,
    ];

    [Fact]
    public void Benjamini_and_Hochberg_s_example()
    {
        // The paper: at 5 % their procedure rejects four, Bonferroni's (and here Holm's) three.
        MultipleTesting.BenjaminiHochberg(Fifteen).Count(p => p <= .05).ShouldBe(4);
        MultipleTesting.Holm(Fifteen).Count(p => p <= .05).ShouldBe(3);
        // By hand, 15 p / i and the least from behind: the sixth takes over the seventh's .0298 · 15/7.
        var adjusted = MultipleTesting.BenjaminiHochberg(Fifteen);
        adjusted[0].ShouldBe(.0015, 1e-15);
        adjusted[3].ShouldBe(.035625, 1e-15);
        adjusted[5].ShouldBe(.0298 * 15 / 7, 1e-15);
        adjusted[6].ShouldBe(.0298 * 15 / 7, 1e-15);
        adjusted[14].ShouldBe(1);
    }

    [Fact]
    public void Holm_and_Yekutieli_by_hand()
    {
        double[] p = [.04, .01, double.NaN, .03];
        // Holm: .01·3, .03·2, then not less: .06. BY: BH (.04, .03, –, .04) times 1 + 1/2 + 1/3.
        MultipleTesting.Holm(p)[1].ShouldBe(.03, 1e-15);
        MultipleTesting.Holm(p)[3].ShouldBe(.06, 1e-15);
        MultipleTesting.Holm(p)[0].ShouldBe(.06, 1e-15);
        MultipleTesting.Holm(p)[2].ShouldBe(double.NaN);
        var dependent = MultipleTesting.BenjaminiYekutieli(p);
        dependent[0].ShouldBe(.04 * 11 / 6, 1e-15);
        dependent[1].ShouldBe(.03 * 11 / 6, 1e-15);
        dependent[3].ShouldBe(.04 * 11 / 6, 1e-15);
        Should.Throw<ArgumentException>(() => MultipleTesting.Holm([1.5]));
    }
}
