namespace Assay.Statistics.Tests.Comparison;

public class RankTests
{
    [Fact]
    public void The_examples_of_SciPy()
    {
        // SciPy 1.10.1, stats.kendalltau and spearmanr: documentation examples, run; then of mpg and hp of R's mtcars, with
        // ties (R's cor(mpg, hp, method = "kendall") and "spearman" agree).
        RankCorrelation.KendallTauB(OutsideData.Mpg, OutsideData.Horsepower).ShouldBe(-.7428125060886726, 1e-15);
        RankCorrelation.Spearman(OutsideData.Mpg, OutsideData.Horsepower).ShouldBe(-.8946646457499626, 1e-15);
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

    // rbo_ext(p) of the Python package rbo (github.com/changyaochen/rbo, 0e7e6f7), letters as numbers; for even lengths that
    // of github.com/dlukes/rbo (0919753) agrees. The second pair is that of Webber et al. 2010, figure 5.
    [Theory]
    [InlineData("abcdefg", "bacdefg", .9, .9)]
    [InlineData("abcdefg", "zcavwxy", .9, .28821728571428573)]
    [InlineData("abcdefg", "zcavwxy", .5, .13675595238095237)]
    [InlineData("abcd", "zbxaqdc", .9, .5981817857142857)]
    [InlineData("abcd", "zbxaqdc", .98, .7429095590933333)]
    [InlineData("cab", "abcdefgh", .98, .9702)]
    public void Overlap_of_public_programs(string first, string second, double persistence, double overlap) =>
        RankAgreement
            .RankBiasedOverlap([.. first.Select(c => (int)c)], [.. second.Select(c => (int)c)], persistence)
            .ShouldBe(overlap, 1e-15);

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
    public void Top_sets_of_public_programs()
    {
        // Bioconductor's genefu, a copy of its source retyped and run: stab.fs(list(c(1, 4, 6, 9, 12), c(4, 9, 2, 12, 30)), N = 32, "kuncheva"); then 1:7, 8:14 of 20.
        RankAgreement.KunchevaAt([1, 4, 6, 9, 12], [4, 9, 2, 12, 30], 5, 32).ShouldBe(.525925925925926, 1e-14);
        RankAgreement
            .KunchevaAt([1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, 12, 13, 14], 7, 20)
            .ShouldBe(-.538461538461539, 1e-14);
        // SciPy 1.10.1: 1 - distance.jaccard(np.isin(range(10), [1, 2, 3]), np.isin(range(10), [3, 2, 9]))
        RankAgreement.JaccardAt([1, 2, 3], [3, 2, 9], 3).ShouldBe(.5, 1e-15);
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
