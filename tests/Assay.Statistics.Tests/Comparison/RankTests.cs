namespace Assay.Statistics.Tests.Comparison;

public class RankTests
{
    [Fact]
    public void The_examples_of_SciPy()
    {
        // scipy.stats.kendalltau and spearmanr, documentation examples.
        RankCorrelation.KendallTauB([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]).ShouldBe(-.47140452079103173, 1e-15);
        RankCorrelation.Spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]).ShouldBe(.8207826816681233, 1e-15);
        RankCorrelation.KendallTauB([1, 1], [1, 2]).ShouldBe(double.NaN);
        RankCorrelation.MeanRanks([3, 1, 3, 0]).ShouldBe([3.5, 2, 3.5, 1]);
    }

    [Fact]
    public void Overlap_of_a_published_example()
    {
        // README of the Scala package rankmeasures: RBO of 1..5 and 2, 3, 4, 1, 5 at .9 is 0.828.
        RankAgreement.RankBiasedOverlap([1, 2, 3, 4, 5], [2, 3, 4, 1, 5]).ShouldBe(.828, 5e-4);
    }

    [Fact]
    public void Overlap_at_its_ends_and_of_uneven_lengths()
    {
        RankAgreement.RankBiasedOverlap([1, 2, 3], [1, 2, 3]).ShouldBe(1, 1e-15);
        RankAgreement.RankBiasedOverlap([1, 2], [3, 4, 5]).ShouldBe(0);
        // A prefix agrees fully as far as it goes, and extrapolates to 1.
        RankAgreement.RankBiasedOverlap([1, 2], [1, 2, 3, 4]).ShouldBe(1, 1e-15);
        // By hand, p = ½, (1) and (2, 1): X = 0, 1; sum = ½·¼ + 0 = ⅛; beyond = (1/2 + 0)·¼ = ⅛.
        RankAgreement.RankBiasedOverlap([1], [2, 1], .5).ShouldBe(.25, 1e-15);
        RankAgreement.RankBiasedOverlap([2, 1], [1], .5).ShouldBe(.25, 1e-15);
        Should.Throw<ArgumentException>(() => RankAgreement.RankBiasedOverlap([1, 1], [1, 2]));
    }

    [Fact]
    public void Top_sets_by_hand()
    {
        RankAgreement.JaccardAt([1, 2, 3, 4], [3, 2, 9, 1], 3).ShouldBe(.5, 1e-15);
        // Kuncheva's formula with r = 2, k = 3, n = 10: (20 − 9) / 21.
        RankAgreement.KunchevaAt([1, 2, 3, 4], [3, 2, 9, 1], 3, 10).ShouldBe(11.0 / 21, 1e-15);
        RankAgreement.KunchevaAt([1, 2], [2, 1], 2, 2).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => RankAgreement.JaccardAt([1], [1, 2], 2));
    }
}
