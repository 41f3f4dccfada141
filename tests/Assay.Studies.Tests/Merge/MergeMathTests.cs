using Assay.Statistics;

namespace Assay.Studies.Tests;

public sealed class MergeMathTests
{
    [Fact]
    public void Smoothed_rates_leave_out_the_fold()
    {
        var rates = new SmoothedRates([7, 7, 7, 8], [1, 1, 0, 0], [0, 1, 1, 2]);
        // (positives + 20 · prior) / (rows + 20), without fold 1: one row, one positive.
        rates.Rate(7, 0.25, 1).ShouldBe((1 + 20 * 0.25) / 21);
        rates.Rate(7, 0.25, -1).ShouldBe((2 + 20 * 0.25) / 23);
        rates.Rate(99, 0.25, -1).ShouldBe(0.25);
        rates.Counts(7, 0).ShouldBe((2, 1));
    }

    [Fact]
    public void Logistic_fit_of_two_groups_is_their_log_odds()
    {
        // With one 0/1 regressor the maximum likelihood fit reproduces both group rates: 1/4 and 2/3.
        double[] x = [0, 0, 0, 0, 1, 1, 1];
        double[] y = [1, 0, 0, 0, 1, 1, 0];
        var (intercept, slope) = LogisticFit.Of(x, y, _ => true);
        intercept.ShouldBe(Math.Log(1.0 / 3), 1e-6);
        (intercept + slope).ShouldBe(Math.Log(2.0), 1e-6);
        LogisticFit.Of([2, 2, 2], [1, 0, 0], _ => true).Slope.ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Calibration_bins_are_those_of_the_statistic()
    {
        var random = new CounterRandom(3, "bins");
        var p = Enumerable.Range(0, 500).Select(i => Math.Round(random.NextDouble(), 2)).ToArray();
        var y = p.Select(v => random.NextBool(v) ? 1.0 : 0.0).ToArray();
        var bins = ModelJob.EqualMassBins(p);
        var sums = new double[15];
        for (var i = 0; i < p.Length; i++)
            sums[bins[i]] += p[i] - y[i];
        (sums.Sum(Math.Abs) / p.Length).ShouldBe(CalibrationError.EqualMass(p, y), 1e-12);
    }

    [Fact]
    public void Ranks_come_with_the_interval_of_the_replicates()
    {
        Replicated Of(double value, params float[] replicates) =>
            new(
                new Estimate
                {
                    Split = "explain",
                    Dimension = "overall",
                    Segment = "all",
                    SegmentLabel = "",
                    Feature = "",
                    Estimand = "permutation_auc",
                    Method = "permutation",
                    Head = "",
                    Rows = 1,
                    Clusters = 9,
                    Value = value,
                },
                0,
                replicates
            );
        // The first two change places in half of the replicates; the third is always last.
        var ranks = Ranks.Of([Of(3, 3, 2, 3, 2), Of(2, 2, 3, 2, 3), Of(1, 1, 1, 1, float.NaN)]);
        ranks.ShouldBe([(1, 1, 2), (2, 1, 2), (3, 3, 3)]);
    }
}
