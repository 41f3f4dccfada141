using System.Globalization;
using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary><c>assay surrogate</c> from the outside, on the linear model of which everything is known.</summary>
public sealed class SurrogateTests
{
    private const string Dictionary = """
        schema: 1
        features:
          - { feature: first, kind: numeric, input: x, column: 0 }
          - { feature: second, kind: numeric, input: x, column: 1 }
          - { feature: third, kind: numeric, input: x, column: 2 }
        """;

    private static string Data()
    {
        var random = new Statistics.CounterRandom(5, "surrogate rows");
        var lines = Enumerable
            .Range(0, 1200)
            .Select(_ =>
                string.Join(
                    ',',
                    Enumerable
                        .Range(0, 3)
                        .Select(_ => random.NextDouble().ToString("0.0000", CultureInfo.InvariantCulture))
                )
            );
        return string.Join('\n', lines.Prepend("first,second,third"));
    }

    private static string[] Args(Workspace at, params string[] more) =>
        [
            "surrogate",
            at.Model("m.onnx", Models.Linear()),
            "--dictionary",
            at.Text("features.yaml", Dictionary),
            "--data",
            at.Text("rows.csv", Data()),
            .. more,
        ];

    [Fact]
    public void An_additive_model_of_a_linear_model_is_faithful_and_finds_its_slopes()
    {
        using var at = new Workspace();
        using var json = JsonDocument.Parse(
            Workspace.Run(Args(at, "--kind", "additive", "--format", "json", "--segment", "second")).ShouldSucceed()
        );
        var root = json.RootElement;
        root.GetProperty("fidelity").GetProperty("r2").GetDouble().ShouldBeGreaterThan(0.98);
        root.GetProperty("fidelity").GetProperty("faithful").GetBoolean().ShouldBeTrue();
        root.GetProperty("segments").GetArrayLength().ShouldBe(4);
        var shapes = root.GetProperty("shapes").EnumerateArray().ToArray();
        // The spread of a uniform number is 1/√12; the weights are 2, −3, 0.5.
        shapes[0].GetProperty("feature").GetString().ShouldBe("second");
        shapes[0].GetProperty("importance").GetDouble().ShouldBe(3 / Math.Sqrt(12), 0.06);
        shapes[1].GetProperty("importance").GetDouble().ShouldBe(2 / Math.Sqrt(12), 0.06);
    }

    [Fact]
    public void A_stump_says_that_it_is_not_faithful()
    {
        using var at = new Workspace();
        var text = Workspace.Run(Args(at, "--kind", "tree", "--leaves", "2")).ShouldSucceed();
        text.ShouldContain("not faithful here (R² below 0.8)", Case.Sensitive);
        text.ShouldContain("if second ≤ 0.", Case.Sensitive);
        text.ShouldContain("else:", Case.Sensitive);
    }

    [Fact]
    public void Wrong_usage_is_said_in_one_line()
    {
        using var at = new Workspace();
        Workspace.Run(Args(at, "--leaves", "1")).ShouldFail(2).ShouldContain("leaves");
        Workspace.Run(Args(at, "--segment", "secnd")).ShouldFail(2).ShouldContain("second");
        Workspace.Run(Args(at, "--rows", "0..10")).ShouldFail(3).ShouldContain("at least 40 rows");
        Workspace.Run("surrogate", at.Model("m.onnx", Models.Linear())).ShouldFail(2).ShouldContain("--dictionary");
    }
}
