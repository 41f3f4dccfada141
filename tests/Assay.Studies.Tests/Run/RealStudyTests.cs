using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>The real case on a twentieth of its households, few nodes and replicates: that it holds together.</summary>
public sealed class RealStudyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private StudyResult Run(string model, string methods = "[{id: integrated-gradients, steps: 2}, {id: permutation}]")
    {
        var real = RealCase.Folder;
        RealCase.Model(model);
        var study = StudyDefinition.Load(
            folder.File(
                "study.yaml",
                $$"""
                model: {{real}}/models/{{model}}.onnx
                dictionary: {{real}}/models/{{model}}.features.json
                vocabularies: {{real}}/data/vocab.json
                data:
                  explain: {parquet: {{real}}/data/valid.parquet, where: "household_id % 20 = 0"}
                  holdout: {parquet: {{real}}/data/test.parquet, where: "household_id % 20 = 0"}
                label: bought
                cluster: household_id
                request: trip_id
                item: product_id
                popularity: item_popularity_28d
                segments: [age]
                replicates: 100
                methods: {{methods}}
                """
            )
        );
        return StudyRunner.Run(study, folder[model], new RunOptions { Threads = 2 });
    }

    [Fact]
    public void A_trained_model_beats_the_floors_and_leans_on_recency()
    {
        var result = Run("deepfm_seed1");
        result.Verdict.LearntNothing.ShouldBeFalse(string.Join(' ', result.Verdict.Reasons));
        var first = result.Estimates.Single(e =>
            e is { Rank: 1, Estimand: "permutation_auc", Dimension: "overall", Split: "explain" }
        );
        first.Feature.ShouldBe("recency_type_days");
        first.Replicated.ShouldBe("yes");
        result.Report.ShouldContain(
            "Every list (`trip_id`) of the explain rows has the same share of positives, 20.0 %"
        );
        result.Estimates.ShouldContain(e => e.Dimension == "age" && e.SegmentLabel == "45-54");
    }

    [Fact]
    public void The_negative_control_is_flagged_first()
    {
        var result = Run("deepfm_shuffled");
        result.Verdict.LearntNothing.ShouldBeTrue();
        result.Findings.Count.ShouldBeGreaterThan(30);
        result.Findings.ShouldAllBe(f => f.Grade == Grade.D);
        result
            .Report.IndexOf(Verdict.NothingLearnt, StringComparison.Ordinal)
            .ShouldBeLessThan(result.Report.IndexOf("recency_type_days", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deepfm_seed1")]
    [InlineData("din")]
    public void Permutation_to_first_order_ranks_as_permutation_does(string model)
    {
        var result = Run(model, "[permutation, taylor-permutation]");
        double[] Values(string estimand, string method) =>
            [
                .. result
                    .Estimates.Where(e =>
                        (e.Estimand, e.Method, e.Dimension, e.Split) == (estimand, method, "overall", "explain")
                    )
                    .Select(e => e.Value),
            ];
        // Same donors, so what differs is what the network does between both ends of the step.
        var exact = Values("permutation_auc", "permutation");
        var linear = Values("permutation_auc", "taylor-permutation");
        exact.Length.ShouldBeGreaterThan(30);
        RankCorrelation.KendallTauB(exact, linear).ShouldBeGreaterThan(0.6);
        int[] First(double[] values, int k) =>
            [.. values.Index().OrderByDescending(v => v.Item).Take(k).Select(v => v.Index)];
        First(linear, 5).Intersect(First(exact, 5)).Count().ShouldBeGreaterThan(3);
        First(linear, 3).ShouldContain(First(exact, 1)[0]);
    }

    [Fact]
    public void Given_the_product_s_category_its_department_adds_nothing()
    {
        var result = Run(
            "deepfm_seed1",
            "[{id: conditional-permutation, given: [product_type, product_category, manufacturer, recency_type_days]}]"
        );
        // The category and the maker determine department and brand: given them nothing is left to lose.
        double Of(string estimand, string feature) =>
            result
                .Estimates.Single(e =>
                    (e.Estimand, e.Feature, e.Dimension, e.Split) == (estimand, feature, "overall", "explain")
                    && e.Method == "conditional-permutation"
                )
                .Value;
        foreach (var feature in (string[])["department", "brand"])
        {
            Of("conditional_fit", feature).ShouldBeGreaterThan(0.9);
            Math.Abs(Of("conditional_permutation_auc", feature)).ShouldBeLessThan(0.005);
        }
        Of("conditional_permutation_auc", "recency_type_days").ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void A_history_is_studied_as_one_feature()
    {
        var result = Run("mmoe");
        result.Estimates.ShouldContain(e => e.Feature == "history" && e.Estimand == "permutation_auc" && e.Value != 0);
        result.Head.ShouldBe("logit");
    }
}
