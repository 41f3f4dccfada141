using Assay.Onnx;
using Assay.Statistics;
using DuckDB.NET.Data;

namespace Assay.Studies;

/// <summary>What happens to each ordered row: checks, keys, segment codes, inputs; blocks are written as they fill.</summary>
internal sealed class PreparePass
{
    private readonly StudyDefinition study;
    private readonly DataTable table;
    private readonly SegmentColumn[] segments;
    private readonly FeatureDecoder[] decoders;
    private readonly int[] blockOf;
    private readonly RowBuffer buffer;
    private readonly LevelFinder levels;
    private readonly double[] values;
    private readonly int[] codes;
    private readonly List<Block> blocks = [];
    private readonly HashSet<long> second = [];
    private RowKeys keys = new() { Cluster = -1, Request = -1 };
    private string requestText = "";
    private int rows;
    private int block = -1;
    private int positives;
    private int requestRows;
    private int requestPositives;
    private double lowest = double.PositiveInfinity;
    private double highest = double.NegativeInfinity;

    public PreparePass(
        StudyDefinition study,
        DataTable table,
        DictionaryBinding binding,
        SegmentColumn[] segments,
        int[] blockOf,
        int firstFeature
    )
    {
        (this.study, this.table, this.segments, this.blockOf) = (study, table, segments, blockOf);
        decoders = [.. binding.Features.Select((f, i) => new FeatureDecoder(table, f, firstFeature + i))];
        buffer = new RowBuffer(binding.Features, segments.Length, study.SecondCluster is not null);
        levels = new LevelFinder(binding.Features);
        values = new double[binding.Features.Sum(f => f.Elements.Count)];
        codes = new int[segments.Length];
    }

    public IReadOnlyList<ColumnSpec> Columns => buffer.Columns;

    /// <summary>Receives the columns of each finished block.</summary>
    public Action<IReadOnlyList<Array>> Write { get; set; } = _ => { };

    public void Add(DuckDBDataReader reader)
    {
        var cluster = reader.GetInt32(0);
        if (blockOf[cluster] != block)
        {
            Flush();
            block = blockOf[cluster];
        }
        keys.Row = reader.GetInt64(2);
        Place(cluster, reader);
        keys.Label = Label(reader);
        keys.Weight = Weight(reader);
        keys.ItemKey = study.Item is null ? 0 : unchecked((long)StableHash.Of(reader.GetString(6)));
        keys.Popularity = reader.IsDBNull(7) ? 0 : reader.GetDouble(7);
        if (!double.IsFinite(keys.Popularity))
            throw Error(study.Popularity!, "popularity", $"{keys.Popularity} is not a finite number; correct it");
        for (var s = 0; s < segments.Length; s++)
            codes[s] = segments[s].Code(reader.IsDBNull(8 + s) ? null : reader.GetString(8 + s));
        if (study.SecondCluster is not null)
            keys.SecondKey = Second(reader);
        var next = 0;
        foreach (var decoder in decoders)
        {
            var count = decoder.Feature.Elements.Count;
            decoder.Read(reader, keys.Row, values.AsSpan(next, count));
            next += count;
        }
        levels.Add(keys, values);
        buffer.Add(keys, codes, values);
        requestRows++;
        requestPositives += keys.Label > 0 ? 1 : 0;
    }

    public void Finish(string name)
    {
        Flush();
        EndRequest();
        if (positives == 0 || positives == rows)
            throw AssayException.Input(
                $"Data {table.Source.Title} ({name}): column '{study.Label}' (label) is {(positives == 0 ? 0 : 1)} in all "
                    + $"{rows} rows; a study needs both classes."
            );
        if (study.SecondCluster is { } column && second.Count < 2)
            throw AssayException.Input(
                $"Data {table.Source.Title} ({name}): column '{column}' (second cluster key) has a single value; intervals "
                    + "over two kinds of clusters need many of each, so name another column or leave it out."
            );
    }

    public PreparedSplit Result(string name, string prepareHash, string dataHash) =>
        new()
        {
            Name = name,
            PrepareHash = prepareHash,
            DataHash = dataHash,
            Rows = rows,
            Clusters = keys.Cluster + 1,
            SecondClusters = study.SecondCluster is null ? null : second.Count,
            Requests = keys.Request + 1,
            Positives = positives,
            LowestRequestRate = lowest,
            HighestRequestRate = highest,
            Blocks = blocks,
            Segments = [.. segments.Select(s => new SegmentLabels(s.Dimension, s.Labels))],
            Levels = levels.Levels(),
        };

    private void Place(int cluster, DuckDBDataReader reader)
    {
        if (reader.IsDBNull(5))
            throw Error(study.Request!, "request key", "the value is NULL; drop such rows with 'where'");
        var request = reader.GetString(5);
        if (cluster == keys.Cluster && request == requestText)
            return;
        EndRequest();
        keys.Cluster = cluster;
        keys.ClusterKey = reader.GetInt64(1);
        keys.Request++;
        keys.RequestKey = unchecked((long)StableHash.Combine((ulong)keys.ClusterKey, StableHash.Of(request)));
        requestText = request;
    }

    private long Second(DuckDBDataReader reader)
    {
        var column = 8 + segments.Length;
        if (reader.IsDBNull(column))
            throw Error(study.SecondCluster!, "second cluster key", "the value is NULL; drop such rows with 'where'");
        var key = unchecked((long)StableHash.Of(reader.GetString(column)));
        second.Add(key);
        return key;
    }

    private double Label(DuckDBDataReader reader)
    {
        if (!reader.IsDBNull(3) && reader.GetDouble(3) is var value and (0 or 1))
            return value;
        var shown = reader.IsDBNull(3) ? "NULL" : reader.GetValue(3);
        throw Error(
            study.Label,
            "label",
            $"{shown} is neither 0 nor 1; name the right column or drop such rows with 'where'"
        );
    }

    private double Weight(DuckDBDataReader reader)
    {
        if (!reader.IsDBNull(4) && reader.GetDouble(4) is var value && double.IsFinite(value) && value >= 0)
            return value;
        var shown = reader.IsDBNull(4) ? "NULL" : reader.GetValue(4);
        throw Error(study.Weight!, "weight", $"{shown} is no weight; weights are finite and not negative");
    }

    private void EndRequest()
    {
        if (requestRows == 0)
            return;
        var rate = (double)requestPositives / requestRows;
        (lowest, highest) = (Math.Min(lowest, rate), Math.Max(highest, rate));
        positives += requestPositives;
        (requestRows, requestPositives) = (0, 0);
    }

    private void Flush()
    {
        if (buffer.Rows == 0)
            return;
        blocks.Add(new Block(block, rows, buffer.Rows));
        rows += buffer.Rows;
        Write(buffer.Take());
    }

    private AssayException Error(string column, string purpose, string what) =>
        AssayException.Input($"{table.Place(keys.Row)}, column '{column}' ({purpose}): {what}.");
}
