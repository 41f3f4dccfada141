using CsCheck;

namespace Assay.Statistics.Tests.Numerics;

public class WeightedMomentsTests
{
    // NIST Statistical Reference Datasets, univariate: certified mean and standard deviation of NumAcc3 and NumAcc4
    // (a first value m + .2, then 500 times m + .1, m + .3); a textbook variance in double precision fails on both.
    [Theory]
    [InlineData(1_000_000, 1e-9)]
    [InlineData(10_000_000, 1e-7)]
    public void Hard_variances_of_NIST(double offset, double tolerance)
    {
        var values = new double[1001];
        for (var i = 0; i < values.Length; i++)
            values[i] =
                offset
                + (
                    i == 0 ? .2
                    : i % 2 == 1 ? .1
                    : .3
                );
        var moments = default(WeightedMoments).Add(values);
        moments.Count.ShouldBe(1001);
        moments.Mean.ShouldBe(offset + .2, 1e-8);
        moments.StandardDeviation.ShouldBe(.1, tolerance);
        moments.StandardError.ShouldBe(.1 / Math.Sqrt(1001), tolerance);
    }

    [Fact]
    public void Merging_parts_equals_adding_all() =>
        Gen.Select(Gen.Double[-100, 100], Gen.Double[0, 5])
            .Array[1, 40]
            .Select(Gen.Int[0, 40])
            .Sample(
                (rows, cut) =>
                {
                    cut = Math.Min(cut, rows.Length);
                    var all = Sum(rows);
                    var merged = Sum(rows[..cut]).Merge(Sum(rows[cut..]));
                    merged.Count.ShouldBe(all.Count);
                    merged.Weight.ShouldBe(all.Weight, 1e-9);
                    if (all.Weight < 1e-3)
                        return;
                    merged.Mean.ShouldBe(all.Mean, 1e-9);
                    merged.PopulationVariance.ShouldBe(all.PopulationVariance, 1e-7);
                },
                iter: 300
            );

    [Fact]
    public void Whole_weights_are_repetitions()
    {
        var weighted = default(WeightedMoments).Add([1, 2, 4], [2, 1, 3]);
        var repeated = default(WeightedMoments).Add([1, 1, 2, 4, 4, 4]);
        weighted.Mean.ShouldBe(repeated.Mean, 1e-14);
        weighted.PopulationVariance.ShouldBe(repeated.PopulationVariance, 1e-14);
        // Kish: (2+1+3)² / (4+1+9)
        weighted.EffectiveCount.ShouldBe(36.0 / 14, 1e-14);
    }

    [Fact]
    public void Nothing_has_no_mean_and_one_value_no_variance()
    {
        default(WeightedMoments).Mean.ShouldBe(double.NaN);
        var one = default(WeightedMoments).Add(3).Add(9, 0);
        one.Count.ShouldBe(2);
        one.Mean.ShouldBe(3);
        one.Variance.ShouldBe(double.NaN);
        Should.Throw<ArgumentOutOfRangeException>(() => one.Add(1, -1));
    }

    private static WeightedMoments Sum((double Value, double Weight)[] rows)
    {
        var moments = default(WeightedMoments);
        foreach (var (value, weight) in rows)
            moments = moments.Add(value, weight);
        return moments;
    }
}
