using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>Every way in which data can be unusable, and the one line that says so.</summary>
public sealed class DataErrorTests : IDisposable
{
    private const string Rows =
        "SELECT 'u' || (i % 6) AS usr, i % 4 AS country, i * 0.5 AS price, [i % 3, 2] AS seen, "
        + "CAST(i % 3 = 0 AS INTEGER) AS label FROM range(30) t(i)";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private DictionaryBinding Binding(string missing = "") =>
        FeatureDictionary
            .Load(
                folder.File(
                    "f.yaml",
                    $$"""
                    features:
                      - {feature: country, kind: categorical, input: ids, vocabulary_size: 4, oov_id: 1{{missing}} }
                      - {feature: price, kind: numeric, input: price, training_mean: 7{{missing.Replace(
                        "oov",
                        "mean"
                    )}} }
                      - {feature: seen, kind: sequence, input: seen, length: 3, padding_id: 0, vocabulary_size: 9, order: padded on the left}
                    """
                )
            )
            .Bind([
                ValueInfos.Tensor("ids", DataType.Int64, "b"),
                ValueInfos.Tensor("price", DataType.Float, "b", 1),
                ValueInfos.Tensor("seen", DataType.Int32, "b", 3),
            ]);

    private StudyDefinition Study(string query) =>
        new()
        {
            Name = "test",
            Model = "m.onnx",
            Dictionary = "f.yaml",
            Explain = DataSource.FromFile(folder.Parquet("data.parquet", query)),
            Label = "label",
            Cluster = "usr",
        };

    private PreparedSplit Prepare(StudyDefinition study, string missing = "")
    {
        Directory.CreateDirectory(folder["prepared"]);
        using var preparer = new Preparer(study, Binding(missing), "explain", study.Explain, folder.Path, 1);
        return preparer.Run(study.Segments, "hash", "data", CancellationToken.None);
    }

    private string Message(string query, Func<StudyDefinition, StudyDefinition>? change = null)
    {
        var e = Should.Throw<AssayException>(() => Prepare((change ?? (s => s))(Study(query))));
        e.Fault.ShouldBe(Fault.Input);
        e.Message.ShouldNotContain("\n");
        Directory.GetFiles(folder["prepared"]).ShouldBeEmpty();
        return e.Message;
    }

    private static string Change(string column, string expression, string where) =>
        $"SELECT * REPLACE (CASE WHEN {where} THEN {expression} ELSE {column} END AS {column}) FROM ({Rows})";

    [Theory]
    [InlineData(
        "country",
        "9",
        "data.parquet row 6, column 'country' (feature 'country'): id 9 is outside the vocabulary 0 … 3"
    )]
    [InlineData("country", "-1", "row 6, column 'country' (feature 'country'): id -1 is outside the vocabulary")]
    [InlineData("country", "NULL", "row 6, column 'country' (feature 'country'): the value is NULL; declare")]
    [InlineData("price", "'nan'::DOUBLE", "row 6, column 'price' (feature 'price'): the value is NaN; make it NULL")]
    [InlineData("price", "'inf'::DOUBLE", "row 6, column 'price' (feature 'price'): the value is infinite")]
    [InlineData("price", "1e39", "1E+39 is beyond the range of float32")]
    [InlineData("seen", "[1, 77]", "row 6, column 'seen' (feature 'seen'): id 77 is outside the vocabulary 0 … 8")]
    [InlineData("label", "2", "row 6, column 'label' (label): 2 is neither 0 nor 1")]
    [InlineData("label", "NULL", "row 6, column 'label' (label): NULL is neither 0 nor 1")]
    [InlineData("usr", "NULL", "row 6, column 'usr' (cluster key): the value is NULL")]
    public void Bad_values_are_named_with_file_row_and_column(string column, string expression, string expected) =>
        Message(Change(column, expression, "price = 3.0")).ShouldContain(expected);

    [Fact]
    public void Bad_columns_and_bad_data_as_a_whole()
    {
        Message($"SELECT * EXCLUDE (country), country AS contry FROM ({Rows})")
            .ShouldContain("column 'country' (feature 'country') is missing. Did you mean 'contry'?");
        Message($"SELECT * REPLACE ('x' AS price) FROM ({Rows})")
            .ShouldContain("row 0, column 'price' (feature 'price'): 'x' is not a number");
        Message($"SELECT * REPLACE (country + 0.5 AS country) FROM ({Rows})")
            .ShouldContain("row 0, column 'country' (feature 'country'): '0.5' is not a whole-number id");
        Message($"SELECT * REPLACE (1 AS seen) FROM ({Rows})").ShouldContain("a whole-number id in a list is wanted");
        Message($"SELECT * FROM ({Rows}) WHERE false").ShouldContain("has no rows");
        Message($"SELECT * REPLACE (1 AS label) FROM ({Rows})")
            .ShouldContain("column 'label' (label) is 1 in all 30 rows");
        Message($"SELECT * REPLACE ('a' AS usr) FROM ({Rows})").ShouldContain("has the single value 'a'");
        Message(Rows, s => s with { Weight = "wait" }).ShouldContain("column 'wait' (weight) is missing");
        Message(Rows, s => s with { Item = "itm" }).ShouldContain("column 'itm' (item) is missing");
        Message(Rows, s => s with { Explain = DataSource.FromFile(folder["none.parquet"]) })
            .ShouldContain("No data file matches");
        Message(Rows, s => s with { Explain = DataSource.FromFile(folder.File("b.parquet", "junk")) })
            .ShouldContain("cannot be read");
        Message(Rows, s => s with { Explain = s.Explain with { Where = "no such" } }).ShouldContain("cannot be read");
        var query = new DataSource { Format = DataFormat.Sql, Query = "DROP TABLE x" };
        Message(Rows, s => s with { Explain = query }).ShouldContain("is not one SELECT");
    }

    [Fact]
    public void Declared_rules_replace_what_is_missing()
    {
        var query =
            Change("country", "NULL", "price = 3.0")
                .Replace(
                    "FROM (SELECT",
                    "FROM (SELECT * REPLACE (CASE WHEN price = 4.5 THEN NULL ELSE price END AS price) FROM (SELECT"
                ) + ")";
        Prepare(Study(query), ", missing: oov").Rows.ShouldBe(30);
        using var reader = ColumnReader.Open(PreparedSplit.ParquetPath(folder.Path, "explain"));
        var rows = reader.Read<long>(0, "row");
        reader.Read<long>(0, "x:country")[Array.IndexOf(rows, 6)].ShouldBe(1);
        reader.Read<double>(0, "x:price")[Array.IndexOf(rows, 9)].ShouldBe(7);
        // [i % 3, 2] padded on the left to three.
        reader.Read<long>(0, "x:seen[0]").ShouldAllBe(v => v == 0);
        reader.Read<long>(0, "x:seen[1]")[Array.IndexOf(rows, 7)].ShouldBe(1);
        reader.Read<long>(0, "x:seen[2]").ShouldAllBe(v => v == 2);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("sql")]
    public void Csv_and_queries_read_like_parquet(string format)
    {
        var parquet = folder.Parquet("p.parquet", $"SELECT usr, country, price, label FROM ({Rows})");
        using (var duck = Duck.Open())
            duck.Execute($"COPY (SELECT * FROM '{parquet}') TO '{folder["p.csv"]}'");
        var binding = FeatureDictionary
            .Load(
                folder.File(
                    "g.yaml",
                    "features:\n - {feature: country, kind: categorical, input: ids}\n - {feature: price, kind: numeric, input: price}\n"
                )
            )
            .Bind([ValueInfos.Tensor("ids", DataType.Int64, "b"), ValueInfos.Tensor("price", DataType.Float, "b", 1)]);
        var source =
            format == "csv"
                ? DataSource.FromFile("p.csv", folder.Path)
                : new DataSource
                {
                    Format = DataFormat.Sql,
                    Query = "SELECT * FROM 'p.parquet' -- all\n;",
                    Folder = folder.Path,
                };
        var feeds = InputAssembler.Read(source, binding, 2, 3);
        feeds["ids"].ToDoubles().ShouldBe([2, 3, 0]);
        feeds["price"].ToDoubles().ShouldBe([1, 1.5, 2]);
        feeds["price"].Dims.ShouldBe([3, 1]);
    }

    [Fact]
    public void Of_several_files_the_one_with_the_bad_row_is_named()
    {
        folder.Parquet("part-1.parquet", Rows);
        folder.Parquet("part-2.parquet", Change("country", "9", "price = 3.0"));
        var source = DataSource.FromFile("part-*.parquet", folder.Path) with { Where = "price > 1" };
        // Row 6 of the second file, whatever the filter leaves out.
        Message(Rows, s => s with { Explain = source })
            .ShouldContain("part-2.parquet row 6, column 'country' (feature 'country'): id 9 is outside");
    }
}
