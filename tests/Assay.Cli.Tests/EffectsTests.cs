using System.Globalization;
using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary><c>assay effects</c> on a linear model, whose effects are its weights.</summary>
public class EffectsTests
{
    private static readonly string Rows =
        $"{{\"x\": [{string.Join(",", Enumerable.Range(0, 40).Select(i => $"[{i % 7}, {i % 3}, {i % 5}]"))}]}}";

    [Theory]
    [InlineData("ale")]
    [InlineData("pdp")]
    [InlineData("ice")]
    public void The_slope_is_the_weight(string kind)
    {
        using var work = new Workspace();
        var json = JsonDocument.Parse(Run(work, "--feature", "x[1]", "--kind", kind, "--format", "json")).RootElement;
        var effect = json.GetProperty("effects").EnumerateArray().Single();
        var at = Numbers(json.GetProperty("features")[0].GetProperty("positions"));
        at.ShouldBe([0, 1, 2]);
        var values = Numbers(effect.GetProperty("values"));
        (values[1] - values[0]).ShouldBe(Models.Weights[1], 1e-5);
        (values[2] - values[1]).ShouldBe(Models.Weights[1], 1e-5);
        effect.TryGetProperty("curves", out var curves).ShouldBe(kind == "ice");
        if (kind == "ice")
            curves.GetArrayLength().ShouldBe(40);
    }

    [Fact]
    public void Csv_has_a_line_for_each_position_and_two_features_have_cells()
    {
        using var work = new Workspace();
        var lines = Run(work, "--feature", "x[1],x[2]", "--format", "csv")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("segment,row,x[1],x[2],effect,mean,standard_error,low,high,rows");
        lines.Length.ShouldBe(1 + 3 * 5);
        lines
            .Skip(1)
            .Select(l => double.Parse(l.Split(',')[4], CultureInfo.InvariantCulture))
            .ShouldAllBe(v => Math.Abs(v) < 1e-5);
    }

    [Fact]
    public void The_table_says_what_was_measured()
    {
        using var work = new Workspace();
        var text = Run(work, "--feature", "x[0]", "--kind", "pdp");
        text.ShouldContain("pdp of x[0] on score (logit): 40 rows in 40 clusters");
        text.ShouldContain("■");
    }

    [Theory]
    [InlineData("--feature", "y", "x[0]")]
    [InlineData("--kind", "pdp", "--feature")]
    [InlineData("--feature", "x[0],x[0]", "different")]
    [InlineData("--feature", "x[0],x[1],x[2]", "one feature")]
    public void Wrong_usage_is_one_line(string option, string value, string says)
    {
        using var work = new Workspace();
        Workspace
            .Run(
                "effects",
                work.Model("m.onnx", Models.Linear()),
                "--tensors",
                work.Text("rows.json", Rows),
                option,
                value
            )
            .ShouldFail(2)
            .ShouldContain(says);
    }

    private static string Run(Workspace work, params string[] options) =>
        Workspace
            .Run([
                "effects",
                work.Model("m.onnx", Models.Linear()),
                "--tensors",
                work.Text("rows.json", Rows),
                .. options,
            ])
            .ShouldSucceed();

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetDouble())];
}
