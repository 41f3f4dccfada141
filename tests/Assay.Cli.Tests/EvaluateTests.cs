using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary><c>assay evaluate</c> from the outside.</summary>
public sealed class EvaluateTests
{
    private const string Rows =
        """{"x": [[1, 2, 3], [0.5, -1, 0], [2, 0.5, -1], [-1, 1, 1], [0, 3, -2], [1.5, -0.5, 0.25], [2, 2, 2], [-2, 0.5, 1]]}""";

    [Fact]
    public void One_table_of_methods_with_the_control_last()
    {
        using var at = new Workspace();
        var (model, rows) = (at.Model("m.onnx", Models.Linear()), at.Text("rows.json", Rows));
        var text = Workspace
            .Run("evaluate", model, "--tensors", rows, "--methods", "integrated-gradients,saliency")
            .ShouldSucceed();
        var lines = text.Split('\n');
        lines[0].ShouldStartWith("m.onnx: 2 methods on 8 rows of 3 features, logit, baseline zero");
        lines[1].ShouldStartWith("method ");
        foreach (
            var column in (string[])
                ["deletion", "insertion", "infidelity", "pgi", "pgu", "max-sens", "sanity", "ms/row"]
        )
            lines[1].ShouldContain(column);
        lines[4].ShouldStartWith("random ");
        text.ShouldContain("signed rank", Case.Sensitive);
        text.ShouldContain("2 saliency", Case.Sensitive);
    }

    [Fact]
    public void Json_holds_means_standard_errors_and_what_was_not_judged()
    {
        using var at = new Workspace();
        var (model, rows) = (at.Model("m.onnx", Models.WithoutRule()), at.Text("rows.json", Rows));
        var path = at.Path("judged.json");
        Workspace.Run("evaluate", model, "--tensors", rows, "--format", "json", "--out", path).ShouldSucceed();
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var root = json.RootElement;
        var methods = root.GetProperty("methods").EnumerateArray().ToArray();
        methods[^1].GetProperty("method").GetString().ShouldBe("random");
        var ablation = methods.Single(m => m.GetProperty("method").GetString() == "feature-ablation");
        var deletion = ablation.GetProperty("measures").GetProperty("deletion");
        deletion.GetProperty("mean").GetDouble().ShouldBeLessThan(0);
        deletion.GetProperty("standard_error").GetDouble().ShouldBeGreaterThan(0);
        ablation.GetProperty("falls").ValueKind.ShouldBe(JsonValueKind.Null);
        var skipped = root.GetProperty("not_judged")
            .EnumerateArray()
            .ToDictionary(s => s.GetProperty("method").GetString()!, s => s.GetProperty("reason").GetString()!);
        skipped["saliency"].ShouldContain("LpPool");
        skipped.ShouldContainKey("permutation");
    }

    [Fact]
    public void Markdown_is_a_table()
    {
        using var at = new Workspace();
        var (model, rows) = (at.Model("m.onnx", Models.Linear()), at.Text("rows.json", Rows));
        var text = Workspace
            .Run(
                "evaluate",
                model,
                "--tensors",
                rows,
                "--methods",
                "feature-ablation",
                "--format",
                "markdown",
                "--sample",
                "4"
            )
            .ShouldSucceed();
        text.ShouldContain("on 4 rows", Case.Sensitive);
        text.ShouldContain("| method | score | deletion ↓ |", Case.Sensitive);
        text.ShouldContain("|---|---:|", Case.Sensitive);
    }

    [Fact]
    public void Wrong_usage_is_said_in_one_line()
    {
        using var at = new Workspace();
        var (model, rows) = (at.Model("m.onnx", Models.Linear()), at.Text("rows.json", Rows));
        Workspace.Run("evaluate", model).ShouldFail(2).ShouldContain("--tensors");
        Workspace.Run("evaluate", model, "--tensors", rows, "--methods", "magic").ShouldFail(2).ShouldContain("magic");
        Workspace.Run("evaluate", model, "--tensors", rows, "--top", "9").ShouldFail(2).ShouldContain("9 of 3");
        Workspace.Run("evaluate", model, "--tensors", rows, "--sample", "0").ShouldFail(2).ShouldContain("--sample");
    }
}
