using Assay.Onnx;
using Assay.Training;

namespace Assay.Studies.Tests;

/// <summary>
/// Refits in a world whose truth is planted: country and product carry the logit, idle nothing. What is lost without a
/// feature is known: the noise nothing, the strongest more than the margin.
/// </summary>
public sealed class RetrainingTests(TinyRefits refits) : IClassFixture<TinyRefits>
{
    private const double Margin = 0.01;

    private Estimate One(string estimand, string feature, string split = "holdout") =>
        refits.Result.Estimates.Single(e =>
            e.Dimension == "overall" && (e.Estimand, e.Feature, e.Split) == (estimand, feature, split)
        );

    [Fact]
    public void The_noise_can_be_spared_and_the_strongest_cannot()
    {
        var (idle, country) = (One("loco_auc", "idle"), One("loco_auc", "country"));
        idle.High.ShouldBeLessThan(Margin);
        Math.Abs(idle.Value).ShouldBeLessThan(0.002);
        country.Low.ShouldBeGreaterThan(Margin);
        country.PAdjusted.ShouldBeLessThan(0.05);
        One("loco_logloss", "country").Low.ShouldBeGreaterThan(0);
        country.Method.ShouldBe("retrain");
        One("loco_auc", "country", "explain").Replicated.ShouldBe("yes");
        refits.Result.Report.ShouldContain("## If it were trained again");
    }

    /// <summary>Refits are studied without segments; expectations of segments are only the whole study's.</summary>
    [Fact]
    public void Expectations_of_segments_do_not_disturb_refits() =>
        refits.Result.Report.ShouldContain("## What was expected");

    /// <summary>Additive and independent features: permuting and leaving out cost the same order, and refits find the given importances.</summary>
    [Fact]
    public void Refits_find_the_importances_of_the_given_model()
    {
        foreach (var feature in (string[])["country", "product", "price", "idle"])
        {
            var given = One("permutation_auc", feature);
            var refit = One("refit_permutation_auc", feature);
            var sd = One("between_seed_sd_permutation_auc", feature);
            Math.Abs(refit.Value - given.Value).ShouldBeLessThan(0.02);
            sd.Value.ShouldBeLessThan(0.02);
            // The mean over three fits is no surer than their spread allows.
            refit.StandardError.ShouldBeGreaterThanOrEqualTo(sd.Value / Math.Sqrt(3) * 0.999);
        }
        var country = One("refit_permutation_auc", "product", "explain");
        country.Rank.ShouldBe(One("permutation_auc", "product", "explain").Rank);
        country.RankLow!.Value.ShouldBeLessThanOrEqualTo(country.Rank!.Value);
    }

    [Fact]
    public void Fits_to_shuffled_labels_lean_on_nothing()
    {
        foreach (var feature in (string[])["country", "product"])
        {
            One("null_permutation_auc", feature).PAdjusted.ShouldBeGreaterThan(0.01);
            One("over_null_permutation_auc", feature).PAdjusted.ShouldBeLessThan(0.05);
        }
        One("over_null_permutation_auc", "idle").PAdjusted.ShouldBeGreaterThan(0.01);
        var area = refits.Result.Estimates.Single(e =>
            e is { Estimand: "refit_auc", Method: "shuffled-labels", Split: "holdout" }
        );
        0.5.ShouldBeInRange(area.Low, area.High);
    }

    [Fact]
    public void The_area_lost_is_that_of_the_command_s_scores()
    {
        var study = refits.Study();
        var model = OnnxModel.Load(study.Model);
        var binding = FeatureDictionary.Load(study.Dictionary).Bind(model);
        LabelledRows Rows(DataSource source) => LabelledRows.Read(source, binding, study.Label, study.Cluster);
        var rows = new RefitRows(binding, Rows(study.Retrain!.Train), Rows(study.Explain), Rows(study.Holdout!));
        RefitVariant Variant(ulong seed, params string[] drop) =>
            new() { Options = study.Retrain.Options with { Seed = seed }, Drop = drop };
        double Lost(ulong seed) =>
            Refit.One(model, rows, Variant(seed)).Score!.Auc
            - Refit.One(model, rows, Variant(seed, "country")).Score!.Auc;
        One("loco_auc", "country").Value.ShouldBe((Lost(1) + Lost(2) + Lost(3)) / 3, 1e-9);
    }

    [Fact]
    public void What_was_fitted_is_not_fitted_again_and_threads_change_nothing()
    {
        var folder = refits.World.Folder["again"];
        var study = refits.Study("drop: none\n  shuffle: false");
        var first = refits.Run(folder, study, new RunOptions { Threads = 1 });
        var fits = Directory.GetFiles(Path.Combine(folder, "refits"), "*.fit");
        fits.Length.ShouldBe(3);
        File.Delete(fits[0]);
        var kept = File.GetLastWriteTimeUtc(fits[1]);
        var bytes = File.ReadAllBytes(Path.Combine(folder, "estimates.parquet"));
        refits.Run(folder, study);
        File.GetLastWriteTimeUtc(fits[1]).ShouldBe(kept);
        File.Exists(fits[0]).ShouldBeTrue();
        File.ReadAllBytes(Path.Combine(folder, "estimates.parquet")).ShouldBe(bytes);
        first.Estimates.ShouldNotContain(e => e.Estimand.StartsWith("loco_", StringComparison.Ordinal));
        // Other options make other fits in the same folder.
        var other = study with
        {
            Retrain = study.Retrain! with { OovDropout = 0.1 },
        };
        refits.Run(folder, other);
        File.GetLastWriteTimeUtc(fits[1]).ShouldNotBe(kept);
    }

    [Theory]
    [InlineData("seeds: 2", "between 3 and 100")]
    [InlineData("roar: [0]", "'roar' lists how many features are removed")]
    [InlineData("sheds: 2", "did you mean 'seeds'")]
    [InlineData("drop: {stronger: 2}", "did you mean 'strongest'")]
    [InlineData("retire: {margin: 2}", "'margin' lies between 0 and 0.5")]
    public void Misuse_is_told(string line, string said) =>
        Should.Throw<AssayException>(() => refits.Study(line)).Message.ShouldContain(said, Case.Insensitive);

    [Fact]
    public void Without_untouched_rows_refits_cannot_be_compared()
    {
        var study = refits.Study() with { Holdout = null };
        Should
            .Throw<AssayException>(() => refits.Run(refits.World.Folder["none"], study))
            .Message.ShouldContain("add data: holdout, or retrain: test");
    }

    [Fact]
    public void Resampled_rows_are_whole_clusters()
    {
        var rows = new LabelledRows(
            new Dictionary<string, TensorData> { ["x"] = TensorData.From([1f, 2, 3, 4, 5, 6], 6, 1) },
            [0, 1, 0, 1, 0, 1],
            [0, 0, 1, 1, 2, 2]
        );
        var drawn = rows.Resampled(3);
        drawn.Count.ShouldBe(6);
        for (var i = 0; i < drawn.Count; i += 2)
        {
            drawn.Clusters[i].ShouldBe(drawn.Clusters[i + 1]);
            drawn.Feeds["x"].Span<float>()[i].ShouldBe(1 + 2 * drawn.Clusters[i]);
        }
    }
}
