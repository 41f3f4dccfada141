namespace Assay.Studies.Tests;

/// <summary>The real case on a twentieth of its households, few nodes and replicates: that it holds together.</summary>
public sealed class RealStudyTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private StudyResult Run(string model)
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
                methods: [{id: integrated-gradients, steps: 2}, {id: permutation}]
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
        result
            .Report.IndexOf(Verdict.NothingLearnt, StringComparison.Ordinal)
            .ShouldBeLessThan(result.Report.IndexOf("recency_type_days", StringComparison.Ordinal));
    }

    [Fact]
    public void A_history_is_studied_as_one_feature()
    {
        var result = Run("mmoe");
        result.Estimates.ShouldContain(e => e.Feature == "history" && e.Estimand == "permutation_auc" && e.Value != 0);
        result.Head.ShouldBe("logit");
    }
}
