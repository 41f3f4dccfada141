namespace Assay.Statistics.Tests.Bootstrap;

/// <summary>
/// R's boot on its data set city (Davison and Hinkley 1997, table 1.3: populations of ten cities in 1920 and 1930), given
/// the weights of <see cref="PoissonWeights"/> with seed 7 for the clusters 0 … 9, one replicate a row of w:
/// <code>
/// one &lt;- function(f) { d &lt;- city[rep(1:10, f), ]; m &lt;- lm(x ~ u - 1, d, weights = 1/u)
///   c(coef(m), sandwich::vcovHC(m, "HC0") * 10/9) }
/// b &lt;- boot(city, function(d, i) one(tabulate(i, 10)), R = 199)
/// b$t0 &lt;- one(rep(1, 10)); b$t &lt;- unname(t(apply(w, 1, one)))
/// boot.ci(b, conf = c(.9, .95), type = c("basic", "stud", "perc"))
/// </code>
/// (R 4.2.2, boot 1.3-28.1, sandwich 3.0-2). Its ends are the order statistics k = (R + 1)(1 ∓ conf)/2; type 7 puts those
/// at the level 1 − 2(k − 1)/(R − 1).
/// </summary>
public class StudentisedTests
{
    private const int Replicates = 199;

    private static readonly double[] In1930 = [143, 104, 69, 260, 75, 63, 50, 48, 111, 50];
    private static readonly double[] In1920 = [138, 93, 61, 179, 48, 37, 29, 23, 30, 2];

    private static readonly ClusterBootstrap Bootstrap = new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], seed: 7, Replicates);

    [Theory]
    [InlineData(5, 1.21312401429285, 2.28710955368557)]
    [InlineData(10, 1.25673243673485, 2.11306823435467)]
    public void Studentised_of_boot(int k, double low, double high)
    {
        var estimate = ClusterStandardError.Ratio(In1930, In1920);
        estimate.ShouldBe(1.5203125, 1e-15);
        var error = ClusterStandardError.OfRatio(In1930, In1920);
        error.ShouldBe(0.189993373304943, 1e-14);
        var pivots = Bootstrap.Pivots(In1930, In1920);
        ShouldSpan(Intervals.Studentised(estimate, error, pivots, 10, Level(k)), low, high);
    }

    [Fact]
    public void Basic_and_percentile_of_boot()
    {
        var replicates = Bootstrap.Ratios(In1930, In1920);
        ShouldSpan(Intervals.Percentile(replicates, 10, Level(5)), 1.20305676855895, 2.39698492462312);
        ShouldSpan(Intervals.Percentile(replicates, 10, Level(10)), 1.24305555555556, 2.13333333333333);
        ShouldSpan(Intervals.Basic(1.5203125, replicates, 10, Level(5)), 0.643640075376885, 1.83756823144105);
        ShouldSpan(Intervals.Basic(1.5203125, replicates, 10, Level(10)), 0.907291666666667, 1.79756944444444);
    }

    private static double Level(int k) => 1 - 2 * (k - 1.0) / (Replicates - 1);

    private static void ShouldSpan(Interval interval, double low, double high)
    {
        interval.Low.ShouldBe(low, 1e-12);
        interval.High.ShouldBe(high, 1e-12);
    }
}
