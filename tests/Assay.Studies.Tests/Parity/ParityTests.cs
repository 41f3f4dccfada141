using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Explained rows against training rows in a world whose differences are planted.</summary>
public sealed class ParityTests : IDisposable
{
    private const string Segments = """
        segments:
          country: country
          price: {column: price, bins: [0.5]}
          rare: {sql: {two: "usr IN ('u1', 'u2')"}}
        """;
    private readonly TinyWorld world = new();
    private readonly TinyWorld other = new(seed: 2);

    public void Dispose()
    {
        world.Dispose();
        other.Dispose();
    }

    private string Other => other.Folder["explain.parquet"];

    /// <summary>A study of changed rows, compared with the rows of training.</summary>
    private StudyDefinition Study(string explain, string train, string more = "") =>
        StudyDefinition.Load(
            world.Folder.File(
                $"{Guid(explain + train + more)}.yaml",
                TinyWorld
                    .Yaml.Replace(
                        "data: {explain: explain.parquet, holdout: holdout.parquet}",
                        $"data:\n  explain: {{sql: \"{explain}\"}}\n  holdout: holdout.parquet\n  train: {{sql: \"{train}\"}}\n{more}"
                    )
                    .Replace("{id: integrated-gradients, steps: 4}", "saliency")
                    .Replace(
                        Segments.ReplaceLineEndings("\n"),
                        "segments:\n  country: country\n  half: {sql: {even: \"visit % 2 = 0\", odd: \"visit % 2 = 1\"}}"
                    )
            )
        );

    private static string Guid(string of) => Files.HashText(of)[..8];

    private static Estimate Find(
        StudyResult result,
        string estimand,
        string feature,
        string dimension = "overall",
        string segment = "all"
    ) =>
        result.Estimates.Single(e =>
            (e.Estimand, e.Feature, e.Dimension, e.Segment, e.Split)
            == (estimand, feature, dimension, segment, Splits.Explain)
        );

    [Fact]
    public void The_index_is_that_of_the_shares_by_hand()
    {
        // Half of product 1 turned into product 2: shares .2 → .1 and .2 → .3, so .1 ln 2 + .1 ln 1.5 = .10986.
        var result = world.Run(
            study: Study(
                "SELECT * REPLACE (CASE WHEN product = 1 AND visit % 2 = 0 THEN 2 ELSE product END AS product) FROM 'explain.parquet'",
                "SELECT * FROM 'explain.parquet'"
            )
        );
        var product = Find(result, "parity_psi", "product");
        product.Value.ShouldBe(0.10986, 0.006);
        product.Method.ShouldBe("train-serve");
        product.PAdjusted.ShouldBeLessThan(1e-6);
        // The very same rows of the same clusters: no difference, and no chance of one.
        var price = Find(result, "parity_psi", "price");
        (price.Value, price.PValue, price.High).ShouldBe((0, 1, 0));
        Find(result, "parity_shift", "price").Value.ShouldBe(0);
        Find(result, "parity_unseen", "product").Value.ShouldBe(0);
        result.Estimates.ShouldNotContain(e => e.Estimand == "parity_missing");
    }

    [Fact]
    public void Drift_of_one_feature_in_one_segment_is_found_there_only()
    {
        var result = world.Run(
            study: Study(
                "SELECT * REPLACE (CASE WHEN country = 2 THEN price + 0.7 ELSE price END AS price) FROM 'explain.parquet'",
                $"SELECT * FROM '{Other}'"
            )
        );
        // J of N(.5, 1) and N(1.2, 1) is .49; deciles see most of it.
        var planted = Find(result, "parity_psi", "price", "country", "2");
        planted.Value.ShouldBe(0.47, 0.06);
        planted.Low.ShouldBeGreaterThan(0.3);
        // The holdout has no drift.
        planted.Replicated.ShouldBe("no");
        Find(result, "parity_shift", "price", "country", "2").Value.ShouldBe(0.7, 0.05);
        var drifted = result.Estimates.Where(e => e is { Estimand: "parity_psi", Value: > 0.1, PAdjusted: < 0.05 });
        drifted.ShouldHaveSingleItem().ShouldBe(planted);
        // Nothing else beyond chance, but the price over all rows and in the halves, of which country 2 is a third.
        result
            .Estimates.Where(e => e is { Estimand: "parity_psi", PAdjusted: < 0.05 })
            .ShouldAllBe(e =>
                e.Feature == "price" && (e.Dimension == "overall" || e.Dimension == "half" || e.Segment == "2")
            );
        result.Report.ShouldContain("none of the 4 features differs from training by more than is usual");
        result.Report.ShouldContain("- Price where home country is 2: stability index 0.4");
        result
            .Findings.First(f => f is { Feature: "price", Kind: FindingKind.FeatureMatters })
            .AlternativeExplanations.ShouldContain(a =>
                a.StartsWith("where country is 2 its values differ from those in training: stability index 0.4")
            );
    }

    [Fact]
    public void A_broken_pipeline_caps_grades_is_a_finding_and_is_to_be_repaired()
    {
        world.Folder.File(
            "features.yaml",
            File.ReadAllText(world.Folder["features.yaml"])
                .Replace("training_mean: 0.5,", "training_mean: 0.5, missing: mean,")
        );
        var result = world.Run(
            study: Study(
                "SELECT * REPLACE (CASE WHEN hash(visit, product) % 10 < 4 THEN NULL ELSE price END AS price) FROM 'explain.parquet'",
                $"SELECT * REPLACE (CASE WHEN visit % 50 = 0 THEN NULL ELSE price END AS price) FROM '{Other}'"
            )
        );
        var missing = Find(result, "parity_missing", "price");
        missing.Value.ShouldBe(0.38, 0.02);
        (missing.Low < missing.Value && missing.Value < missing.High).ShouldBeTrue();
        // Only missing values differ: (.40 − .02) ln(.40/.02) + (.60 − .98) ln(.60/.98).
        Find(result, "parity_psi", "price").Value.ShouldBe(1.325, 0.06);
        var price = result.Findings.First(f => f is { Feature: "price", Kind: FindingKind.FeatureMatters });
        price.GradeReasons.ShouldContain(r =>
            r.StartsWith("its values differ from those in training: stability index 1.3")
            && r.Contains(" of the rows instead of 2.0 %")
        );
        result.Findings.Count(f => f is { Kind: FindingKind.Drifted, Feature: "price" }).ShouldBe(2);
        var repair = result.Actions.Single(a => a.Target.Features.Contains("price") && a.Id.EndsWith("/pipeline"));
        (repair.Decides ?? repair.Kind).ShouldBe(ActionKind.EnrichFeature);
        result.Actions.ShouldNotContain(a => (a.Decides ?? a.Kind) == ActionKind.Retrain);
        result.Report.ShouldContain("**Not in 1 of 4 features: Price differs from training by much.**");
        File.ReadAllText(Path.Combine(result.Folder, "card.md"))
            .ShouldContain(
                "Like training? Compared with 9,000 training rows, 1 of 4 features differ by a stability index above 0.1000, 1 of them above 0.2500."
            );
    }

    [Fact]
    public void Ids_that_training_does_not_have_are_counted()
    {
        var result = world.Run(
            study: Study("SELECT * FROM 'explain.parquet'", $"SELECT * FROM '{Other}' WHERE product <> 4")
        );
        var unseen = Find(result, "parity_unseen", "product");
        unseen.Value.ShouldBe(0.2, 0.015);
        unseen.Low.ShouldBeGreaterThan(0.18);
        result
            .Actions.Single(a => a.Target.Features.Contains("product") && a.Id.EndsWith("/pipeline"))
            .Title.ShouldContain("of its ids never occurred in training");
    }

    [Fact]
    public void Threads_change_no_byte()
    {
        var study = Study("SELECT * FROM 'explain.parquet'", $"SELECT * FROM '{Other}'");
        var one = world.Run("one", new RunOptions { Threads = 1 }, study);
        var two = world.Run("two", new RunOptions { Threads = 2 }, study);
        one.Report.ShouldBe(two.Report);
        foreach (var file in (string[])["estimates.parquet", "card.json", "findings.json"])
            File.ReadAllBytes(Path.Combine(one.Folder, file))
                .ShouldBe(File.ReadAllBytes(Path.Combine(two.Folder, file)));
        // No drift was planted here; how often chance looks like it is measured in ShareDriftTests.
        one.Estimates.Where(e =>
                e
                    is { Estimand: "parity_psi", PAdjusted: < 0.05, Split: Splits.Explain }
                        or { Estimand: "parity_psi", Value: > 0.05 }
            )
            .Select(e => $"{e.Feature} {e.Split} {e.Dimension}={e.Segment} {e.Value} {e.PValue}")
            .ShouldBeEmpty();
        Directory.Exists(Path.Combine(one.Folder, "prepared", "spill")).ShouldBeFalse();
    }

    [Fact]
    public void Training_rows_without_a_feature_are_an_error_of_one_line()
    {
        var study = Study("SELECT * FROM 'explain.parquet'", $"SELECT * EXCLUDE (price) FROM '{Other}'");
        var error = Should.Throw<AssayException>(() => world.Run(study: study));
        error.Message.ShouldStartWith("Data the sql query: column 'price' (feature 'price') is missing.");
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Training_rows_without_clusters_or_segments_are_compared_and_it_is_said()
    {
        var result = world.Run(
            study: Study(
                "SELECT *, country AS market FROM 'explain.parquet'",
                $"SELECT * EXCLUDE (usr, visit) FROM '{Other}'"
            )
        );
        Find(result, "parity_psi", "price", "country", "1").PValue.ShouldBeGreaterThan(0.001);
        result.Estimates.ShouldNotContain(e => e.Estimand == "parity_psi" && e.Dimension == "half");
        result.Report.ShouldContain("They do not have `usr`");
        result.Report.ShouldContain("Not compared by half: the training rows lack a column for it.");
    }

    [Fact]
    public void It_is_asked_for_by_training_rows_and_can_be_left_out()
    {
        var step = new ParityStep();
        step.IsAsked(world.Study).ShouldBeFalse();
        var train = world.With("holdout: holdout.parquet}", "holdout: holdout.parquet, train: explain.parquet}");
        step.IsAsked(train).ShouldBeTrue();
        var refitted = world.With("replicates: 200", "replicates: 200\nretrain: {train: explain.parquet}");
        refitted.TrainingRows!.Paths.ShouldBe(["explain.parquet"]);
        step.IsAsked(refitted).ShouldBeTrue();
        step.IsAsked(world.With("replicates: 200", "replicates: 200\nretrain: {train: explain.parquet}\nparity: false"))
            .ShouldBeFalse();
        world.With("replicates: 200", "parity: {warn: 0.05}").Parity.ShouldBe(new(0.05, 0.25));
        Should
            .Throw<AssayException>(() => world.With("replicates: 200", "parity: {warn: 0.5}"))
            .Message.ShouldContain("'alarm' (0.25) lies below 'warn' (0.5)");
    }
}
