namespace Assay.Statistics.Tests.Comparison;

public class PValueTests
{
    [Fact]
    public void Tails_of_the_tables()
    {
        // R 4.2.2: qnorm(.975), 2 * pnorm(-10), qt(.975, c(10, 1)), 2 * pt(-3.7, 4), 2 * pt(-40, 30)
        PValues.FromZ(-1.95996398454005).ShouldBe(.05, 1e-14);
        PValues.FromZ(10).ShouldBe(1.52397060483211e-23, 1e-36);
        PValues.FromT(2.22813885198627, 10).ShouldBe(.05, 1e-14);
        PValues.FromT(-12.7062047361747, 1).ShouldBe(.05, 1e-14);
        PValues.FromT(3.7, 4).ShouldBe(.0208354294904499, 1e-15);
        PValues.FromT(40, 30).ShouldBe(1.37260451944064e-27, 1e-39);
        PValues.FromT(1.95996398454005, double.PositiveInfinity).ShouldBe(.05, 1e-14);
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

    // R 4.2.2: p.adjust(p, m) of the fifteen for m in "BH", "BY", "holm"
    [Fact]
    public void The_adjusted_values_of_R()
    {
        double[] benjaminiHochberg =
        [
            .0015,
            .003,
            .0095,
            .035625,
            .0603,
            .06385714286,
            .06385714286,
            .0645,
            .0765,
            .486,
            .58118181818,
            .714875,
            .75323076923,
            .81321428571,
            1,
        ];
        double[] benjaminiYekutieli =
        [
            .00497734349,
            .00995468698,
            .03152317544,
            .11821190788,
            .20008920829,
            .21189262285,
            .21189262285,
            .21402577006,
            .25384451798,
            1,
            1,
            1,
            1,
            1,
            1,
        ];
        double[] holm = [.0015, .0056, .0247, .114, .2211, .278, .278, .278, .3213, 1, 1, 1, 1, 1, 1];
        MultipleTesting.BenjaminiHochberg(Fifteen).ShouldBe(benjaminiHochberg, 5e-12);
        MultipleTesting.BenjaminiYekutieli(Fifteen).ShouldBe(benjaminiYekutieli, 5e-12);
        MultipleTesting.Holm(Fifteen).ShouldBe(holm, 5e-12);
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
