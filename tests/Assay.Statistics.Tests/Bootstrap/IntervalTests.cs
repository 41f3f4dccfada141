namespace Assay.Statistics.Tests.Bootstrap;

public class IntervalTests
{
    [Fact]
    public void Quantiles_are_R_s_default()
    {
        // R: quantile(1:10, c(.25, .5, .9)) → 3.25, 5.5, 9.1 (type 7)
        double[] values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Intervals.Quantile(values, .25).ShouldBe(3.25);
        Intervals.Quantile(values, .5).ShouldBe(5.5);
        Intervals.Quantile(values, .9).ShouldBe(9.1, 1e-14);
        Intervals.Quantile([], .5).ShouldBe(double.NaN);
    }

    [Fact]
    public void Quantiles_of_R()
    {
        // R 4.2.2: qnorm(.975), qt(.975, c(1, 10)), qt(.995, 5)
        Intervals.Normal(1, 2).High.ShouldBe(1 + 2 * 1.95996398454005, 1e-13);
        Intervals.StudentT(0, 1, 1).High.ShouldBe(12.7062047361747, 1e-11);
        Intervals.StudentT(0, 1, 10).Low.ShouldBe(-2.22813885198627, 1e-11);
        Intervals.StudentT(0, 1, 5, .99).High.ShouldBe(4.03214298355523, 1e-11);
        Intervals.StudentT(0, 1, double.PositiveInfinity).High.ShouldBe(1.95996398454005, 1e-13);
    }

    [Fact]
    public void Ends_by_hand()
    {
        // 101 replicates 0 .. 100: the 95 % quantiles are 2.5 and 97.5.
        double[] replicates = [.. Enumerable.Range(0, 101).Select(i => (double)i).Reverse()];
        ShouldSpan(Intervals.Percentile(replicates, 9), 2.5, 97.5);
        ShouldSpan(Intervals.Basic(60, replicates, 9), 22.5, 117.5);
        ShouldSpan(Intervals.Studentised(10, .1, replicates, 9), 10 - 9.75, 10 - .25);
    }

    [Fact]
    public void Too_little_gives_no_interval()
    {
        double[] replicates = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        Intervals.Percentile(replicates, 1).IsDefined.ShouldBeFalse();
        Intervals.Percentile(replicates, 1).Contains(50).ShouldBeFalse();
        Intervals.StudentT(1, 1, 0).IsDefined.ShouldBeFalse();
        Intervals.Normal(1, double.NaN).IsDefined.ShouldBeFalse();
        replicates.AsSpan(0, 10).Fill(double.NaN);
        Intervals.Percentile(replicates, 9).IsDefined.ShouldBeTrue();
        replicates[10] = double.NaN;
        Intervals.Percentile(replicates, 9).IsDefined.ShouldBeFalse();
        Should.Throw<ArgumentOutOfRangeException>(() => Intervals.Normal(0, 1, 95));
    }

    [Fact]
    public void Standard_errors_by_hand()
    {
        // N = (1, 2, 6), D = (1, 1, 2): θ = 9/4, u = (−5/4, −1/4, 6/4), se² = 3/2 · (62/16) / 16.
        double[] numerators = [1, 2, 6],
            denominators = [1, 1, 2];
        var expected = Math.Sqrt(1.5 * 62 / 16 / 16);
        ClusterStandardError.OfRatio(numerators, denominators).ShouldBe(expected, 1e-15);
        ClusterStandardError.OfMean([1, 2, 2, 4], [0, 1, 2, 2], 3).ShouldBe(expected, 1e-15);
        // Clusters that take no part do not count.
        ClusterStandardError.OfRatio([1, 2, 6, 0], [1, 1, 2, 0]).ShouldBe(expected, 1e-15);
        ClusterStandardError.OfRatio([1, 0], [1, 0]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Single_rows_have_the_textbook_standard_error()
    {
        double[] values = [3, 1, 4, 1, 5, 9, 2, 6];
        var moments = default(WeightedMoments).Add(values);
        ClusterStandardError.OfMean(values, [0, 1, 2, 3, 4, 5, 6, 7], 8).ShouldBe(moments.StandardError, 1e-14);
    }

    private static void ShouldSpan(Interval interval, double low, double high)
    {
        interval.Low.ShouldBe(low, 1e-12);
        interval.High.ShouldBe(high, 1e-12);
    }

    // R 4.2.2: plogis(qlogis(.9) + c(-1, 1) * qt(.975, 20) * .03 / (.9 * .1))
    [Fact]
    public void Share_on_the_scale_of_log_odds()
    {
        var (low, high) = Intervals.StudentTOfShare(0.9, 0.03, 20);
        low.ShouldBe(0.817858194175972, 1e-12);
        high.ShouldBe(0.947476713011786, 1e-12);
        Intervals.StudentTOfShare(0.5, 0, 20).ShouldBe(new Interval(0.5, 0.5));
        Intervals.StudentTOfShare(1, 0.01, 20).IsDefined.ShouldBeFalse();
    }
}
