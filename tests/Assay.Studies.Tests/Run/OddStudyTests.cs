using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Studies at the edges of what is allowed.</summary>
public sealed class OddStudyTests : IDisposable
{
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    private string Features(string old, string replacement)
    {
        var text = File.ReadAllText(world.Folder["features.yaml"]);
        text.ShouldContain(old);
        return world.Folder.File("features.yaml", text.Replace(old, replacement));
    }

    [Fact]
    public void Permutation_alone_is_a_study()
    {
        var result = world.Run(study: world.Study with { Methods = [new() { Id = "permutation", Repeats = 2 }] });
        result.Estimates.ShouldNotContain(e => e.Estimand == Estimands.MeanAbsAttribution);
        result.Estimates.ShouldContain(e => e.Rank == 1 && e.Feature == "product");
        result.Report.ShouldContain("## All features");
    }

    [Theory]
    [InlineData("item.product/x [id] #1")]
    [InlineData("row")]
    public void Features_may_have_any_name(string name)
    {
        Features("feature: product,", $"feature: \"{name}\", source: product,");
        Features("[product, price]", $"[\"{name}\", price]");
        var result = world.Run();
        result.Estimates.ShouldContain(e => e.Rank == 1 && e.Feature == name && e.Estimand == "permutation_auc");
        using var duck = Duck.Open(world.Folder["run"]);
        var column = name == "row" ? "feature:row" : name;
        duck.Count($"SELECT count({Sql.Name(column)}) FROM 'attributions/*.parquet'").ShouldBe(18000);
    }

    // Found before the data are prepared, so that the corrected study may use the same folder.
    [Fact]
    public void A_head_that_is_none_leaves_the_folder_to_the_corrected_study()
    {
        var e = Should.Throw<AssayException>(() =>
            world.Run(study: world.With("label: label", "label: label\nhead: click"))
        );
        e.Fault.ShouldBe(Fault.Input);
        e.Message.ShouldContain("no head 'click'");
        Directory
            .GetFiles(world.Folder["run"], "*", SearchOption.AllDirectories)
            .ShouldNotContain(f => f.EndsWith("plan.json"));
        world.Run().Head.ShouldBe("logit");
    }

    [Fact]
    public void A_baseline_file_has_one_row()
    {
        world.Folder.File("base.json", """{"ids": [[1, 1], [2, 2]], "dense": [[0, 0], [1, 1]]}""");
        var e = Should.Throw<AssayException>(() =>
            world.Run(study: world.With("label: label", "label: label\nbaseline: {file: base.json}"))
        );
        e.Message.ShouldContain("base.json' has 2 rows");
    }

    [Theory]
    [InlineData("vocabulary_size: 6, ", "")]
    [InlineData("vocabulary_size: 6, ", "vocabulary_size: 600, ")]
    public void An_id_beyond_the_table_is_an_error_whatever_the_dictionary_says(string old, string replacement)
    {
        Features(old, replacement);
        world.Folder.Parquet(
            "bad.parquet",
            $"SELECT * REPLACE (CASE WHEN price > 2.5 THEN 99 ELSE product END AS product) FROM '{world.Folder["explain.parquet"]}'"
        );
        var e = Should.Throw<AssayException>(() =>
            world.Run(study: world.With("explain: explain.parquet", "explain: bad.parquet"))
        );
        e.Message.ShouldNotContain("\n");
        e.Fault.ShouldBe(Fault.Input);
        e.Message.ShouldContain("column 'product' (feature 'product'): id 99 is outside the vocabulary 0 … 5");
    }

    [Fact]
    public void A_list_is_a_cluster_without_a_request_and_items_are_optional()
    {
        var result = world.Run(study: world.Study with { Request = null, Item = null });
        result.Estimates.ShouldContain(e => e.Estimand == "gauc" && e.Method == "model");
        result.Estimates.ShouldNotContain(e => e.Method == "floor:item-rate");
        result.Report.ShouldContain("No item column was declared");
    }
}
