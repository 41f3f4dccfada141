using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Which rows of logged data are candidates of the same request, and what they have in common.</summary>
public sealed class RequestTable
{
    private readonly DataSource source;
    private readonly DictionaryBinding binding;
    private readonly int[] requestOf;
    private readonly long[][] members;

    private RequestTable(
        DataSource source,
        DictionaryBinding binding,
        string key,
        int[] requestOf,
        IReadOnlyList<bool> shared
    )
    {
        (this.source, this.binding, Key, this.requestOf, Shared) = (source, binding, key, requestOf, shared);
        members =
        [
            .. requestOf
                .Select((request, row) => (Request: request, Row: (long)row))
                .GroupBy(p => p.Request, p => p.Row)
                .OrderBy(g => g.Key)
                .Select(g => g.ToArray()),
        ];
    }

    /// <summary>The column of the request's key.</summary>
    public string Key { get; }

    /// <summary>Number of rows.</summary>
    public long Rows => requestOf.Length;

    /// <summary>Number of requests, in the order in which they first appear.</summary>
    public int Requests => members.Length;

    /// <summary>For each feature of the dictionary: whether it is the same in all rows of each request of the data.</summary>
    public IReadOnlyList<bool> Shared { get; }

    /// <summary>Reads the keys of all rows.</summary>
    /// <param name="source">The data, without a filter.</param>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="key">The column whose equal values are one request.</param>
    /// <exception cref="AssayException">Input: the column is missing, or NULL in some row.</exception>
    public static RequestTable Read(DataSource source, DictionaryBinding binding, string key)
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        table.Type(key, "requests");
        var ids = new Dictionary<string, int>();
        var requestOf = new List<int>();
        duck.Read(
            $"SELECT __row, CAST({Sql.Name(key)} AS VARCHAR) FROM {table.Relation} ORDER BY __row",
            reader =>
            {
                if (reader.IsDBNull(1))
                    throw AssayException.Input(
                        $"{table.Place(reader.GetInt64(0))}, column '{key}' (requests): the value is NULL; name the request, or drop the row."
                    );
                var text = reader.GetString(1);
                if (!ids.TryGetValue(text, out var id))
                    ids[text] = id = ids.Count;
                requestOf.Add(id);
            }
        );
        return requestOf.Count == 0
            ? throw AssayException.Input($"Data {source.Title} has no rows.")
            : new RequestTable(source, binding, key, [.. requestOf], Common(duck, table, binding, key));
    }

    /// <summary>The request of a row.</summary>
    /// <exception cref="AssayException">Input: there is no such row.</exception>
    public int RequestOf(long row) =>
        row >= 0 && row < Rows
            ? requestOf[row]
            : throw AssayException.Input($"Data {source.Title} has no row {row}: it has {Rows} rows, counted from 0.");

    /// <summary>The numbers of a request's rows, ascending.</summary>
    public IReadOnlyList<long> RowsOf(int request) => members[request];

    /// <summary>Rows as feeds, in the order of their numbers.</summary>
    public IReadOnlyDictionary<string, TensorData> Feeds(IReadOnlyCollection<long> rows) =>
        InputAssembler.Read(source, binding, rows);

    /// <summary>A column of numbers, one for each row.</summary>
    /// <exception cref="AssayException">Input: the column is missing, or no number in some row.</exception>
    public double[] Numbers(string column, string purpose)
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var values = new List<double>();
        duck.Read(
            $"SELECT __row, {table.Number(column, purpose)} FROM {table.Relation} ORDER BY __row",
            reader =>
                values.Add(
                    reader.IsDBNull(1)
                        ? throw AssayException.Input(
                            $"{table.Place(reader.GetInt64(0))}, column '{column}' ({purpose}): the value is NULL; fill it, or drop the row."
                        )
                        : reader.GetDouble(1)
                )
        );
        return [.. values];
    }

    private static bool[] Common(Duck duck, DataTable table, DictionaryBinding binding, string key)
    {
        foreach (var feature in binding.Features)
            table.Feature(feature.Entry);
        // Two NULLs are the same value, which count(DISTINCT) does not see.
        var counts = binding.Features.Select((f, i) => $"max(n{i}) AS m{i}");
        var perRequest = binding.Features.Select(
            (f, i) =>
                $"count(DISTINCT {Sql.Name(f.Entry.Source)}) + CAST(count({Sql.Name(f.Entry.Source)}) < count(*) AS INTEGER) AS n{i}"
        );
        var common = new bool[binding.Features.Count];
        duck.Read(
            $"SELECT {string.Join(", ", counts)} FROM (SELECT {string.Join(", ", perRequest)} FROM {table.Relation} GROUP BY {Sql.Name(key)})",
            reader =>
            {
                for (var f = 0; f < common.Length; f++)
                    common[f] = reader.GetInt64(f) <= 1;
            }
        );
        return common;
    }
}
