using System.Globalization;
using System.Text;
using System.Text.Json;
using Assay.Attribution.Layers;
using Assay.Attribution.Tests.Layers;

namespace Assay.Cli.Tests;

/// <summary><c>assay layers</c> and <c>assay explain --layer</c> on a network whose inside is planted.</summary>
public sealed class LayersTests : IDisposable
{
    private readonly Workspace work = new();
    private readonly string model;

    public LayersTests()
    {
        model = work.Path("planted.onnx");
        PlantedModels.Ignoring().Save(model);
    }

    public void Dispose() => work.Dispose();

    private string[] Data(int rows)
    {
        var data = PlantedModels.Rows(rows);
        var x = data.Rows["x"].ToDoubles();
        var csv = new StringBuilder(string.Join(',', PlantedModels.Names)).Append(",click\n");
        for (var r = 0; r < rows; r++)
            csv.Append(
                    string.Join(
                        ',',
                        x[(r * 5)..((r + 1) * 5)].Select(v => v.ToString("R", CultureInfo.InvariantCulture))
                    )
                )
                .Append(CultureInfo.InvariantCulture, $",{data.Labels[r]}\n");
        var yaml = new StringBuilder("schema: 1\nfeatures:\n");
        for (var f = 0; f < 5; f++)
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"  - {{ feature: {PlantedModels.Names[f]}, kind: numeric, input: x, column: {f}, group: {(f < 2 ? "signal" : "rest")} }}\n"
            );
        return
        [
            "--dictionary",
            work.Text("features.yaml", yaml.ToString()),
            "--data",
            work.Text("rows.csv", csv.ToString()),
            "--label",
            "click",
        ];
    }

    [Fact]
    public void Without_data_the_layers_are_listed()
    {
        var text = Workspace.Run("layers", model).ShouldSucceed();
        text.ShouldContain("hidden1");
        text.ShouldContain("dense 1: 5 → 11, Relu");
    }

    [Fact]
    public void The_unused_signal_and_the_noise_are_named_in_words_and_in_json()
    {
        var data = Data(4000);
        var table = Workspace.Run(["layers", model, .. data]);
        table.Code.ShouldBe(0, table.Error);
        table.Out.ShouldContain("Underused signal: 'ignored' is known");
        table.Out.ShouldContain("Overemphasised noise: 'noise' carries");
        table.Out.ShouldContain("1 of 15");
        var outcome = Workspace.Run(["layers", model, .. data, "--format", "json", "--out", work.Path("layers.json")]);
        outcome.Code.ShouldBe(0, outcome.Error);
        var report = JsonDocument.Parse(File.ReadAllText(work.Path("layers.json"))).RootElement.GetProperty("report");
        string[] Of(DiagnosisKind kind, string name) =>
            [
                .. report
                    .GetProperty("diagnoses")
                    .EnumerateArray()
                    .Where(d => d.GetProperty("kind").GetString() == name)
                    .Select(d => d.GetProperty("subject").GetString()!),
            ];
        Of(DiagnosisKind.UnderusedSignal, "underused_signal").ShouldBe(["ignored"]);
        Of(DiagnosisKind.OveremphasisedNoise, "overemphasised_noise").ShouldBe(["noise"]);
        report.GetProperty("layers")[0].GetProperty("states").GetProperty("dead").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Explain_keys_units_by_their_numbers()
    {
        var rows = work.Text("rows.json", """{ "x": [[1, 2, 0.5, -1, 3]] }""");
        var line = Workspace
            .Run(
                "explain",
                model,
                "--tensors",
                rows,
                "--method",
                "layer-conductance",
                "--layer",
                "hidden2",
                "--format",
                "jsonl"
            )
            .ShouldSucceed();
        var result = JsonDocument.Parse(line).RootElement;
        var units = result.GetProperty("attributions").EnumerateObject().ToArray();
        units.Select(u => u.Name).ShouldBe(["0", "1", "2", "3"]);
        units
            .Sum(u => u.Value.GetDouble())
            .ShouldBe(
                result.GetProperty("target").GetDouble() - result.GetProperty("baseline_target").GetDouble(),
                1e-5
            );
    }

    [Theory]
    [InlineData("hiden2", "'hidden2'")]
    [InlineData("hidden2[0]", "--layer 'hidden2'")]
    [InlineData(null, "needs a layer")]
    public void A_wrong_layer_is_a_usage_error(string? layer, string says)
    {
        var rows = work.Text("rows.json", """{ "x": [[1, 2, 0.5, -1, 3]] }""");
        string[] named = layer is null ? [] : ["--layer", layer];
        Workspace
            .Run(["explain", model, "--tensors", rows, "--method", "layer-conductance", .. named])
            .ShouldFail(2)
            .ShouldContain(says);
    }

    [Fact]
    public void Data_without_dictionary_is_a_usage_error() =>
        Workspace.Run("layers", model, "--data", "rows.csv").ShouldFail(2).ShouldContain("--dictionary");
}
