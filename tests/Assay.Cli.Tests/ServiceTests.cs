using System.Globalization;
using System.Text.Json;
using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Cli.Tests;

/// <summary>A model behind an address, beside the same model as a file.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    // The factorisation machine of three ids, served as it is: its output is a probability.
    private static InferenceServer Serve(Scorer scorer) =>
        new(
            """
            {"name": "m", "inputs": [{"name": "ids", "datatype": "INT64", "shape": [-1, 3]}],
             "outputs": [{"name": "click", "datatype": "FP32", "shape": [-1]}]}
            """,
            call =>
            {
                var ids = call.GetProperty("inputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetInt64());
                long[] all = [.. ids];
                var scores = scorer.Score(
                    new Dictionary<string, TensorData> { ["ids"] = TensorData.From(all, all.Length / 3, 3) }
                );
                var data = string.Join(
                    ", ",
                    scores.Select(s => ((float)s).ToString("R", CultureInfo.InvariantCulture))
                );
                return (
                    200,
                    $$"""{"outputs": [{"name": "click", "datatype": "FP32", "shape": [{{scores.Length}}], "data": [{{data}}]}]}"""
                );
            }
        );

    private string[] Options(string method) =>
        [
            "--tensors",
            work.Text("rows.json", Models.FmRows),
            "--baseline",
            work.Text("base.json", """{"ids": [[0, 0, 0]]}"""),
            "--method",
            method,
            "--format",
            "jsonl",
        ];

    [Theory, InlineData("feature-ablation"), InlineData("shapley"), InlineData("permutation-shapley")]
    public void Explanations_are_those_of_the_file(string method)
    {
        var file = work.Model("fm.onnx", Models.Fm());
        using var scorer = Scorer.Open(OnnxModel.Load(file), null, Space.Probability);
        using var server = Serve(scorer);
        var local = Workspace.Run(["explain", file, "--space", "probability", .. Options(method)]).ShouldSucceed();
        var served = Workspace.Run(["explain", server.Address, .. Options(method)]).ShouldSucceed();
        foreach (var (a, b) in Rows(local).Zip(Rows(served)))
            a.Zip(b).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-6);
        var logit = Workspace.Run(["explain", file, .. Options(method)]).ShouldSucceed();
        served = Workspace.Run(["explain", server.Address, "--space", "logit", .. Options(method)]).ShouldSucceed();
        // Log-odds of a rounded probability lose some digits.
        foreach (var (a, b) in Rows(logit).Zip(Rows(served)))
            a.Zip(b).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-3);
    }

    [Theory]
    [InlineData(2, "looks inside the model", "--method", "saliency")]
    [InlineData(2, "computes as it does", "--method", "shapley", "--precision", "float64")]
    [InlineData(1, "budget of 3 rows", "--method", "shapley", "--max-rows", "3")]
    [InlineData(2, "between 0 and 100", "--method", "shapley", "--retries", "-1")]
    [InlineData(2, "above 0", "--method", "shapley", "--timeout", "0")]
    [InlineData(2, "no output 'clicks'", "--method", "shapley", "--head", "clicks")]
    public void What_cannot_be_done_is_said_in_one_line(int code, string expected, params string[] options)
    {
        using var scorer = Scorer.Open(Models.Fm().Load(), null, Space.Probability);
        using var server = Serve(scorer);
        string[] common = [.. Options("").Where((_, i) => i is not (4 or 5))];
        Workspace.Run(["explain", server.Address, .. common, .. options]).ShouldFail(code).ShouldContain(expected);
    }

    [Theory]
    [InlineData("http://user:secret@127.0.0.1:1/v2/models/m", 2, "no credentials")]
    [InlineData("http://", 2, "is no address")]
    public void Addresses_that_are_none_are_refused(string address, int code, string expected)
    {
        var line = Workspace.Run(["explain", address, .. Options("shapley")]).ShouldFail(code);
        line.ShouldContain(expected);
        line.ShouldNotContain("secret");
    }

    [Fact]
    public void Options_of_services_are_for_services() =>
        Workspace
            .Run(["explain", work.Model("fm.onnx", Models.Fm()), "--retries", "2", .. Options("shapley")])
            .ShouldFail(2)
            .ShouldContain("--retries is for a model behind an address");

    private static IEnumerable<double[]> Rows(string lines) =>
        lines
            .TrimEnd('\n')
            .Split('\n')
            .Select(l =>
                JsonDocument
                    .Parse(l)
                    .RootElement.GetProperty("attributions")
                    .EnumerateObject()
                    .Select(p => p.Value.GetDouble())
                    .ToArray()
            );
}
