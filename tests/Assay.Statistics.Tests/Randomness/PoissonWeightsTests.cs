namespace Assay.Statistics.Tests.Randomness;

public class PoissonWeightsTests
{
    [Fact]
    public void A_part_filled_alone_equals_the_part_of_the_whole()
    {
        var whole = new byte[1003];
        PoissonWeights.Fill(1, 99, whole);
        foreach (var (first, count) in new[] { (0, 1), (1, 2), (3, 9), (5, 998), (997, 6), (8, 4) })
        {
            var part = new byte[count];
            PoissonWeights.Fill(1, 99, part, first);
            part.ShouldBe(whole[first..(first + count)]);
        }
        PoissonWeights.At(1, 99, 501).ShouldBe(whole[501]);
    }

    [Fact]
    public void Thresholds_are_the_distribution_function()
    {
        // P(X ≤ k) of a Poisson(1): e⁻¹ Σ 1/j!
        double term = 1,
            sum = 0;
        for (var k = 0; k < PoissonWeights.Thresholds.Length; k++)
        {
            term = k == 0 ? 1 : term / k;
            sum += term;
            (PoissonWeights.Thresholds[k] / 4294967296.0).ShouldBe(sum / Math.E, 3e-10);
        }
        PoissonWeights.Invert(0).ShouldBe((byte)0);
        PoissonWeights.Invert(PoissonWeights.Thresholds[0] - 1).ShouldBe((byte)0);
        PoissonWeights.Invert(PoissonWeights.Thresholds[0]).ShouldBe((byte)1);
        PoissonWeights.Invert(PoissonWeights.Thresholds[3]).ShouldBe((byte)4);
        PoissonWeights.Invert(uint.MaxValue).ShouldBe((byte)PoissonWeights.Thresholds.Length);
    }

    [Fact]
    public void Frequencies_are_those_of_a_Poisson_one()
    {
        const int clusters = 500,
            replicates = 1000;
        const double n = clusters * replicates;
        var counts = new double[16];
        var weights = new byte[replicates];
        for (ulong cluster = 0; cluster < clusters; cluster++)
        {
            PoissonWeights.Fill(5, cluster, weights);
            foreach (var weight in weights)
                counts[weight]++;
        }
        var p = 1 / Math.E;
        for (var k = 0; k < 8; k++)
        {
            counts[k].ShouldBe(n * p, 5 * Math.Sqrt(n * p * (1 - p)) + 1, "seed 5");
            p /= k + 1;
        }
    }
}
