using System.Text.Json;
using Assay.Attribution;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Cli.Tests;

/// <summary>Counterfactuals of a model whose scores are sums on paper, and of the real one, checked by the model itself.</summary>
public sealed class CounterfactualTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    // score = bonus + taste · Σ T[history], T = (0, 0.75, 0.75, 0.25).
    private static SmallModel Taste() =>
        new SmallModel()
            .Input("history", DataType.Int64, "batch", 3)
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("table", TensorData.From([0, 0.75f, 0.75f, 0.25f], 4, 1))
            .Tensor("middle", TensorData.Int64s(1))
            .Tensor("zero", TensorData.Int64s(0))
            .Tensor("one", TensorData.Int64s(1))
            .Node("Gather table history -> items", ("axis", 0L))
            .Node("ReduceSum items middle -> sum", ("keepdims", 0L))
            .Node("Gather x zero -> taste", ("axis", 1L))
            .Node("Gather x one -> bonus", ("axis", 1L))
            .Node("Mul taste sum -> liked")
            .Node("Add liked bonus -> score")
            .Output("score", DataType.Float, "batch", 1);

    private const string Dictionary = """
        features:
          - { feature: history, kind: sequence, input: history, length: 3, padding_id: 0, vocabulary_size: 4, order: padded on the left }
          - { feature: taste, kind: numeric, input: x, column: 0, ablation_value: 0 }
          - { feature: bonus, kind: numeric, input: x, column: 1, ablation_value: 0 }
        """;

    // Request a: 1.75 against 1; b: 1.75 by an item bought twice against 1; c: nothing in the history.
    private const string Data = """
        {"request": "a", "history": [1, 2, 3], "taste": 1, "bonus": 0}
        {"request": "a", "history": [1, 2, 3], "taste": 0, "bonus": 1}
        {"request": "b", "history": [1, 1, 3], "taste": 1, "bonus": 0}
        {"request": "b", "history": [1, 1, 3], "taste": 0, "bonus": 1}
        {"request": "c", "history": [], "taste": 0, "bonus": 2}
        {"request": "c", "history": [], "taste": 0, "bonus": 1}
        """;

    private Outcome Run(params string[] options)
    {
        var data = work.Path("log.parquet");
        if (!File.Exists(data))
            Parquet(data);
        return Workspace.Run([
            "counterfactual",
            work.Model("taste.onnx", Taste()),
            "--dictionary",
            work.Text("f.yaml", Dictionary),
            "--data",
            data,
            .. options,
        ]);
    }

    private void Parquet(string path)
    {
        var json = work.Text("log.json", Data);
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT * FROM read_json('{json}')) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }

    private JsonElement[] Lines(params string[] options) =>
        [
            .. Run([.. options, "--format", "jsonl"])
                .ShouldSucceed()
                .TrimEnd('\n')
                .Split('\n')
                .Select(l => JsonDocument.Parse(l).RootElement),
        ];

    // Without one item the sum is 1 at least, and a tie keeps the place; {1, 2} leaves 0.25, the other pairs 0.75.
    [Fact]
    public void The_fewest_items_are_found_and_proven()
    {
        var row = Lines("--row", "0", "--request", "request", "--top", "1").Single();
        row.GetProperty("status").GetString().ShouldBe("found");
        row.GetProperty("rank").GetInt32().ShouldBe(1);
        row.GetProperty("margin").GetDouble().ShouldBe(0.75);
        var removed = row.GetProperty("removed");
        Ids(removed).ShouldBe([1, 2]);
        removed.GetProperty("margin").GetDouble().ShouldBe(-0.75);
        removed.GetProperty("minimum").GetBoolean().ShouldBeTrue();
        removed.GetProperty("alternatives").GetInt32().ShouldBe(2);
        row.GetProperty("rank_without").GetInt32().ShouldBe(2);
        row.GetProperty("sufficient_alone").GetBoolean().ShouldBeTrue();
        var kept = row.GetProperty("kept");
        Ids(kept).ShouldBe([1, 2]);
        kept.GetProperty("alternatives").GetInt32().ShouldBe(2);
    }

    // References are the four rows of the other requests: of b, whose positions hold (1, 1, 3), and of c, padding.
    // Removing {1, 2} for b's leaves 1.75, for c's 0.25; keeping {1, 2} with either's third position leaves 1.75 or 1.5.
    [Fact]
    public void Necessity_and_sufficiency_are_shares_of_reference_rows()
    {
        var row = Lines("--row", "0", "--request", "request", "--top", "1", "--references", "50").Single();
        row.GetProperty("references").GetInt32().ShouldBe(4);
        row.GetProperty("necessity").GetDouble().ShouldBe(0.5);
        row.GetProperty("sufficiency").GetDouble().ShouldBe(1);
    }

    [Fact]
    public void An_item_that_occurs_twice_is_one_item()
    {
        var row = Lines("--row", "2", "--request", "request", "--top", "1").Single();
        var item = row.GetProperty("removed").GetProperty("set").EnumerateArray().Single();
        item.GetProperty("id").GetInt32().ShouldBe(1);
        item.GetProperty("positions").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([0, 1]);
    }

    [Fact]
    public void Every_row_says_what_became_of_it()
    {
        var rows = Lines("--rows", "0..6", "--request", "request", "--top", "1");
        rows.Select(r => r.GetProperty("status").GetString())
            .ShouldBe(["found", "out", "found", "out", "nothing-to-remove", "nothing-to-remove"]);
        Lines("--row", "0", "--request", "request", "--top", "2")
            .Single()
            .GetProperty("status")
            .GetString()
            .ShouldBe("always-in");
    }

    // taste and bonus differ between the candidates and so are removed from the one alone: without its bonus row 4 scores 0.
    [Fact]
    public void Features_are_removed_from_the_candidate_and_the_history_from_all()
    {
        var row = Lines("--row", "4", "--request", "request", "--top", "1", "--over", "features").Single();
        row.GetProperty("removed").GetProperty("set")[0].GetProperty("feature").GetString().ShouldBe("bonus");
        row.GetProperty("removed").GetProperty("margin").GetDouble().ShouldBe(-1);
    }

    // 1.75 falls below 0.5 only without both 0.75s.
    [Fact]
    public void A_score_can_be_the_limit()
    {
        var row = Lines("--row", "0", "--below", "0.5").Single();
        Ids(row.GetProperty("removed")).ShouldBe([1, 2]);
        row.GetProperty("removed").GetProperty("alternatives").GetInt32().ShouldBe(0);
        row.GetProperty("removed").GetProperty("margin").GetDouble().ShouldBe(-0.25);
    }

    [Fact]
    public void A_budget_that_ends_early_is_said()
    {
        var row = Lines("--row", "0", "--request", "request", "--top", "1", "--budget", "6").Single();
        row.GetProperty("status").GetString().ShouldBe("not-found");
        row.GetProperty("removed").GetProperty("budget_spent").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void The_table_sums_up()
    {
        var text = Run("--rows", "0..6", "--request", "request", "--top", "1").ShouldSucceed();
        text.ShouldContain("6 rows, 2 searched: 2 with a counterfactual, of which 2 proven smallest");
        text.ShouldContain("2 rows are not in the top 1.");
    }

    [Theory]
    [InlineData(2, "--top K with --request", "--row", "0")]
    [InlineData(2, "--top needs --request", "--row", "0", "--top", "1")]
    [InlineData(2, "leave out --request", "--row", "0", "--below", "1", "--request", "request")]
    [InlineData(2, "--row N", "--below", "1")]
    [InlineData(2, "no sequence or bag", "--row", "0", "--below", "1", "--over", "taste")]
    [InlineData(2, "no feature 'hystory'", "--row", "0", "--below", "1", "--over", "hystory")]
    [InlineData(3, "has no row 9", "--row", "9", "--top", "1", "--request", "request")]
    [InlineData(3, "column 'trip' (requests) is missing", "--row", "0", "--top", "1", "--request", "trip")]
    [InlineData(2, "no such file", "--row", "0", "--below", "1", "--baseline", "zero")]
    public void What_cannot_be_asked_is_said_in_one_line(int code, string expected, params string[] options) =>
        Run(options).ShouldFail(code).ShouldContain(expected);

    // Nothing of the search is used to check it: the items are replaced by padding in all candidates of the trip, by hand.
    [Fact]
    public void On_a_real_model_every_set_takes_its_candidate_out()
    {
        var folder = RealCase.Folder;
        var dictionary = Path.Combine(folder, "models", "din.features.json");
        var data = Path.Combine(folder, "data", "test.parquet");
        var rows = Workspace
            .Run(
                "counterfactual",
                RealCase.Model("din"),
                "--dictionary",
                dictionary,
                "--data",
                data,
                "--rows",
                "0..60",
                "--request",
                "trip_id",
                "--top",
                "2",
                "--format",
                "jsonl"
            )
            .ShouldSucceed()
            .TrimEnd('\n')
            .Split('\n')
            .Select(l => JsonDocument.Parse(l).RootElement)
            .ToArray();
        var model = OnnxModel.Load(RealCase.Model("din"));
        using var scorer = Scorer.Open(model, null, Space.Logit);
        var binding = FeatureDictionary.Load(dictionary).Bind(model);
        var source = DataSource.FromFile(data);
        var trips = RequestTable.Read(source, binding, "trip_id");
        trips.Shared[binding.Features.ToList().FindIndex(f => f.Entry.Name == "history")].ShouldBeTrue();
        trips.Shared[binding.Features.ToList().FindIndex(f => f.Entry.Name == "product")].ShouldBeFalse();
        var found = rows.Where(r => r.GetProperty("status").GetString() == "found").ToArray();
        found.Length.ShouldBeGreaterThan(3);
        foreach (var row in found)
        {
            var list = trips.RowsOf(trips.RequestOf(row.GetProperty("row").GetInt64()));
            var item = list.ToList().IndexOf(row.GetProperty("row").GetInt64());
            var feeds = trips.Feeds([.. list]).ToDictionary(f => f.Key, f => f.Value);
            Above(scorer.Score(feeds), item).ShouldBeLessThan(2);
            var removed = Ids(row.GetProperty("removed"));
            feeds["history"] = TensorData.From(
                [.. feeds["history"].ToInt64s().Select(id => removed.Contains(id) ? 0 : id)],
                list.Count,
                20
            );
            Above(scorer.Score(feeds), item).ShouldBeGreaterThanOrEqualTo(2);
        }
    }

    private static int Above(double[] scores, int item) => scores.Count(s => s > scores[item]);

    private static long[] Ids(JsonElement set) =>
        [.. set.GetProperty("set").EnumerateArray().Select(p => p.GetProperty("id").GetInt64())];
}
