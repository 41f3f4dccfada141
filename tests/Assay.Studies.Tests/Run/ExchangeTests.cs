using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Population methods beside plain permutation, on a world whose model adds up.</summary>
public sealed class ExchangeTests : IDisposable
{
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    private StudyResult Run(string methods, string folder = "run", RunOptions? options = null, string? explain = null)
    {
        var yaml = TinyWorld.Yaml.Replace("- {id: permutation, groups: [goods]}", methods);
        if (explain is not null)
            yaml = yaml.Replace(
                "explain: explain.parquet, holdout: holdout.parquet",
                $"explain: {{sql: \"{explain}\"}}"
            );
        return world.Run(folder, options, StudyDefinition.Load(world.Folder.File("own.yaml", yaml)));
    }

    private float[] Column(string run, string column)
    {
        var files = Directory.GetFiles(Path.Combine(world.Folder[run], "scores"), "explain-*").Order();
        return
        [
            .. files.SelectMany(f =>
            {
                using var reader = ColumnReader.Open(f);
                return reader.Read<float>(0, column);
            }),
        ];
    }

    private static Estimate Find(
        StudyResult r,
        string estimand,
        string feature,
        string method,
        string segment = "all"
    ) =>
        r.Estimates.Single(e =>
            (e.Estimand, e.Feature, e.Method, e.Segment, e.Split) == (estimand, feature, method, segment, "explain")
        );

    [Fact]
    public void To_first_order_an_additive_model_loses_what_it_loses()
    {
        // Where the logit adds up, its first-order change is its change: with the same donors both methods agree.
        var result = Run("- {id: permutation}\n  - {id: taylor-permutation}");
        foreach (var feature in (string[])["country", "product", "price", "idle"])
        {
            var exact = Column("run", $"{feature}#0");
            var linear = Column("run", $"taylor-permutation:{feature}#0");
            exact.Zip(linear, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(2e-6f, feature);
            foreach (var quality in (string[])["permutation_auc", "permutation_logloss"])
                Find(result, quality, feature, "taylor-permutation")
                    .Value.ShouldBe(Find(result, quality, feature, "permutation").Value, 1e-6);
        }
        Find(result, "permutation_auc", "product", "taylor-permutation").Rank.ShouldBe(1);
        // SHARK's own term is the mean of (p − y) · change; the labels are drawn from the logit, so it is 0 on average.
        var score = Column("run", "score");
        var shark = Find(result, "taylor_logloss", "product", "taylor-permutation");
        shark.Low.ShouldBeLessThan(0.02);
        shark.High.ShouldBeGreaterThan(-0.02);
        var labels = Labels("run");
        var changed = Column("run", "taylor-permutation:product#0");
        var expected = 0.0;
        for (var i = 0; i < score.Length; i++)
            expected += (1 / (1 + Math.Exp(-score[i])) - labels[i]) * ((double)changed[i] - score[i]) / score.Length;
        shark.Value.ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Sage_shares_out_the_loss_that_all_features_save()
    {
        // Against the zero baseline the model without features is its bias, −1, for every row; shares sum row by row.
        var result = Run("- {id: sage}");
        var labels = Labels("run");
        var bias = labels.Average(l => LogLoss.OfLogit(-1, l));
        var sum = ((string[])["country", "product", "price", "idle"]).Sum(f =>
            Find(result, "sage_logloss", f, "sage").Value
        );
        var model = result.Estimates.Single(e =>
            e is { Estimand: "logloss", Method: "model", Segment: "all", Split: "explain" }
        );
        sum.ShouldBe(bias - model.Value, 1e-5);
        Find(result, "sage_logloss", "idle", "sage").Value.ShouldBe(0, 1e-7);
        Find(result, "sage_logloss", "product", "sage").Low.ShouldBeGreaterThan(0);
        Find(result, "sage_logloss", "product", "sage").Baseline.ShouldBe("zero");
        Find(result, "sage_logloss", "product", "sage").Rank.ShouldNotBeNull();
    }

    private double[] Labels(string run)
    {
        using var prepared = ColumnReader.Open(PreparedSplit.ParquetPath(world.Folder[run], "explain"));
        return [.. Enumerable.Range(0, prepared.Groups).SelectMany(g => prepared.Read<double>(g, "label"))];
    }

    [Fact]
    public void Given_presence_only_rows_that_have_the_feature_count()
    {
        // Product 3 has the weight of padding, 0: without it the scores are the same, and a fifth of the rows lack it.
        // It is so unless the study says otherwise.
        var result = Run(
            "- {id: permutation}",
            explain: "SELECT * REPLACE (CASE WHEN product = 3 THEN 0 ELSE product END AS product) FROM 'explain.parquet'"
        );
        using var prepared = ColumnReader.Open(PreparedSplit.ParquetPath(world.Folder["run"], "explain"));
        long[] products =
        [
            .. Enumerable.Range(0, prepared.Groups).SelectMany(g => prepared.Read<long>(g, "x:product")),
        ];
        var share = products.Count(p => p != 0) / (double)products.Length;
        var coverage = Find(result, "coverage", "product", "data");
        coverage.Value.ShouldBe(share, 1e-12);
        coverage.Low.ShouldBeInRange(0.78, share);
        Find(result, "missing_share", "product", "data").Value.ShouldBe(1 - share, 1e-12);
        Find(result, "missing_share", "product", "data").High.ShouldBeInRange(1 - share, 0.22);
        Find(result, "default_share", "product", "data").Value.ShouldBe(0);
        var score = Column("run", "score");
        var exchanged = Column("run", "present:product#0");
        var kept = Enumerable.Range(0, products.Length).Where(i => products[i] != 0).ToArray();
        // Rows without the feature keep their scores, and no row that has it gets the padding's weight.
        Enumerable.Range(0, products.Length).Where(i => products[i] == 0).ShouldAllBe(i => score[i] == exchanged[i]);
        var labels = Labels("run");
        double[] own = [.. kept.Select(i => labels[i])];
        var loss =
            RocAuc.Of([.. kept.Select(i => (double)score[i])], own)
            - RocAuc.Of([.. kept.Select(i => (double)exchanged[i])], own);
        var estimate = Find(result, "present_permutation_auc", "product", "permutation");
        estimate.Value.ShouldBe(loss, 1e-12);
        estimate.Rows.ShouldBe(kept.Length);
        estimate.Low.ShouldBeGreaterThan(0);
        // The opportunity is the product of the two, and none where no row lacks the feature.
        var opportunity = Find(result, "opportunity_auc", "product", "permutation");
        opportunity.Value.ShouldBe(loss * (1 - share), 1e-12);
        opportunity.Rows.ShouldBe(products.Length);
        opportunity.Low.ShouldBeInRange(0, opportunity.Value);
        // Of nearly independent factors the relative variances add (the delta method).
        double Relative(Estimate e, double value) => e.StandardError / value;
        Relative(opportunity, opportunity.Value)
            .ShouldBe(double.Hypot(Relative(estimate, loss), Relative(coverage, 1 - share)), 0.05);
        result.Estimates.ShouldNotContain(e => e.Estimand == "opportunity_auc" && e.Feature != "product");
        // Permuted among all rows the absent ones dilute it.
        Find(result, "permutation_auc", "product", "permutation").Value.ShouldBeLessThan(estimate.Value);
        // What every row has is neither exchanged again nor spoken of.
        result.Estimates.ShouldNotContain(e => e.Estimand == "present_permutation_auc" && e.Feature == "country");
        result.Estimates.ShouldNotContain(e => e.Estimand == "coverage" && e.Feature == "country");
        result.Report.ShouldContain("share of rows with the feature");
        result.Report.ShouldContain(
            "## What is missing\n\nWorth collecting where it is missing: product (not known in "
        );
        result.Report.ShouldContain("| rows that have it |");
    }

    [Fact]
    public void Shares_of_what_is_missing_need_no_exchange()
    {
        const string Without =
            "SELECT * REPLACE (CASE WHEN product = 3 THEN 0 ELSE product END AS product) FROM 'explain.parquet'";
        var result = Run("- {id: permutation, given_presence: false}", explain: Without);
        Find(result, "coverage", "product", "data").Value.ShouldBeInRange(0.7, 0.9);
        result.Estimates.ShouldNotContain(e => e.Estimand == "opportunity_auc");
        result.Report.ShouldContain("1 feature is not known in every row; what that costs was not measured");
    }

    [Fact]
    public void Where_nothing_is_missing_nothing_is_exchanged_again_and_nothing_said()
    {
        var result = Run("- {id: permutation}");
        result.Estimates.ShouldNotContain(e => e.Estimand == "coverage" || e.Estimand == "opportunity_auc");
        result.Report.ShouldNotContain("## What is missing");
        result.Report.ShouldNotContain("rows that have it");
    }

    [Theory]
    [InlineData("- {id: taylor-permutation, repeats: 2}")]
    [InlineData("- {id: sage}")]
    [InlineData("- {id: permutation, given_presence: true, groups: [goods], repeats: 2}")]
    public void Bytes_do_not_depend_on_threads_or_workers(string methods)
    {
        byte[] Bytes(string name, RunOptions options)
        {
            Run(methods, name, options);
            return File.ReadAllBytes(Path.Combine(world.Folder[name], "estimates.parquet"));
        }
        var one = Bytes("a", new RunOptions { Threads = 1 });
        Bytes("b", new RunOptions { Threads = 2 }).ShouldBe(one);
        Bytes("c", new RunOptions { Threads = 2, Workers = 16 }).ShouldBe(one);
    }

    [Theory]
    [InlineData("- {id: taylor-permutation, groups: [goods]}", "'taylor-permutation' of the study has no 'groups'")]
    [InlineData("- {id: permutation, positions: [product]}", "'product', which has only one")]
    [InlineData("- {id: permutation, positions: [produkt]}", "'product'")]
    [InlineData("- {id: saliency, given_presence: true}", "only permutation has")]
    public void Options_that_a_method_does_not_have_are_refused(string methods, string message)
    {
        var e = Should.Throw<Onnx.AssayException>(() => Run(methods));
        e.Fault.ShouldBe(Onnx.Fault.Input);
        e.Message.ShouldContain(message);
        e.Message.ShouldNotContain("\n");
    }
}
