namespace Assay.Statistics.Tests.Comparison;

/// <summary>The six measures by hand, from their definitions in section 3 of Krishna et al. (arXiv 2202.01602).</summary>
public sealed class AttributionAgreementTests
{
    // By size: 0, 2, 1, 3, 4 and 2, 0, 3, 1, 4; the signs of 1 and 2 differ.
    private static readonly double[] First = [5, -3, 4, 2, 1];
    private static readonly double[] Second = [4, 2, -5, 3, 0.5];

    [Theory]
    [InlineData(2, 1, 0, 0.5, 0)]
    [InlineData(3, 2.0 / 3, 0, 1.0 / 3, 0)]
    [InlineData(5, 1, 0.2, 0.6, 0.2)]
    public void At_k(int k, double feature, double rank, double sign, double signedRank)
    {
        AttributionAgreement.FeatureAt(First, Second, k).ShouldBe(feature, 1e-15);
        AttributionAgreement.RankAt(First, Second, k).ShouldBe(rank, 1e-15);
        AttributionAgreement.SignAt(First, Second, k).ShouldBe(sign, 1e-15);
        AttributionAgreement.SignedRankAt(First, Second, k).ShouldBe(signedRank, 1e-15);
    }

    [Fact]
    public void Over_all_features()
    {
        // Ranks 5 3 4 2 1 and 4 2 5 3 1: Σd² = 4, so ρ = 1 − 6·4/(5·24); two of ten pairs are in another order.
        AttributionAgreement.RankCorrelation(First, Second).ShouldBe(0.8, 1e-15);
        AttributionAgreement.PairwiseRank(First, Second).ShouldBe(0.8, 1e-15);
    }

    [Fact]
    public void The_same_attribution_agrees_fully_and_scale_is_nothing()
    {
        double[] scaled = [.. First.Select(v => 3 * v)];
        foreach (var k in new[] { 1, 3, 5 })
        {
            AttributionAgreement.FeatureAt(First, scaled, k).ShouldBe(1);
            AttributionAgreement.SignedRankAt(First, scaled, k).ShouldBe(1);
        }
        AttributionAgreement.PairwiseRank(First, scaled).ShouldBe(1);
        AttributionAgreement.RankCorrelation(First, scaled).ShouldBe(1, 1e-15);
    }

    [Fact]
    public void Opposite_signs_keep_ranks_and_lose_signs()
    {
        double[] turned = [.. First.Select(v => -v)];
        AttributionAgreement.RankAt(First, turned, 5).ShouldBe(1);
        AttributionAgreement.SignAt(First, turned, 5).ShouldBe(0);
        AttributionAgreement.SignedRankAt(First, turned, 5).ShouldBe(0);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Should.Throw<ArgumentException>(() => AttributionAgreement.FeatureAt(First, [1, 2], 1));
        Should.Throw<ArgumentException>(() => AttributionAgreement.FeatureAt(First, Second, 6));
        Should.Throw<ArgumentException>(() => AttributionAgreement.FeatureAt(First, Second, 0));
        Should.Throw<ArgumentException>(() => AttributionAgreement.PairwiseRank([1, double.NaN], [1, 2]));
    }
}
