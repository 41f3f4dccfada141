using Assay.Statistics;
using CsCheck;

namespace Assay.Studies.Tests;

/// <summary>Agreement of methods against the plain measures, hand-made orders and null rates.</summary>
public sealed class AgreementTests
{
    private static MethodRanking Ranking(string method, double[] values, double[][]? replicates = null) =>
        new(method, Question.Uses, values, replicates ?? [.. Enumerable.Repeat(values, 100)]);

    [Fact]
    public void Row_measures_are_those_of_the_plain_ones()
    {
        // AttributionAgreement is tested against Krishna et al.'s definitions; small integers make ties and zeros.
        Gen.Int[-3, 3]
            .Select(v => (double)v)
            .Array[6]
            .Array[2]
            .Sample(pair =>
            {
                var (x, y) = (pair[0], pair[1]);
                Span<double> found = stackalloc double[6];
                RowAgreement.Of(RowAgreement.Ordered.Of(x), RowAgreement.Ordered.Of(y), 3, found);
                double[] expected =
                [
                    AttributionAgreement.FeatureAt(x, y, 3),
                    AttributionAgreement.RankAt(x, y, 3),
                    AttributionAgreement.SignAt(x, y, 3),
                    AttributionAgreement.SignedRankAt(x, y, 3),
                    AttributionAgreement.RankCorrelation(x, y),
                    AttributionAgreement.PairwiseRank(x, y),
                ];
                for (var m = 0; m < 6; m++)
                    (
                        double.IsNaN(expected[m]) ? double.IsNaN(found[m]) : Math.Abs(found[m] - expected[m]) < 1e-12
                    ).ShouldBeTrue(RowAgreement.Measures[m]);
            });
    }

    [Theory]
    [InlineData(9)]
    [InlineData(33)]
    public void Unrelated_orders_are_that_far_apart(int n)
    {
        // By enumeration of all pairs of places.
        var mean = Enumerable
            .Range(1, n)
            .SelectMany(i => Enumerable.Range(1, n).Select(j => Math.Abs(i - j)))
            .Average();
        RankingPair.Unrelated(n).ShouldBe(mean, 1e-12);
    }

    [Fact]
    public void A_feature_moved_from_first_to_last_is_named_and_the_others_are_not()
    {
        double[] x = [9, 8, 7, 6, 5, 4, 3, 2, 1];
        double[] y = [0, 8, 7, 6, 5, 4, 3, 2, 1];
        var pair = new RankingPair(Ranking("a", x), Ranking("b", y), 3, 100);
        // 28 of 36 pairs keep their order: τ = (28 − 8) / 36.
        pair.Tau().Value.ShouldBe(20.0 / 36, 1e-12);
        // First three: {0, 1, 2} and {1, 2, 3}.
        pair.Shared().Value.ShouldBe(2.0 / 3, 1e-12);
        var found = pair.Disagreements().Single();
        (found.Feature, found.First, found.Second).ShouldBe((0, 1, 9));
        // Both last and next to last: nobody finds them strong.
        var weak = new RankingPair(Ranking("a", x), Ranking("b", [9, 8, 7, 6, 5, 1, 2, 3, 4]), 3, 100);
        weak.Disagreements().ShouldBeEmpty();
    }

    [Fact]
    public void Orders_of_one_truth_measured_with_noise_disagree_on_few_features()
    {
        // The least favourable truth: features that are all alike, so that places are chance in both.
        const int worlds = 200,
            n = 12;
        var named = 0;
        for (var w = 0; w < worlds; w++)
        {
            var random = new CounterRandom(7, "agreement", (ulong)w);
            MethodRanking Noisy(string method)
            {
                double[] Around(double[] at) => [.. at.Select(v => v + random.NextNormal())];
                var values = Around(new double[n]);
                return Ranking(method, values, [.. Enumerable.Range(0, 200).Select(_ => Around(values))]);
            }
            named += new RankingPair(Noisy("a"), Noisy("b"), 3, 100).Disagreements().Count();
        }
        ((double)named / (worlds * n)).ShouldBeLessThan(0.05);
    }

    [Fact]
    public void Methods_that_are_the_same_on_an_additive_model_agree_wholly()
    {
        // On a model that adds up, gradient × input from a zero baseline is integrated gradients.
        using var world = new TinyWorld();
        var result = world.Run(
            study: world.With(
                "  - {id: integrated-gradients, steps: 4}",
                "  - {id: integrated-gradients, steps: 4}\n  - gradient-times-input"
            )
        );
        Estimate Find(string estimand, string pair) =>
            result.Estimates.Single(e => e.Estimand == estimand && e.Method == pair && e.Split == "explain");
        const string same = "integrated-gradients~gradient-times-input";
        Find(Estimands.AgreementRank, same).Value.ShouldBe(1);
        Find(Estimands.AgreementTop, same).Low.ShouldBe(1);
        foreach (var measure in RowAgreement.Measures)
            Find(Estimands.RowAgreement + measure, same).Value.ShouldBeGreaterThan(0.99, measure);
        Find(Estimands.AgreementRank, "integrated-gradients~permutation").Value.ShouldBeGreaterThan(0.5);
        result.Report.ShouldContain("## Do the methods agree?");
        result.Report.ShouldContain("On no feature do two methods differ grossly");
    }

    [Fact]
    public void One_method_or_none_asked_leaves_it_out()
    {
        using var world = new TinyWorld();
        new AgreementStep().IsAsked(world.Study with { Methods = [new() { Id = "permutation" }] }).ShouldBeFalse();
        new AgreementStep().IsAsked(world.With("replicates: 200", "agreement: false")).ShouldBeFalse();
        new AgreementStep().IsAsked(world.With("replicates: 200", "agreement: {top: 2}")).ShouldBeTrue();
    }
}
