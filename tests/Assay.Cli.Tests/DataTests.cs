using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary>Rows read from data through a dictionary.</summary>
public sealed class DataTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    private const string Dictionary = """
        schema: 1
        features:
          - { feature: age, kind: numeric, input: x, column: 0 }
          - { feature: pair, kind: numeric, input: x, columns: [1, 2] }
        """;

    [Theory]
    [InlineData(null, new[] { 0, 1, 2 })]
    [InlineData("1..2", new[] { 1 })]
    [InlineData("1..", new[] { 1, 2 })]
    [InlineData("..2", new[] { 0, 1 })]
    [InlineData("2..9", new[] { 2 })]
    public void Rows_keep_their_numbers(string? range, int[] expected)
    {
        var options = range is null ? [] : new[] { "--rows", range };
        var lines = Explain([.. options, "--format", "jsonl"]).ShouldSucceed().TrimEnd('\n').Split('\n');
        lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("row").GetInt32()).ShouldBe(expected);
    }

    // The features are those of the dictionary: w · x over the elements of each (weights 2, −3, 0.5).
    [Fact]
    public void Features_are_those_of_the_dictionary()
    {
        var line = Explain(["--rows", "0..1", "--format", "jsonl"]).ShouldSucceed();
        var shares = JsonDocument.Parse(line).RootElement.GetProperty("attributions");
        shares.GetProperty("age").GetDouble().ShouldBe(2);
        shares.GetProperty("pair").GetDouble().ShouldBe(-4.5);
    }

    [Fact]
    public void Rows_beyond_the_data_are_an_error() =>
        Explain(["--rows", "7..9"]).ShouldFail(3).ShouldContain("has no row 7: it has 3 rows, counted from 0.");

    // The table has five rows; what the dictionary says of its size, or does not say, changes nothing.
    [Theory]
    [InlineData("")]
    [InlineData(", vocabulary_size: 1000")]
    public void An_id_beyond_the_table_is_named_with_its_row_and_column(string size)
    {
        var line = Workspace
            .Run(
                "explain",
                work.Model("fm.onnx", Models.Fm()),
                "--dictionary",
                work.Text(
                    "ids.yaml",
                    string.Concat(
                        "abc"
                            .Select(
                                (f, i) => $"  - {{feature: {f}, kind: categorical, input: ids, column: {i}{size}}}\n"
                            )
                            .Prepend("features:\n")
                    )
                ),
                "--data",
                work.Text("ids.csv", "a,b,c\n1,2,3\n1,5,3\n"),
                "--method",
                "saliency"
            )
            .ShouldFail(3);
        line.ShouldContain("ids.csv row 1, column 'b' (feature 'b'): id 5 is outside the vocabulary 0 … 4");
    }

    [Theory]
    [InlineData("", "has no rows")]
    [InlineData("1,2\nx,2\n", "row 1, column 'age' (feature 'age'): 'x' is not a number")]
    public void A_csv_that_cannot_be_used(string rows, string expected)
    {
        Explain([], work.Text("log.csv", "age,pair\n" + rows)).ShouldFail(3).ShouldContain(expected);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        var csv = work.Text("log.csv", "age\n1\n");
        Explain([], csv).ShouldFail(3).ShouldContain("'pair'");
    }

    [Fact]
    public void A_missing_dictionary_is_named() =>
        Workspace
            .Run(
                "explain",
                work.Model("m.onnx", Models.Linear()),
                "--dictionary",
                work.Path("no.yaml"),
                "--data",
                work.Path("no.csv"),
                "--method",
                "saliency"
            )
            .ShouldFail(3)
            .ShouldContain("no.yaml");

    private Outcome Explain(string[] options, string? data = null)
    {
        data ??= work.Text("log.json", """[{"age":1,"pair":[2,3]},{"age":0,"pair":[1,1]},{"age":5,"pair":[0,2]}]""");
        if (data.EndsWith(".json", StringComparison.Ordinal))
            data = Parquet(data);
        return Workspace.Run([
            "explain",
            work.Model("m.onnx", Models.Linear()),
            "--dictionary",
            work.Text("features.yaml", Dictionary),
            "--data",
            data,
            "--method",
            "gradient-times-input",
            .. options,
        ]);
    }

    private string Parquet(string json)
    {
        var path = work.Path("log.parquet");
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY (SELECT * FROM read_json('{json}')) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
