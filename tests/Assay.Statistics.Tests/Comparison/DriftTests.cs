namespace Assay.Statistics.Tests.Comparison;

public class DriftTests
{
    [Fact]
    public void Jensen_Shannon_of_SciPy()
    {
        // scipy.spatial.distance.jensenshannon, documentation examples: the root, in nats 0.46450140402245893, in bits 1.
        Drift.JensenShannon([1, 0, 0], [0, 1, 0]).ShouldBe(1);
        var distance = Math.Sqrt(Drift.JensenShannon([1, 0], [.5, .5]) * Math.Log(2));
        distance.ShouldBe(.46450140402245893, 1e-15);
        Drift.JensenShannon([3, 4], [6, 8]).ShouldBe(0);
    }

    [Fact]
    public void Stability_index_by_hand()
    {
        // (¼ − ½) ln(½) + (¾ − ½) ln(3/2) = ¼ ln 3
        Drift.PopulationStabilityIndex([10, 10], [5, 15]).ShouldBe(Math.Log(3) / 4, 1e-15);
        Drift.PopulationStabilityIndex([1, 1], [1, 0]).ShouldBe(.5 * Math.Log(2) + .4999 * Math.Log(5000), 1e-12);
        Should.Throw<ArgumentException>(() => Drift.PopulationStabilityIndex([0, 0], [1, 1]));
    }

    [Fact]
    public void Kolmogorov_Smirnov_by_hand()
    {
        // Steps: after 1 ¼ against 0, after 2 ½ against 0, after 3 ¾ against ⅔ …
        Drift.KolmogorovSmirnov([1, 2, 3, 4], [3, 3, 5]).ShouldBe(.5, 1e-15);
        Drift.KolmogorovSmirnov([1, 2], [1, 2]).ShouldBe(0);
        Drift.KolmogorovSmirnov([1, 2], [3]).ShouldBe(1);
        Drift.KolmogorovSmirnov([], [3]).ShouldBe(double.NaN);
    }
}
