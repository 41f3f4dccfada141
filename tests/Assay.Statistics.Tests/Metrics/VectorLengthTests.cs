namespace Assay.Statistics.Tests.Metrics;

public class VectorLengthTests
{
    private const int Size = 15;

    // R 4.2.2, noise of covariance 1: ends √λ with pchisq(q, 15, λ) = .975 and .025, for q = |x|².
    [Theory]
    [InlineData(20, 0, 4.93591991288858)]
    [InlineData(30, 1.18620171112798, 6.23510310932144)]
    [InlineData(60, 4.63133846707346, 8.85938363323205)]
    public void Ends_are_those_of_the_noncentral_chi_square(double square, double low, double high)
    {
        var x = new double[Size];
        Array.Fill(x, Math.Sqrt(square / Size));
        var unit = new double[Size, Size];
        for (var i = 0; i < Size; i++)
            unit[i, i] = 1;
        var found = VectorLength.Of(x, unit);
        found.Value.ShouldBe(Math.Sqrt(square - Size), 1e-12);
        // Patnaik's approximation of the noncentral χ² is good to a tenth here.
        found.Interval.Low.ShouldBe(low, 0.08);
        found.Interval.High.ShouldBe(high, 0.08);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(4)]
    public void Intervals_hold_the_length_where_noise_is_uneven(double length)
    {
        const int Worlds = 2000;
        var covariance = new double[Size, Size];
        for (var i = 0; i < Size; i++)
            covariance[i, i] = 0.02 + 0.01 * i;
        var hits = 0;
        for (var world = 0; world < Worlds; world++)
        {
            var random = new CounterRandom(seed: 9, stream: (ulong)world);
            var x = new double[Size];
            for (var i = 0; i < Size; i++)
                x[i] = length / Math.Sqrt(Size) + Math.Sqrt(covariance[i, i]) * random.NextNormal();
            hits += VectorLength.Of(x, covariance).Interval.Contains(length) ? 1 : 0;
        }
        // A share of 95 % of 2,000 has a standard error of half a point.
        ((double)hits / Worlds).ShouldBeInRange(0.935, 0.98);
    }

    [Fact]
    public void Without_noise_the_length_is_the_length()
    {
        var found = VectorLength.Of([3, 4], new double[2, 2]);
        found.ShouldBe(new VectorLength(5, 0, new Interval(5, 5)));
        Should.Throw<ArgumentException>(() => VectorLength.Of([1], new double[2, 2]));
    }
}
