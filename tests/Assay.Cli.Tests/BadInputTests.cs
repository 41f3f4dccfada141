using Assay.Onnx;
using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Tests;

/// <summary>Whatever is wrong with a model or with rows: one line that says what, where and what to do.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_missing_model() => Model(work.Path("no.onnx"), "does not exist");

    [Fact]
    public void A_truncated_model()
    {
        var path = work.Model("cut.onnx", Models.Fm());
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..200]);
        Model(path, "is not an ONNX file, or it is cut off");
    }

    [Fact]
    public void Random_bytes()
    {
        var bytes = new byte[4096];
        var random = new Statistics.CounterRandom(seed: 7, stream: 1);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.NextInt(256);
        File.WriteAllBytes(work.Path("random.onnx"), bytes);
        Model(work.Path("random.onnx"), "is not an ONNX file");
    }

    [Fact]
    public void An_empty_file() => Model(work.Text("empty.onnx", ""), "no graph");

    [Fact]
    public void A_cyclic_graph()
    {
        var cyclic = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Node("Add x b -> a")
            .Node("Add x a -> b")
            .Output("b", DataType.Float, "batch", 3);
        Model(work.Model("cycle.onnx", cyclic), "cycle");
    }

    [Theory]
    [InlineData("weights.bin", "not in the model's folder")]
    [InlineData("../weights.bin", "outside the model's folder")]
    [InlineData("/etc/passwd", "outside the model's folder")]
    public void External_data_that_are_missing_or_elsewhere(string location, string expected)
    {
        var model = Models.Linear();
        var weights = model.Proto.Graph.Initializer[0];
        weights.ClearRawData();
        weights.DataLocation = TensorProto.Types.DataLocation.External;
        weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        Model(work.Model("external.onnx", model), expected);
    }

    [Theory]
    [InlineData("""{"y": [[1, 2, 3]]}""", "names input 'y', which the model does not have; its inputs are 'x' float32")]
    [InlineData("{}", "lacks input 'x'")]
    [InlineData("[1, 2]", "no object")]
    [InlineData("""{"x": [[1, 2, 3]""", "is not JSON, line 1")]
    [InlineData("""{"x": [[1, 2, 3]], "x": [[1, 2, 3]]}""", "is not JSON")]
    [InlineData("""{"x": [1, 2, 3]}""", "wants float32 [batch, 3], but was given a shape of [3]")]
    [InlineData("""{"x": [[1, 2]]}""", "wants float32 [batch, 3], but was given a shape of [1, 2]")]
    [InlineData("""{"x": [[1, 2, 3], [1, 2]]}""", "x[1] has 2 elements, but the first has 3")]
    [InlineData("""{"x": [[1, 2, 3], 4]}""", "x[1] is 4, but elsewhere a list of 3 stands there")]
    [InlineData("""{"x": [[1, [2], 3]]}""", "x[0][1] is a list")]
    [InlineData("""{"x": [[1, "a", 3]]}""", "x[0][1] is the text 'a', but a float32 number is wanted")]
    [InlineData("""{"x": [[1, null, 3]]}""", "x[0][1] is null")]
    [InlineData("""{"x": [[1, NaN, 3]]}""", "NaN and infinity cannot be given")]
    [InlineData("""{"x": [[1, 1e39, 3]]}""", "x[0][1] is 1e39, beyond the range of float32")]
    [InlineData("""{"x": [[1, 1e999, 3]]}""", "beyond the range of float32")]
    [InlineData("""{"x": []}""", "shape of [0]")]
    [InlineData("""{"x": 3}""", "shape of []")]
    public void Rows_that_do_not_fit(string rows, string expected) => Rows(Models.Linear(), rows, expected);

    [Theory]
    [InlineData("""{"ids": [[1, 2, 1.5]]}""", "ids[0][2] is 1.5, but a whole number (int64) is wanted")]
    [InlineData("""{"ids": [[1, 2, true]]}""", "ids[0][2] is true")]
    [InlineData("""{"ids": [[1, 2, 9223372036854775808]]}""", "beyond the range of int64")]
    [InlineData(
        """{"ids": [[1, 2, 3], [1, 2, 5]]}""",
        "ids[1][2] is 5 and looks up row 5 of table 'table', whose rows are 0 to 4"
    )]
    [InlineData("""{"ids": [[1, 2, 3], [1, -1, 2]]}""", "ids[1][1] is -1 and looks up row -1")]
    public void Ids_that_are_none(string rows, string expected) => Rows(Models.Fm(), rows, expected);

    [Fact]
    public void Inputs_with_different_rows()
    {
        var model = new SmallModel()
            .Input("a", DataType.Float, "batch", 1)
            .Input("b", DataType.Float, "batch", 1)
            .Node("Add a b -> score")
            .Output("score", DataType.Float, "batch", 1);
        Rows(model, """{"a": [[1], [2]], "b": [[1]]}""", "input 'b' has 1 rows, but 'a' has 2");
    }

    [Fact]
    public void An_operator_without_a_rule()
    {
        var line = Rows(Models.WithoutRule(), Models.LinearRows, "LpPool", method: "integrated-gradients");
        line.ShouldContain("n_hard");
        line.ShouldContain("feature-ablation");
    }

    [Fact]
    public void A_baseline_with_another_number_of_rows() =>
        Explain(3, ["--baseline", work.Text("b.json", """{"x": [[0, 0, 0], [1, 1, 1], [2, 2, 2]]}""")], "has 3 rows");

    [Fact]
    public void An_output_that_is_not_finite()
    {
        var log = new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("one", TensorData.Int64s(1))
            .Node("Log x -> l")
            .Node("ReduceSum l one -> score", ("keepdims", 0L))
            .Output("score", DataType.Float, "batch");
        Rows(log, """{"x": [[1, 2, 3]]}""", "Row 0: the model's output at the baseline is not a finite number");
    }

    [Theory]
    [InlineData("--method", "ig", "There is no method 'ig'; choose one of: ")]
    [InlineData("--method", "permutation", "run it with 'assay study'")]
    [InlineData("--head", "click", "no head 'click'; choose one of: score")]
    [InlineData("--head", "score[1]", "does not exist")]
    [InlineData("--steps", "0", "between 1 and 4096")]
    [InlineData("--steps", "many", "--steps 'many' is not a whole number.")]
    [InlineData("--seed", "-1", "--seed '-1' is not a whole number")]
    [InlineData("--rule", "simpson", "--rule 'simpson' is none of auto, secant, gauss-legendre")]
    [InlineData("--space", "odds", "--space 'odds' is none of logit, probability")]
    [InlineData("--format", "xml", "none of table, jsonl, parquet")]
    [InlineData("--format", "parquet", "needs --out")]
    [InlineData("--baseline", "nothing", "none of zero, mean, padding")]
    [InlineData("--baseline", "padding", "dictionary")]
    [InlineData("--rows", "1..2", "--rows picks rows of --data")]
    [InlineData("--rows", "2..1", "holds no row")]
    [InlineData("--rows", "first", "is not a..b")]
    [InlineData("--metod", "saliency", "Did you mean '--method'?")]
    public void Wrong_usage(string option, string value, string expected) => Explain(2, [option, value], expected);

    [Fact]
    public void No_rows_at_all() =>
        Workspace
            .Run("explain", work.Model("m.onnx", Models.Linear()), "--method", "saliency")
            .ShouldFail(2)
            .ShouldContain("Say which rows to explain");

    [Theory]
    [InlineData("""{"g": ["x[9]"]}""", 2, "names 'x[9]', which is no feature")]
    [InlineData("""{"g": ["x[0]"], "h": ["x[0]"]}""", 2, "is in two groups")]
    [InlineData("""{"g": "x[0]"}""", 3, "wants a list")]
    [InlineData("""{"g": [0]}""", 3, "g[0] is 0, but the name of a feature is wanted")]
    public void Groups_that_are_none(string groups, int code, string expected) =>
        Explain(code, ["--groups", work.Text("groups.json", groups)], expected);

    [Theory]
    [InlineData("missing/out.jsonl", "Cannot write")]
    [InlineData(".", "it is a folder")]
    [InlineData("/dev/full/out", "Cannot write")]
    public void An_output_that_cannot_be_written(string output, string expected)
    {
        Explain(1, ["--format", "jsonl", "--out", work.Path(output)], expected);
        Directory.GetFiles(work.Folder, "*.partial").ShouldBeEmpty();
    }

    [Theory]
    [InlineData]
    [InlineData("explian")]
    [InlineData("explain")]
    [InlineData("inspect")]
    [InlineData("explain", "a", "b")]
    public void A_command_line_that_is_none(params string[] args) => Workspace.Run(args).ShouldFail(2);

    private void Model(string path, string expected)
    {
        var rows = work.Text("rows.json", Models.LinearRows);
        Workspace
            .Run("explain", path, "--tensors", rows, "--method", "saliency")
            .ShouldFail(3)
            .ShouldContain(expected, Case.Sensitive);
        Workspace.Run("inspect", path).ShouldFail(3).ShouldContain(expected, Case.Sensitive);
    }

    private string Rows(SmallModel model, string rows, string expected, string method = "gradient-times-input")
    {
        var line = Workspace
            .Run(
                "explain",
                work.Model("model.onnx", model),
                "--tensors",
                work.Text("rows.json", rows),
                "--method",
                method
            )
            .ShouldFail(3);
        line.ShouldContain(expected, Case.Sensitive);
        return line;
    }

    private void Explain(int code, string[] options, string expected)
    {
        string[] method = options.Contains("--method") ? [] : ["--method", "gradient-times-input"];
        var rows = work.Text("rows.json", Models.LinearRows);
        Workspace
            .Run(["explain", work.Model("model.onnx", Models.Linear()), "--tensors", rows, .. method, .. options])
            .ShouldFail(code)
            .ShouldContain(expected, Case.Sensitive);
    }
}
