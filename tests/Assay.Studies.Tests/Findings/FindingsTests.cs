using NJsonSchema;

namespace Assay.Studies.Tests;

/// <summary>Findings of the tiny world, whose truth is known: product, price and country count, idle does not.</summary>
public sealed class FindingsTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private StudyResult Result => finished.Result;

    private static async Task<string[]> Errors(string json)
    {
        var schema = await JsonSchema.FromFileAsync(
            Checkout.Path("docs", "schemas", "findings.schema.json"),
            TestContext.Current.CancellationToken
        );
        return [.. schema.Validate(json).Select(e => e.ToString())];
    }

    private static Finding Of(StudyResult result, string feature) =>
        result.Findings.Single(f => f.Feature == feature && f.Dimension == "overall");

    [Fact]
    public async Task The_file_follows_the_published_schema()
    {
        var json = File.ReadAllText(Path.Combine(Result.Folder, "findings.json"));
        (await Errors(json)).ShouldBeEmpty();
        // The schema is not one that anything follows.
        (await Errors(json.Replace("\"grade\": \"C\"", "\"grade\": \"E\""))).ShouldNotBeEmpty();
        (await Errors(json.Replace("\"value\"", "\"worth\""))).ShouldNotBeEmpty();
    }

    [Fact]
    public void Planted_features_matter_and_the_idle_one_does_not()
    {
        foreach (var feature in (string[])["product", "price", "country", "goods"])
        {
            var finding = Of(Result, feature);
            finding.Kind.ShouldBe(FindingKind.FeatureMatters, feature);
            finding.Grade.ShouldBe(Grade.C, feature);
            finding.Family.Tests.ShouldBe(5);
        }
        var idle = Of(Result, "idle");
        idle.Kind.ShouldBe(FindingKind.FeatureDoesNotMatter);
        idle.Interval!.High.ShouldBeLessThanOrEqualTo(idle.Margin);
        idle.Id.ShouldBe("idle/permutation_auc/permutation/overall=all");
        Result.Findings.Select(f => f.Id).ShouldBeUnique();
    }

    [Fact]
    public void Sentences_use_display_names_and_are_ordered_effect_first()
    {
        var said = Of(Result, "country").Sentences;
        said.Effect.ShouldStartWith("Home country matters: with its values exchanged among rows the model loses");
        said.HowSure.ShouldStartWith("Grade C, ");
        said.HowSure.ShouldContain("untouched rows show the same");
        said.ForWhom.ShouldContain("9,000 rows of 300 users");
        said.WhatToDo.ShouldStartWith("Collect more evidence first");
        FeatureNames.Plain("recency_type_days").ShouldBe("Recency type days");
    }

    [Fact]
    public void The_first_screen_comes_first_and_is_short()
    {
        var lines = Result.Report.Split('\n');
        var start = Array.IndexOf(lines, "## What matters, for whom, how sure, what to do");
        start.ShouldBeInRange(1, 3);
        var end = Array.FindIndex(lines, start + 1, l => l.StartsWith("## ", StringComparison.Ordinal));
        (end - start).ShouldBeLessThanOrEqualTo(25);
        var screen = string.Join('\n', lines[start..end]);
        screen.ShouldContain("| Home country | ");
        screen.ShouldContain("**Does not matter** (changes AUC by no more than 0.0020, ");
        screen.ShouldContain("): Idle (C).");
    }

    [Fact]
    public void Bytes_do_not_depend_on_threads_or_the_margin_on_the_plan()
    {
        var again = finished.World.Run("again", new RunOptions { Threads = 1 });
        File.ReadAllBytes(Path.Combine(again.Folder, "findings.json"))
            .ShouldBe(File.ReadAllBytes(Path.Combine(Result.Folder, "findings.json")));
        // A wider margin is another judgement of the same estimates: the folder is used again.
        var wide = finished.World.Run("again", study: finished.World.With("replicates:", "margin: 0.4\nreplicates:"));
        wide.RowsWorkedOn.ShouldBe(0);
        wide.Findings.ShouldAllBe(f => f.Kind == FindingKind.FeatureDoesNotMatter);
    }

    [Fact]
    public void Given_the_others_and_seen_again_it_is_B()
    {
        var study = finished.World.With("- {id: permutation, groups: [goods]}", "- {id: conditional-permutation}");
        var result = finished.World.Run("conditional", study: study);
        foreach (var feature in (string[])["product", "price"])
            (Of(result, feature).Grade, Of(result, feature).Kind).ShouldBe(
                (Grade.B, FindingKind.FeatureMatters),
                feature
            );
        Of(result, "idle").Kind.ShouldBe(FindingKind.FeatureDoesNotMatter);
        result.Findings.ShouldAllBe(f => f.Grade != Grade.A);
        result.Verdict.Grade.ShouldBe("B");
    }

    [Fact]
    public void A_model_of_noise_has_no_finding_above_D()
    {
        using var noise = new TinyWorld(shuffled: true);
        var result = noise.Run();
        result.Findings.ShouldNotBeEmpty();
        result.Findings.ShouldAllBe(f => f.Grade == Grade.D);
        result.Report.ShouldContain("Every line here has grade D");
    }

    [Fact]
    public async Task Attributions_alone_are_no_evidence()
    {
        var study = finished.World.With("  - {id: permutation, groups: [goods]}\n", "");
        var result = finished.World.Run("attributions", study: study);
        result.Findings.Count.ShouldBe(4);
        result.Findings.ShouldAllBe(f => f.Grade == Grade.D && f.MissingForNextGrade.Count > 0);
        (await Errors(File.ReadAllText(Path.Combine(result.Folder, "findings.json")))).ShouldBeEmpty();
    }
}
