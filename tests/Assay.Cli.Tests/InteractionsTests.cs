using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary><c>assay interactions</c> against numbers known from the models' formulas.</summary>
public class InteractionsTests
{
    // Of a factorisation machine a pair's value is ⟨eᵢ, eⱼ⟩ under a zero baseline, by every index.
    [Theory]
    [InlineData("k-sii")]
    [InlineData("sii")]
    [InlineData("stii")]
    [InlineData("fsii")]
    public void Pairs_of_a_factorisation_machine_are_inner_products(string index)
    {
        using var work = new Workspace();
        var lines = Run(
                work,
                Models.Fm(),
                Models.FmRows,
                "--method",
                "shapley-interactions",
                "--index",
                index,
                "--format",
                "jsonl"
            )
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int[][] rows =
        [
            [1, 2, 3],
            [4, 0, 1],
        ];
        for (var r = 0; r < 2; r++)
        {
            var row = JsonDocument.Parse(lines[r]).RootElement;
            row.GetProperty("row").GetInt32().ShouldBe(r);
            var sets = row.GetProperty("interactions").EnumerateArray().ToArray();
            sets.Length.ShouldBe(6);
            foreach (var (i, j) in new[] { (0, 1), (0, 2), (1, 2) })
                sets.Single(s => Names(s).SequenceEqual([$"ids[{i}]", $"ids[{j}]"]))
                    .GetProperty("value")
                    .GetDouble()
                    .ShouldBe(Dot(rows[r][i], rows[r][j]), 1e-5);
        }
    }

    [Fact]
    public void The_table_names_pairs_and_says_what_was_measured()
    {
        using var work = new Workspace();
        var text = Run(work, Models.Fm(), Models.FmRows, "--method", "shapley-interactions", "--top", "2");
        text.ShouldContain("mean |interaction|");
        text.ShouldContain(" × ");
        text.ShouldContain("1 more sets; --top 0 shows all.");
    }

    [Fact]
    public void Nothing_is_discovered_in_a_linear_model()
    {
        using var work = new Workspace();
        var rows =
            $"{{\"x\": [{string.Join(",", Enumerable.Range(0, 20).Select(i => $"[{i % 7}, {i % 3}, {i % 5}]"))}]}}";
        Run(work, Models.Linear(), rows, "--method", "interaction-detection")
            .ShouldContain("No cross is worth trying.");
        var json = JsonDocument
            .Parse(Run(work, Models.Linear(), rows, "--method", "h-statistic", "--format", "json"))
            .RootElement;
        json.GetProperty("interactions").EnumerateArray().ShouldAllBe(s => s.GetProperty("value").GetDouble() < 1e-5);
        json.GetProperty("pedigree").GetProperty("method").GetString().ShouldBe("h-statistic");
    }

    [Fact]
    public void Wrong_usage_is_one_line()
    {
        using var work = new Workspace();
        var model = work.Model("m.onnx", Models.Fm());
        var rows = work.Text("rows.json", Models.FmRows);
        Workspace.Run("interactions", model, "--tensors", rows).ShouldFail(2).ShouldContain("interaction-detection");
        Workspace
            .Run("interactions", model, "--tensors", rows, "--method", "saliency")
            .ShouldFail(2)
            .ShouldContain("h-statistic");
        Workspace
            .Run("interactions", model, "--tensors", rows, "--method", "integrated-hessians", "--order", "3")
            .ShouldFail(2)
            .ShouldContain("order");
        Workspace
            .Run("interactions", model, "--tensors", rows, "--method", "h-statistic", "--cluster", "user")
            .ShouldFail(2)
            .ShouldContain("--data");
    }

    private static string Run(Workspace work, SmallModel model, string rows, params string[] options) =>
        Workspace
            .Run(["interactions", work.Model("m.onnx", model), "--tensors", work.Text("rows.json", rows), .. options])
            .ShouldSucceed();

    private static string[] Names(JsonElement set) =>
        [.. set.GetProperty("features").EnumerateArray().Select(f => f.GetString()!)];

    private static double Dot(int i, int j) =>
        (double)Models.Table[2 * i] * Models.Table[2 * j] + (double)Models.Table[2 * i + 1] * Models.Table[2 * j + 1];
}
