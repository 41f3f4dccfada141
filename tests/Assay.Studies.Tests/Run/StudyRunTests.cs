using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies.Tests;

public sealed class StudyRunTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    private static Estimate Find(
        StudyResult r,
        string estimand,
        string feature,
        string segment = "all",
        string split = "explain"
    ) =>
        r.Estimates.Single(e =>
            e.Estimand == estimand
            && e.Feature == feature
            && e.Segment == segment
            && e.Split == split
            && (feature.Length > 0 || e.Method == "model")
        );

    [Fact]
    public void Additive_model_gives_the_attributions_it_must()
    {
        var result = finished.Result;
        // Integrated gradients of an additive model are its terms, whatever the nodes: with the zero baseline the weight itself.
        // Every country has a third of the rows.
        var mean = TinyWorld.Country.Skip(1).Average(v => Math.Abs(v));
        Find(result, "mean_abs_attribution", "country").Value.ShouldBe(mean, 1e-6);
        Find(result, "mean_attribution", "country").Value.ShouldBe(TinyWorld.Country.Skip(1).Average(v => v), 1e-6);
        for (var c = 1; c < 4; c++)
            Find(result, "mean_attribution", "country", $"{c}").Value.ShouldBe(TinyWorld.Country[c], 1e-6);
        // E|½ x| for x ~ N(½, 1) is ½ · 0.8956 (folded normal).
        Find(result, "mean_abs_attribution", "price").Value.ShouldBe(0.4478, 0.02);
        var idle = Find(result, "permutation_auc", "idle");
        (idle.Value, idle.Low, idle.High, idle.PValue).ShouldBe((0, 0, 0, 1));
        Find(result, "mean_abs_attribution", "idle").Value.ShouldBe(0);
        var product = Find(result, "permutation_auc", "product");
        product.Rank.ShouldBe(1);
        product.Low.ShouldBeGreaterThan(0);
        product.Replicated.ShouldBe("yes");
        idle.Replicated.ShouldBeEmpty();
        Find(result, "mean_abs_attribution", "product").Replicated.ShouldBe("not tested");
        // Permuting product and price together costs more than either.
        Find(result, "permutation_auc", "goods").Value.ShouldBeGreaterThan(product.Value);
        Find(result, "permutation_auc", "goods").Rank.ShouldBeNull();
        result.Verdict.LearntNothing.ShouldBeFalse();
    }

    [Fact]
    public void Files_say_what_the_result_says()
    {
        var result = world.Run();
        using var duck = Duck.Open(world.Folder["run"]);
        duck.Count("SELECT count(*) FROM 'estimates.parquet'").ShouldBe(result.Estimates.Count);
        duck.Scalar(
                "SELECT value FROM 'estimates.parquet' WHERE estimand = 'auc' AND split = 'holdout' AND segment = 'all' AND method = 'model'"
            )
            .ShouldBe(Find(result, "auc", "", split: "holdout").Value);
        duck.Count("SELECT count(*) FROM 'attributions/*.parquet'").ShouldBe(18000);
        ((double)duck.Scalar("SELECT max(abs(completeness_gap)) FROM 'attributions/*.parquet'")!).ShouldBeLessThan(
            1e-5
        );
        duck.Count("SELECT count(*) FROM 'estimates.parquet' WHERE isnan(value)").ShouldBe(0);
        var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(world.Folder["run"], "run.json"))).RootElement;
        run.GetProperty("sha256").GetProperty("model").GetString().ShouldBe(Files.Hash(world.Folder["model.onnx"]));
        run.GetProperty("permuted_by").GetProperty("country").GetString().ShouldBe("cluster");
        run.GetProperty("permuted_by").GetProperty("product").GetString().ShouldBe("row");
        var hidden = result.Estimates.Single(e => e.Segment == "two" && e.Split == "explain");
        (hidden.Status, double.IsNaN(hidden.Value), hidden.Rows).ShouldBe(("too small", true, 60));
        result.Report.ShouldContain("Home country");
        result.Report.ShouldContain("Yes: it beats every trivial rule");
        Directory.GetFiles(world.Folder["run"], "*.partial", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_do_not_depend_on_threads_or_workers()
    {
        byte[] Bytes(string name, RunOptions options)
        {
            world.Run(name, options);
            return File.ReadAllBytes(Path.Combine(world.Folder[name], "estimates.parquet"));
        }
        var one = Bytes("a", new RunOptions { Threads = 1 });
        Bytes("b", new RunOptions { Threads = 2 }).ShouldBe(one);
        Bytes("c", new RunOptions { Threads = 2, Workers = 16 }).ShouldBe(one);
    }

    [Fact]
    public void A_model_of_noise_is_flagged_before_any_importance()
    {
        using var noise = new TinyWorld(shuffled: true);
        var result = noise.Run();
        result.Verdict.LearntNothing.ShouldBeTrue();
        result.Verdict.Grade.ShouldBe("D");
        var at = result.Report.IndexOf(Verdict.NothingLearnt, StringComparison.Ordinal);
        at.ShouldBeInRange(0, result.Report.IndexOf("The strongest features", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_holdout_and_without_permutation_it_still_reports()
    {
        var study = world.With(", holdout: holdout.parquet", "") with
        {
            Methods = [new() { Id = "saliency" }, new() { Id = "gradient-times-input" }],
        };
        var result = world.Run("few", study: study);
        result.Estimates.ShouldAllBe(e => e.Split == "explain");
        result.Estimates.ShouldContain(e => e.Method == "saliency" && e.Replicated == "not tested");
        var gti = result.Estimates.Single(e =>
            e.Method == "gradient-times-input"
            && e.Segment == "all"
            && e.Feature == "country"
            && e.Estimand == "mean_attribution"
        );
        gti.Value.ShouldBe(TinyWorld.Country.Skip(1).Average(v => v), 1e-6);
        result.Report.ShouldContain("## All features");
    }

    [Theory]
    [InlineData("padding", 0)]
    [InlineData("mean", 0)]
    [InlineData("data", 0)]
    [InlineData("{file: baseline.json}", -0.1)]
    public void Baselines_move_attributions_as_they_must(string baseline, double shift)
    {
        world.Folder.File("baseline.json", """{"ids": [[2, 0]], "dense": [[0, 0]]}""");
        var study = world.With("replicates: 200", $"replicates: 50\nbaseline: {baseline}");
        var result = world.Run("based", study: study);
        var value = Find(result, "mean_attribution", "country").Value;
        var own = TinyWorld.Country.Skip(1).Average(v => v);
        // Padding's weight is 0; against the mean, or rows drawn at random, the mean attribution vanishes.
        if (baseline is "mean" or "data")
            value.ShouldBe(0, baseline == "mean" ? 0.05 : 0.1);
        else
            value.ShouldBe(own + shift, 1e-6);
    }

    [Fact]
    public void Weights_apply_to_auc_and_attributions_but_not_to_logloss()
    {
        var plain = finished.Result;
        var query = "SELECT *, CASE WHEN country = 1 THEN 0.0 ELSE 2.0 END AS w FROM 'explain.parquet'";
        var study = world.With(
            "explain: explain.parquet, holdout: holdout.parquet",
            $"explain: {{sql: \"{query}\"}}"
        ) with
        {
            Weight = "w",
        };
        var weighted = world.Run("weighted", study: study);
        Find(weighted, "logloss", "").Value.ShouldBe(Find(plain, "logloss", "").Value, 1e-12);
        Find(weighted, "mean_attribution", "country")
            .Value.ShouldBe((TinyWorld.Country[2] + TinyWorld.Country[3]) / 2, 1e-6);
        Find(weighted, "auc", "").Value.ShouldNotBe(Find(plain, "auc", "").Value);
    }
}
