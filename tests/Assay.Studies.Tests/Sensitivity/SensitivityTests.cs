using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Bands over baselines and spaces against closed forms of a linear model.</summary>
public sealed class SensitivityTests : IDisposable
{
    private readonly LinearWorld world = new();

    public void Dispose() => world.Dispose();

    private static Estimate Find(StudyResult result, string estimand, string method, string feature = "") =>
        result.Estimates.Single(e => e.Estimand == estimand && e.Method == method && e.Feature == feature);

    [Fact]
    public void Bands_of_a_linear_model_are_those_of_the_closed_form()
    {
        var result = world.Run(world.Study("{baselines: [zero, padding, {file: far.json}]}"));
        for (var f = 0; f < LinearWorld.Names.Length; f++)
        {
            // Zero is the study's own; padding is the training mean; the file has level = 10.
            double[] baselines = f == 0 ? [0, 5, 10] : [0];
            foreach (var size in (bool[])[true, false])
            {
                var truth = baselines.Select(b => world.Truth(f, b, size)).ToArray();
                var band = Find(
                    result,
                    SensitivityEstimands.Band + (size ? Estimands.MeanAbsAttribution : Estimands.MeanAttribution),
                    "baselines",
                    LinearWorld.Names[f]
                );
                band.Value.ShouldBe(truth[0], 1e-5);
                band.Low.ShouldBe(truth.Min(), 1e-5);
                band.High.ShouldBe(truth.Max(), 1e-5);
            }
        }
        // From zero level pushes by 5 and is first; from its mean by 0.08, behind all but the feature without weight.
        var level = Find(result, "band_mean_abs_attribution", "baselines", "level");
        (level.Rank, level.RankLow, level.RankHigh).ShouldBe((1, 1, 5));
        // 4 of 15 pairs change their order: τ = (11 − 4) / 15.
        Find(result, "sensitivity_rank", "baseline:padding").Value.ShouldBe(7.0 / 15, 1e-12);
        Find(result, "sensitivity_rank", "baseline:file:far.json").Value.ShouldBe(1);
    }

    [Fact]
    public void A_feature_that_falls_or_turns_is_told_in_findings_of_attributions_only()
    {
        var own = world.Run(world.Study("{baselines: [padding, {file: far.json}]}"));
        const string falls = "with the dictionary's replacements instead of zero as baseline it ranks 5 instead of 1";
        own.Findings.Single(f => f.Feature == "level").AlternativeExplanations[0].ShouldBe(falls);
        own.Findings.Single(f => f.Feature == "a")
            .AlternativeExplanations.ShouldNotContain(a => a.Contains("baseline"));
        own.Report.ShouldContain("## Would another baseline or setting say the same?");
        own.Report.ShouldContain(
            "depends on what “without the feature” means: level ranks 1, and 5 with the dictionary's replacements"
        );
        own.Report.ShouldContain("level pushes the score up on average by one baseline and down by another");
        // Losses of quality have no baseline.
        var both = world.Run(
            world.Study("{baselines: [padding]}", "[{id: integrated-gradients, steps: 4}, permutation]"),
            "both"
        );
        both.Findings.SelectMany(f => f.AlternativeExplanations).ShouldNotContain(a => a.Contains("baseline"));
        both.Report.ShouldContain("level ranks 1, and 5 with the dictionary's replacements");
        File.ReadAllText(Path.Combine(both.Folder, "card.md"))
            .ShouldContain(
                "Attributions were made again in 1 other way: 1 of 6 features move by more than a few places"
            );
    }

    [Fact]
    public void Remarks_cap_only_the_estimates_that_they_speak_of()
    {
        Remark[] remarks =
        [
            new("recency", "another baseline turns it", Grade.C)
            {
                Only = e => e.Estimand.EndsWith(Estimands.MeanAttribution, StringComparison.Ordinal),
            },
        ];
        var context = new Fabricated { Remarks = remarks }.Context();
        Grade Of(string estimand, string method) =>
            Grading
                .Of(context.Of(Fabricated.Row("recency", estimand, method, 0.1, 0.01)) with { CheckAuc = 0.5 })
                .Grade;
        Of(Estimands.Conditional + Estimands.Auc, "conditional-permutation").ShouldBe(Grade.B);
        Of("contrast_" + Estimands.MeanAttribution, "conditional-permutation").ShouldBe(Grade.C);
        // The size of attributions is another quantity.
        context
            .Of(Fabricated.Row("recency", Estimands.MeanAbsAttribution, "integrated-gradients", 0.1, 0.01))
            .Remarks.ShouldBeEmpty();
    }

    [Fact]
    public void Another_space_has_ranks_and_no_common_scale()
    {
        var result = world.Run(world.Study("{spaces: [probability], settings: {at: [raw]}}"));
        var space = Find(result, "band_mean_abs_attribution", "space", "a");
        (double.IsNaN(space.Low), space.Interval).ShouldBe((true, ""));
        space.RankLow.ShouldNotBeNull();
        // This model has no preprocessing, so numbers enter at the same place.
        var settings = Find(result, "band_mean_abs_attribution", "settings", "a");
        settings.Low.ShouldBe(settings.High, 1e-6);
        Find(result, "sensitivity_rank", "at:raw").Value.ShouldBe(1);
        result.Report.ShouldContain(
            "With numbers entering raw instead of behind their preprocessing no feature moves by more than 2 places"
        );
    }

    [Fact]
    public void Budgets_are_those_of_sampled_methods_and_several_methods_are_told_apart()
    {
        var study = world.Study(
            "{baselines: [mean], settings: {budget: [5, 20]}}",
            "[{id: integrated-gradients, steps: 4}, {id: smooth-grad, budget: 10}, saliency]"
        );
        var result = world.Run(study);
        // Saliency looks at the row alone.
        result
            .Estimates.Where(e => e.Estimand == SensitivityEstimands.Rank)
            .Select(e => e.Method)
            .ShouldBe([
                "baseline:mean:integrated-gradients",
                "baseline:mean:smooth-grad",
                "budget:5:smooth-grad",
                "budget:20:smooth-grad",
            ]);
        // The gradient of a linear model is its weights, whatever the noise.
        var band = Find(result, "band_mean_abs_attribution", "settings:smooth-grad", "a");
        band.Low.ShouldBe(1.2, 1e-6);
        band.High.ShouldBe(1.2, 1e-6);
        Should
            .Throw<AssayException>(() =>
                world.Run(world.Study("true", "[{id: integrated-gradients, budget: 10}]"), "refused")
            )
            .Message.ShouldContain("The method 'integrated-gradients' of the study has no 'budget'; only ");
    }

    [Fact]
    public void True_takes_the_baselines_that_apply_and_half_and_twice_the_steps()
    {
        var result = world.Run(world.Study("true"));
        result
            .Estimates.Where(e => e.Estimand == SensitivityEstimands.Rank)
            .Select(e => e.Method)
            .ShouldBe(["baseline:padding", "baseline:mean", "baseline:data", "steps:2", "steps:8"]);
        result.Report.ShouldContain("The integral has converged: with 8 steps instead of 4");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_the_threads()
    {
        var study = world.Study("true");
        var one = world.Run(study, "one", new RunOptions { Threads = 1 });
        var two = world.Run(study, "two", new RunOptions { Threads = 2, Workers = 3 });
        foreach (var file in (string[])["estimates.parquet", "report.md", "findings.json", "card.md"])
            File.ReadAllBytes(Path.Combine(one.Folder, file))
                .ShouldBe(File.ReadAllBytes(Path.Combine(two.Folder, file)), file);
        // Started again it finds its variants finished.
        world.Run(study, "one").Report.ShouldBe(one.Report);
    }

    [Theory]
    [InlineData(
        "{baselines: [zero, man]}",
        "there is no baseline 'man'. Did you mean 'mean'? Known: zero, padding, mean, data"
    )]
    [InlineData("{baselines: [mean, mean]}", "the baseline 'mean' is named twice")]
    [InlineData("{settings: {steps: [0]}}", "'steps' must lie between 1 and 4096, not 0")]
    [InlineData("{settings: {step: [4]}}", "unknown key 'step'. Did you mean 'steps'?")]
    [InlineData("{settings: {at: [row]}}", "'at' must list preprocessed, raw, not 'row'. Did you mean 'raw'?")]
    [InlineData("{spaces: [logits]}", "Did you mean 'logit'?")]
    [InlineData("{}", "'sensitivity' varies nothing")]
    [InlineData("maybe", "'sensitivity' must be one of true, false, not 'maybe'")]
    public void Mistakes_are_one_line_that_says_what_was_meant(string yaml, string expected)
    {
        var e = Should.Throw<AssayException>(() => world.Study(yaml));
        e.Message.ShouldContain(expected);
        e.Message.ShouldNotContain("\n");
        e.Message.ShouldContain("study.yaml line 8");
    }

    [Fact]
    public void A_variant_that_cannot_be_made_is_said_and_the_rest_stands()
    {
        world.Folder.File("wide.json", """{"dense": [[10, 0]]}""");
        var result = world.Run(world.Study("{baselines: [padding, {file: wide.json}]}"));
        result.Report.ShouldContain("Not possible with the row in wide.json instead of zero as baseline:");
        Find(result, "sensitivity_rank", "baseline:padding").Value.ShouldBeLessThan(1);
    }

    [Fact]
    public void Without_attributions_nothing_is_left_out()
    {
        var none = world.Run(world.Study("true", "[permutation]"));
        none.Report.ShouldNotContain("another baseline");
        world
            .Run(world.Study("false"), "off")
            .Report.ShouldContain("whether another baseline or setting would say the same");
    }
}
