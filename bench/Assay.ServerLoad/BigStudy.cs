using System.Diagnostics;
using System.Globalization;
using System.Text;
using Assay.Onnx;
using Assay.Studies;
using DuckDB.NET.Data;

namespace Assay.ServerLoad;

/// <summary>Logged rows, a network fitted to them, and its study.</summary>
internal static class BigStudy
{
    private const int TrainingRows = 200_000;

    public static int Make(string folder, int rows)
    {
        Directory.CreateDirectory(folder);
        var clock = Stopwatch.StartNew();
        void Say(string what) =>
            Console.Error.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds, 8:F1} s  {what}")
            );
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        Rows(duck, Path.Combine(folder, "train.parquet"), 0, TrainingRows);
        Rows(duck, Path.Combine(folder, "explain.parquet"), TrainingRows, rows);
        Rows(duck, Path.Combine(folder, "holdout.parquet"), TrainingRows + rows, rows / 5);
        Say("rows");
        Network.Fitted(duck, Path.Combine(folder, "train.parquet")).Save(Path.Combine(folder, "model.onnx"));
        Say("network");
        File.WriteAllText(Path.Combine(folder, "features.yaml"), Dictionary());
        File.WriteAllText(Path.Combine(folder, "study.yaml"), Study());
        StudyRunner.Run(StudyDefinition.Load(Path.Combine(folder, "study.yaml")), Path.Combine(folder, "run"));
        Say("study");
        return 0;
    }

    // Ten rows a user, five a request; every value is a hash of what it belongs to.
    private static void Rows(DuckDBConnection duck, string path, int first, int count)
    {
        var values = string.Join(
            ",\n",
            Column.All.Select(c =>
                c.Values > 0
                    ? $"CAST(1 + least({c.Values - 1}, floor({c.Values} * pow({Share(c)}, 2))) AS BIGINT) AS {c.Name}"
                    : $"CAST(-ln(1e-6 + {Share(c)}) AS FLOAT) AS {c.Name}"
            )
        );
        Execute(
            duck,
            $"""
            COPY (
              WITH keys AS (
                SELECT i AS row_id, i // 10 AS user_id, i // 5 AS request_id, hash(i, 7) % 5000 AS item_id
                FROM range({first}, {first + count}) AS t(i)),
              cells AS (SELECT *, {values} FROM keys),
              scored AS (
                SELECT *, -2.2 + .8 * (recency - 1) * (CASE WHEN country % 4 = 0 THEN 1 ELSE .3 END)
                  + .7 * (popularity - 1) * (CASE WHEN country % 4 = 0 THEN .2 ELSE 1 END)
                  - .3 * price + .25 * frequency + .15 * (category % 5) - .4 * (lifecycle = 1)::INT
                  + .5 * (last_category % 3 = category % 3)::INT + .1 * (hour % 4) AS z
                FROM cells)
              SELECT * EXCLUDE (z), CAST((hash(row_id, 99) % 1000000) / 1e6 < 1 / (1 + exp(-z)) AS INTEGER) AS clicked
              FROM scored ORDER BY row_id
            ) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)
            """
        );
    }

    private static string Share(Column column) =>
        $"((hash({column.Key}, {1000 + column.Name.Sum(c => c * 31)}) % 1000000) / 1e6)";

    private static void Execute(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Dictionary()
    {
        var text = new StringBuilder("schema: 1\nfeatures:\n");
        foreach (var c in Column.All)
        {
            var (input, column) =
                c.Values > 0 ? ("ids", Network.Ids.IndexOf(c)) : ("dense", Network.Numbers.IndexOf(c));
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                  - feature: {c.Name}
                    display_name: {c.Title}
                    kind: {(c.Values > 0 ? "categorical" : "numeric")}
                    group: {c.Group}
                    owner: team {c.Group}
                    input: {input}
                    column: {column}

                """
            );
            if (c.Values > 0)
                text.Append(CultureInfo.InvariantCulture, $"    vocabulary_size: {c.Values + 1}\n    padding_id: 0\n");
        }
        return text.ToString();
    }

    private static string Study() =>
        $$"""
            schema: 1
            name: a million rows
            model: model.onnx
            dictionary: features.yaml
            data: {explain: explain.parquet, holdout: holdout.parquet}
            label: clicked
            cluster: user_id
            request: request_id
            item: item_id
            replicates: 100
            sampling_check: false
            methods:
              - {id: integrated-gradients, steps: 4}
              - id: permutation
            segments: [{{string.Join(", ", Column.All.Where(c => c.IsSegment).Select(c => c.Name))}}]

            """;
}
