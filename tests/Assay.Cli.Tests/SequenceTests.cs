using System.Text.Json;
using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Tests;

/// <summary>Positions of a sequence whose score is a sum over them: score = Σ w[position] · T[id].</summary>
public sealed class SequenceTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    // T = (0, 1, 10, 100), w = (1, 2, 3, 4).
    private static SmallModel Weighted() =>
        new SmallModel()
            .Input("history", DataType.Int64, "batch", 4)
            .Tensor("table", TensorData.From([0f, 1, 10, 100], 4, 1))
            .Tensor("weights", TensorData.From([1f, 2, 3, 4], 4, 1))
            .Tensor("middle", TensorData.Int64s(1))
            .Node("Gather table history -> items", ("axis", 0L))
            .Node("Mul items weights -> weighted")
            .Node("ReduceSum weighted middle -> score", ("keepdims", 0L))
            .Output("score", DataType.Float, "batch", 1);

    private Outcome Run(string order, params string[] options)
    {
        var data = work.Path("log.parquet");
        using (var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"COPY (SELECT [1, 2, 1] AS history, [40.0, 20.0, 3.0] AS days, [1.0] AS one) TO '{data}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }
        return Workspace.Run([
            "explain",
            work.Model("weighted.onnx", Weighted()),
            "--dictionary",
            work.Text(
                "f.yaml",
                $"features:\n  - {{ feature: history, kind: sequence, input: history, length: 4, padding_id: 0, vocabulary_size: 4, order: \"{order}\" }}\n"
            ),
            "--data",
            data,
            .. options.Contains("--format") ? Array.Empty<string>() : ["--format", "jsonl"],
            .. options,
        ]);
    }

    private const string OldestFirst = "oldest first, padded on the left";

    // Positions hold (0, 1, 2, 1): 0, 2·1, 3·10, 4·1. Item 1 has 2 + 4.
    [Theory, InlineData("shapley"), InlineData("integrated-gradients"), InlineData("feature-ablation")]
    public void Positions_are_players_and_sum_up_per_item(string method)
    {
        var row = Line(Run(OldestFirst, "--method", method, "--positions", "history", "--recent", "2"));
        row.GetProperty("attributions")
            .EnumerateObject()
            .Select(p => (p.Name, Math.Round(p.Value.GetDouble(), 4)))
            .ShouldBe([("history[0]", 0.0), ("history[1]", 2), ("history[2]", 30), ("history[3]", 4)]);
        var history = row.GetProperty("sequences").GetProperty("history");
        Near(history, "attribution", 36);
        Near(history, "empty", 0);
        Near(history, "short_term", 34);
        Near(history, "long_term", 2);
        Near(history, "short_term_share", 34 / 36.0);
        var items = history.GetProperty("items").EnumerateArray().ToArray();
        items.Select(i => i.GetProperty("id").GetInt32()).ShouldBe([2, 1]);
        Near(items[1], "attribution", 6);
        items[1].GetProperty("positions").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([1, 3]);
    }

    // Newest first, padded on the right: (1, 2, 1, 0), the newest at position 0.
    [Fact]
    public void The_order_says_which_end_is_new()
    {
        var row = Line(Run("newest first", "--method", "shapley", "--positions", "history", "--recent", "1"));
        Near(row.GetProperty("sequences").GetProperty("history"), "short_term", 1);
    }

    // Ages 40, 20 and 3 lie at positions 1 to 3.
    [Fact]
    public void A_column_of_ages_splits_by_age()
    {
        var row = Line(Run(OldestFirst, "--method", "shapley", "--positions", "history", "--recent", "days<=20"));
        Near(row.GetProperty("sequences").GetProperty("history"), "short_term", 34);
    }

    [Fact]
    public void The_table_shows_items_and_terms()
    {
        var text = Run(
            OldestFirst,
            "--method",
            "shapley",
            "--positions",
            "history",
            "--recent",
            "2",
            "--format",
            "table"
        );
        text.ShouldSucceed()
            .ShouldContain("history: 36.000000; short term 34.000000, long term 2.000000 (short term 94");
    }

    [Theory]
    [InlineData(2, "no feature 'hist'", "--positions", "hist")]
    [InlineData(2, "name the sequence with --positions", "--recent", "2")]
    [InlineData(2, "neither a number of positions nor", "--positions", "history", "--recent", "0")]
    [InlineData(3, "column 'ages' (entries of 'history') is missing", "--positions", "history", "--recent", "ages<=3")]
    [InlineData(3, "1 numbers for 3 entries", "--positions", "history", "--recent", "one<=3")]
    public void What_cannot_be_split_is_said_in_one_line(int code, string expected, params string[] options) =>
        Run(OldestFirst, ["--method", "shapley", .. options]).ShouldFail(code).ShouldContain(expected);

    private static JsonElement Line(Outcome outcome) => JsonDocument.Parse(outcome.ShouldSucceed()).RootElement;

    private static void Near(JsonElement parent, string name, double expected) =>
        parent.GetProperty(name).GetDouble().ShouldBe(expected, 1e-4);
}
