using System.Text.Json;
using Assay.Onnx;

namespace Assay.Cli.Tests;

/// <summary><c>assay compile</c>: the file in bare ONNX Runtime against <c>assay explain</c> and against the formulas.</summary>
public sealed class CompileTests : IDisposable
{
    private readonly Workspace work = new();

    private static readonly Dictionary<string, TensorData> Rows = new()
    {
        ["ids"] = TensorData.From<long>([1, 2, 3, 4, 0, 1], 2, 3),
    };

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("gradient-times-input")]
    [InlineData("integrated-gradients", "--steps", "4")]
    [InlineData("integrated-gradients", "--baseline", "mean", "--tensors", "rows.json")]
    [InlineData("feature-ablation", "--baseline", "base.json")]
    [InlineData("feature-ablation", "--space", "probability", "--groups", "groups.json")]
    public void What_is_compiled_returns_what_is_explained(string method, params string[] options)
    {
        work.Text("rows.json", Models.FmRows);
        work.Text("base.json", """{"ids": [[2, 2, 4]]}""");
        work.Text("groups.json", """{"pair": ["ids[0]", "ids[2]"]}""");
        string[] how = ["--method", method, .. options.Select(o => o.EndsWith(".json") ? work.Path(o) : o)];
        var model = work.Model("fm.onnx", Models.Fm());
        string[] rows = how.Contains("--tensors") ? [] : ["--tensors", work.Path("rows.json")];
        var lines = Workspace
            .Run(["explain", model, .. rows, .. how, "--format", "jsonl"])
            .ShouldSucceed()
            .TrimEnd('\n')
            .Split('\n')
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        using var bare = new BareRun(Compile(how));
        var result = bare.Run(Rows);
        var expected = lines.SelectMany(l => l.GetProperty("attributions").EnumerateObject()).ToArray();
        result["attributions"].ToDoubles().ShouldBe(expected.Select(p => p.Value.GetDouble()), 1e-5);
        JsonSerializer
            .Deserialize<string[]>(bare.Metadata["assay.features"])!
            .ShouldBe(expected.Take(expected.Length / 2).Select(p => p.Name));
        bare.Metadata["assay.method"].ShouldBe(method);
        bare.Metadata["assay.model"].ShouldBe("fm.onnx");
        bare.Metadata["assay.model_sha256"].Length.ShouldBe(64);
        bare.Metadata["assay.software"].ShouldStartWith("assay ");
        var sums = lines.Select(l =>
            l.GetProperty("attributions").EnumerateObject().Sum(p => p.Value.GetDouble())
            - (l.GetProperty("target").GetDouble() - l.GetProperty("baseline_target").GetDouble())
        );
        result["completeness_gap"].ToDoubles().ShouldBe(sums, 1e-5);
    }

    [Fact]
    public void The_summary_names_target_baseline_and_outputs()
    {
        var text = Workspace
            .Run(
                "compile",
                work.Model("fm.onnx", Models.Fm()),
                "--method",
                "gradient-times-input",
                "--top-k",
                "2",
                "--no-gap",
                "--out",
                work.Path("out.onnx")
            )
            .ShouldSucceed();
        text.ShouldContain("Attributions by gradient-times-input of log-odds of click, baseline zero.");
        text.ShouldContain("top_features");
        text.ShouldContain("[batch, 2]");
        text.ShouldNotContain("completeness_gap");
        Directory.GetFiles(work.Folder, "*.partial").ShouldBeEmpty();
    }

    // Suppressing the first id of the machine takes its linear weight and its pairs away.
    [Fact]
    public void A_treatment_suppresses_and_emphasises()
    {
        using var bare = new BareRun(Compile("--suppress", "ids[0]", "--emphasise", "ids[2]=2"));
        var clicks = bare.Run(Rows)["click"].ToDoubles();
        int[][] rows =
        [
            [1, 2, 3],
            [4, 0, 1],
        ];
        for (var r = 0; r < 2; r++)
        {
            var (b, c) = (rows[r][1], rows[r][2]);
            var pairs = Enumerable.Range(0, 2).Sum(d => Models.Table[2 * b + d] * 2.0 * Models.Table[2 * c + d]);
            var logit = Models.Linears[b] + 2 * Models.Linears[c] + pairs;
            clicks[r].ShouldBe(1 / (1 + Math.Exp(-logit)), 1e-6);
        }
        bare.Metadata["assay.scales"].ShouldBe("""{"ids[0]":0,"ids[2]":2}""");
        bare.Metadata.ShouldNotContainKey("assay.method");
    }

    [Theory]
    [InlineData(2, "Name a method with --method")]
    [InlineData(2, "cannot be compiled; choose one of", "--method", "saliency")]
    [InlineData(2, "There is no method 'astrology'", "--method", "astrology")]
    [InlineData(2, "There is no feature 'price'; there are ids[0], ids[1], ids[2].", "--suppress", "price")]
    [InlineData(2, "'price' is not FEATURE=scale", "--emphasise", "price")]
    [InlineData(2, "'price=cheap' is not FEATURE=scale", "--emphasise", "price=cheap")]
    [InlineData(2, "named twice", "--suppress", "ids[0]", "--emphasise", "ids[0]=2")]
    [InlineData(2, "--steps belongs to explanations", "--suppress", "ids[0]", "--steps", "4")]
    [InlineData(2, "--top-k belongs to explanations", "--suppress", "ids[0]", "--top-k", "1")]
    [InlineData(2, "name 1 to 3", "--method", "feature-ablation", "--top-k", "4")]
    [InlineData(2, "mean is taken over rows", "--method", "feature-ablation", "--baseline", "mean")]
    [InlineData(2, "takes its values from a dictionary", "--method", "feature-ablation", "--baseline", "padding")]
    [InlineData(2, "a compiled model holds one row for all", "--method", "feature-ablation", "--baseline", "two.json")]
    [InlineData(2, "no head 'buy'", "--method", "feature-ablation", "--head", "buy")]
    [InlineData(2, "--data needs --dictionary", "--method", "feature-ablation", "--data", "log.csv")]
    public void What_is_wrong_is_said_in_one_line(int code, string expected, params string[] options)
    {
        work.Text("two.json", Models.FmRows);
        string[] how = [.. options.Select(o => o.EndsWith(".json") ? work.Path(o) : o)];
        var model = work.Model("fm.onnx", Models.Fm());
        Workspace
            .Run(["compile", model, "--out", work.Path("out.onnx"), .. how])
            .ShouldFail(code)
            .ShouldContain(expected);
        File.Exists(work.Path("out.onnx")).ShouldBeFalse();
    }

    [Fact]
    public void Where_to_write_must_be_said_and_be_there()
    {
        var model = work.Model("fm.onnx", Models.Fm());
        string[] method = ["--method", "feature-ablation"];
        Workspace.Run(["compile", model, .. method]).ShouldFail(2).ShouldContain("--out FILE.onnx");
        Workspace
            .Run(["compile", model, .. method, "--out", work.Path("no/out.onnx")])
            .ShouldFail(1)
            .ShouldContain("there is no folder");
    }

    [Fact]
    public void Padding_of_a_dictionary_is_a_baseline_without_data()
    {
        var dictionary = work.Text(
            "features.yaml",
            """
            schema: 1
            features:
              - { feature: first, kind: categorical, input: ids, column: 0, padding_id: 4 }
              - { feature: rest, kind: sequence, input: ids, columns: [1, 2], padding_id: 0 }
            """
        );
        using var bare = new BareRun(
            Compile("--method", "feature-ablation", "--dictionary", dictionary, "--baseline", "padding")
        );
        JsonSerializer.Deserialize<string[]>(bare.Metadata["assay.features"]).ShouldBe(["first", "rest"]);
        // Replaced by itself, nothing is lost: the second row's first id is the padding.
        bare.Run(Rows)["attributions"].ToDoubles()[2].ShouldBe(0, 1e-6);
    }

    private string Compile(params string[] options)
    {
        var path = work.Path("out.onnx");
        Workspace.Run(["compile", work.Model("fm.onnx", Models.Fm()), "--out", path, .. options]).ShouldSucceed();
        return path;
    }
}
