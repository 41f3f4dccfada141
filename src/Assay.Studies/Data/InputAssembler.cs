using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Rows of data as feeds of a model.</summary>
public static class InputAssembler
{
    /// <summary>Reads some rows as feeds: each input by name, [rows, …] in its declared type.</summary>
    /// <param name="source">The data.</param>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="first">The first row, counting from 0.</param>
    /// <param name="count">How many rows at most.</param>
    /// <exception cref="AssayException">Input: file, row, column and value that cannot be fed, and what to do.</exception>
    public static IReadOnlyDictionary<string, TensorData> Read(
        DataSource source,
        DictionaryBinding binding,
        long first,
        int count
    )
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var columns = binding.Features.Select(f => table.Feature(f.Entry)).ToArray();
        var decoders = binding.Features.Select((f, i) => new FeatureDecoder(table, f, i + 1)).ToArray();
        var rows = (int)
            duck.Count($"SELECT count(*) FROM {table.Relation} WHERE __row >= {first} AND __row < {first + count}");
        if (rows == 0)
            throw NoRows(table, first);
        var feeds = binding.NewFeeds(rows);
        var n = 0;
        duck.Read(
            $"SELECT __row, {string.Join(", ", columns)} FROM {table.Relation} "
                + $"WHERE __row >= {first} AND __row < {first + count} ORDER BY __row",
            reader =>
            {
                foreach (var decoder in decoders)
                    Write(decoder, reader, reader.GetInt64(0), feeds, n);
                n++;
            }
        );
        return feeds;
    }

    /// <summary>How many rows a source has.</summary>
    public static long Count(DataSource source)
    {
        using var duck = Duck.Open(source.Folder);
        return new DataTable(duck, source).Rows();
    }

    /// <summary>Reads the rows of given numbers as feeds, in the order of their numbers.</summary>
    /// <param name="source">The data.</param>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="rows">Numbers of rows, counting from 0, each once.</param>
    /// <exception cref="AssayException">Input: there is no such row, or one that cannot be fed.</exception>
    public static IReadOnlyDictionary<string, TensorData> Read(
        DataSource source,
        DictionaryBinding binding,
        IReadOnlyCollection<long> rows
    )
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var columns = binding.Features.Select(f => table.Feature(f.Entry)).ToArray();
        var decoders = binding.Features.Select((f, i) => new FeatureDecoder(table, f, i + 1)).ToArray();
        var feeds = binding.NewFeeds(rows.Count);
        var n = 0;
        duck.Read(
            $"SELECT __row, {string.Join(", ", columns)} FROM {table.Relation} "
                + $"WHERE __row IN ({string.Join(", ", rows)}) ORDER BY __row",
            reader =>
            {
                foreach (var decoder in decoders)
                    Write(decoder, reader, reader.GetInt64(0), feeds, n);
                n++;
            }
        );
        return n == rows.Count ? feeds : throw NoRows(table, rows.Max());
    }

    private static AssayException NoRows(DataTable table, long first) =>
        AssayException.Input(
            table.Rows() is > 0 and var rows
                ? $"Data {table.Source.Title} has no row {first}: it has {rows} rows, counted from 0."
                : $"Data {table.Source.Title} has no rows."
        );

    private static void Write(
        FeatureDecoder decoder,
        DuckDB.NET.Data.DuckDBDataReader reader,
        long row,
        Dictionary<string, TensorData> feeds,
        int n
    )
    {
        var (_, input, elements) = decoder.Feature;
        Span<double> values = elements.Count <= 256 ? stackalloc double[elements.Count] : new double[elements.Count];
        decoder.Read(reader, row, values);
        for (var e = 0; e < values.Length; e++)
            DictionaryBinding.SetElement(feeds[input.Name], n * input.Elements + elements[e], values[e]);
    }
}
