using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary>Attributions of the command line against numbers worked out by hand from the models' formulas.</summary>
public class ExplainTests
{
    [Theory]
    [InlineData("gradient-times-input")]
    [InlineData("integrated-gradients")]
    [InlineData("feature-ablation")]
    public void Of_a_linear_model_is_weight_times_value(string method)
    {
        using var work = new Workspace();
        var lines = Explain(work, Models.Linear(), Models.LinearRows, "--method", method);
        lines.Length.ShouldBe(2);
        double[][] rows =
        [
            [1, 2, 3],
            [0.5, -1, 0],
        ];
        for (var r = 0; r < 2; r++)
        {
            var row = rows[r];
            lines[r].GetProperty("row").GetInt32().ShouldBe(r);
            Numbers(lines[r]).Select(n => n.Name).ShouldBe(["x[0]", "x[1]", "x[2]"]);
            // Only a path method sums: 32 weights in single precision, a few units in the last place (2⁻²³) of up to 6.
            var rounding = method == "integrated-gradients" ? 2e-6 : 1e-14;
            Numbers(lines[r]).Select(n => n.Value).ShouldBe([2 * row[0], -3 * row[1], 0.5 * row[2]], rounding);
            lines[r].GetProperty("target").GetDouble().ShouldBe(2 * row[0] - 3 * row[1] + 0.5 * row[2] + 0.25);
            lines[r].GetProperty("baseline_target").GetDouble().ShouldBe(0.25);
        }
    }

    [Fact]
    public void Saliency_of_a_linear_model_is_its_weights()
    {
        using var work = new Workspace();
        var lines = Explain(work, Models.Linear(), Models.LinearRows, "--method", "saliency");
        foreach (var line in lines)
            Numbers(line).Select(n => n.Value).ShouldBe(Models.Weights.Select(w => (double)w));
    }

    // The machine is quadratic, so the midpoint (one node) integrates its gradient exactly:
    // φᵢ = lᵢ + ⟨eᵢ, ½(E − eᵢ)⟩ for a zero baseline, E being the sum of the embeddings.
    [Fact]
    public void One_node_is_exact_for_a_factorisation_machine()
    {
        using var work = new Workspace();
        var lines = Explain(
            work,
            Models.Fm(),
            Models.FmRows,
            "--method",
            "integrated-gradients",
            "--steps",
            "1",
            "--baseline",
            "zero"
        );
        int[][] rows =
        [
            [1, 2, 3],
            [4, 0, 1],
        ];
        for (var r = 0; r < 2; r++)
        {
            var expected = Enumerable.Range(0, 3).Select(i => FmShare(rows[r], [], i)).ToArray();
            Numbers(lines[r]).Select(n => n.Value).ShouldBe(expected, 1e-6);
            lines[r].GetProperty("completeness_gap").GetDouble().ShouldBe(0, 1e-6);
            lines[r].GetProperty("target").GetDouble().ShouldBe(expected.Sum(), 1e-6);
            lines[r].GetProperty("baseline_target").GetDouble().ShouldBe(0, 1e-6);
        }
    }

    // With a baseline b: φᵢ = Δlᵢ + ⟨eᵢ − bᵢ, ½(E − eᵢ + B − bᵢ)⟩.
    [Theory]
    [InlineData("""{"ids": [[2, 2, 4]]}""")]
    [InlineData("""{"ids": [[2, 2, 4], [2, 2, 4]]}""")]
    public void A_baseline_row_is_one_for_all_or_one_for_each(string baseline)
    {
        using var work = new Workspace();
        var file = work.Text("base.json", baseline);
        var lines = Explain(
            work,
            Models.Fm(),
            Models.FmRows,
            "--method",
            "integrated-gradients",
            "--steps",
            "1",
            "--baseline",
            file
        );
        int[][] rows =
        [
            [1, 2, 3],
            [4, 0, 1],
        ];
        for (var r = 0; r < 2; r++)
            Numbers(lines[r])
                .Select(n => n.Value)
                .ShouldBe(Enumerable.Range(0, 3).Select(i => FmShare(rows[r], [2, 2, 4], i)), 1e-6);
    }

    [Fact]
    public void The_mean_of_the_given_rows_is_a_baseline()
    {
        using var work = new Workspace();
        var lines = Explain(
            work,
            Models.Linear(),
            Models.LinearRows,
            "--method",
            "integrated-gradients",
            "--baseline",
            "mean"
        );
        // x[0] is 1 and 0.5, so its mean is 0.75.
        Numbers(lines[0])[0].Value.ShouldBe(2 * 0.25, 1e-6);
        Numbers(lines[1])[0].Value.ShouldBe(-2 * 0.25, 1e-6);
    }

    [Fact]
    public void Groups_replace_their_members()
    {
        using var work = new Workspace();
        var groups = work.Text("groups.json", """{"pair": ["x[0]", "x[2]"]}""");
        var lines = Explain(
            work,
            Models.Linear(),
            Models.LinearRows,
            "--method",
            "gradient-times-input",
            "--groups",
            groups
        );
        Numbers(lines[0]).ShouldBe([("pair", 3.5), ("x[1]", -6)]);
    }

    [Fact]
    public void The_probability_is_explained_where_asked_for()
    {
        using var work = new Workspace();
        string[] method = ["--method", "feature-ablation", "--baseline", "zero"];
        var logit = Explain(work, Models.Fm(), Models.FmRows, method);
        var probability = Explain(work, Models.Fm(), Models.FmRows, [.. method, "--space", "probability"]);
        var target = logit[0].GetProperty("target").GetDouble();
        probability[0].GetProperty("target").GetDouble().ShouldBe(1 / (1 + Math.Exp(-target)), 1e-6);
    }

    [Fact]
    public void A_gap_is_null_where_none_is_claimed()
    {
        using var work = new Workspace();
        Explain(work, Models.Linear(), Models.LinearRows, "--method", "saliency")[0]
            .GetProperty("completeness_gap")
            .ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Double_precision_is_more_precise()
    {
        using var work = new Workspace();
        var rows = """{"x": [[0.1, 0.2, 0.3]]}""";
        var lines = Explain(work, Models.Linear(), rows, "--method", "gradient-times-input", "--precision", "float64");
        // The file's 0.1 is read as float32, as the model declares.
        Numbers(lines[0])[0].Value.ShouldBe(2.0 * 0.1f, 1e-15);
    }

    [Fact]
    public void A_file_is_whole_and_its_parts_are_gone()
    {
        using var work = new Workspace();
        var output = work.Path("out.jsonl");
        string[] common = ["--tensors", work.Text("rows.json", Models.LinearRows), "--method", "saliency"];
        var model = work.Model("m.onnx", Models.Linear());
        Workspace.Run(["explain", model, .. common, "--format", "jsonl", "--out", output]).ShouldSucceed();
        File.ReadAllLines(output).Length.ShouldBe(2);
        Workspace
            .Run(["explain", model, .. common, "--format", "parquet", "--out", work.Path("out.parquet")])
            .ShouldSucceed();
        Directory.GetFiles(work.Folder, "*.partial").ShouldBeEmpty();
        File.ReadAllBytes(work.Path("out.parquet"))[..4].ShouldBe("PAR1"u8.ToArray());
    }

    [Fact]
    public void A_table_names_rows_and_features()
    {
        using var work = new Workspace();
        var text = Workspace
            .Run(
                "explain",
                work.Model("m.onnx", Models.Linear()),
                "--tensors",
                work.Text("rows.json", Models.LinearRows),
                "--method",
                "integrated-gradients"
            )
            .ShouldSucceed();
        text.ShouldContain("integrated-gradients of score (logit), baseline zero");
        text.ShouldContain("x[1]       -6.000000");
    }

    private static double FmShare(int[] ids, int[] baseline, int i)
    {
        var moved = Models.Linears[ids[i]] - (baseline.Length > 0 ? Models.Linears[baseline[i]] : 0.0);
        for (var d = 0; d < 2; d++)
        {
            double Own(int k) => Models.Table[2 * ids[k] + d];
            double Base(int k) => baseline.Length > 0 ? Models.Table[2 * baseline[k] + d] : 0;
            var others = Enumerable.Range(0, 3).Where(k => k != i).Sum(k => Own(k) + Base(k));
            moved += (Own(i) - Base(i)) * 0.5 * others;
        }
        return moved;
    }

    private static JsonElement[] Explain(Workspace work, SmallModel model, string rows, params string[] options)
    {
        var output = Workspace
            .Run([
                "explain",
                work.Model("model.onnx", model),
                "--tensors",
                work.Text("rows.json", rows),
                "--format",
                "jsonl",
                .. options,
            ])
            .ShouldSucceed();
        return [.. output.TrimEnd('\n').Split('\n').Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static (string Name, double Value)[] Numbers(JsonElement line) =>
        [.. line.GetProperty("attributions").EnumerateObject().Select(p => (p.Name, p.Value.GetDouble()))];
}
