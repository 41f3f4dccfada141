using Assay.Onnx;
using Parquet;
using Parquet.Schema;

namespace Assay.Studies;

/// <summary>A column of a Parquet file: its name and element type (long, int, float, double, bool or string).</summary>
internal sealed record ColumnSpec(string Name, Type Type, bool Nullable = false)
{
    public static ColumnSpec Of<T>(string name) => new(name, typeof(T));

    public DataField Field() => new(Name, Type, Nullable);
}

/// <summary>Writes a Parquet file row group by row group; the same values give the same bytes.</summary>
internal sealed class ColumnWriter : IDisposable
{
    private readonly ParquetWriter writer;
    private readonly DataField[] fields;

    private ColumnWriter(ParquetWriter writer, DataField[] fields)
    {
        this.writer = writer;
        this.fields = fields;
    }

    public static ColumnWriter Create(
        Stream stream,
        IReadOnlyList<ColumnSpec> columns,
        Dictionary<string, string>? metadata = null
    )
    {
        var fields = columns.Select(c => c.Field()).ToArray();
        // Above the fastest level the managed Zstandard costs more than all the rest of a study's preparation.
        var options = new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            CompressionLevel = System.IO.Compression.CompressionLevel.Fastest,
        };
        var schema = new ParquetSchema(fields);
        var writer = ParquetWriter.CreateAsync(schema, stream, options).GetAwaiter().GetResult();
        if (metadata is not null)
            writer.CustomMetadata = metadata;
        return new ColumnWriter(writer, schema.GetDataFields());
    }

    /// <summary>Writes one row group, a column for each field.</summary>
    public void WriteGroup(IReadOnlyList<Array> columns)
    {
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Length; i++)
            WriteColumn(group, fields[i], columns[i]);
        group.CompleteValidate();
    }

    public void Dispose() => writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static void WriteColumn(ParquetRowGroupWriter group, DataField field, Array column)
    {
        var task = column switch
        {
            long[] v => group.WriteAsync<long>(field, v.AsMemory()),
            int[] v => group.WriteAsync<int>(field, v.AsMemory()),
            float[] v => group.WriteAsync<float>(field, v.AsMemory()),
            double[] v => group.WriteAsync<double>(field, v.AsMemory()),
            double?[] v => group.WriteAsync<double>(field, v.AsMemory()),
            int?[] v => group.WriteAsync<int>(field, v.AsMemory()),
            bool[] v => group.WriteAsync<bool>(field, v.AsMemory()),
            string?[] v => group.WriteAsync(field, v),
            _ => throw new ArgumentException($"No Parquet column holds {column.GetType().Name}."),
        };
        task.GetAwaiter().GetResult();
    }
}

/// <summary>Reads columns of a Parquet file, row group by row group. For one thread at a time.</summary>
internal sealed class ColumnReader : IDisposable
{
    private readonly ParquetReader reader;
    private readonly string path;
    private readonly Dictionary<string, DataField> fields;

    private ColumnReader(ParquetReader reader, string path)
    {
        this.reader = reader;
        this.path = path;
        fields = reader.Schema.GetDataFields().ToDictionary(f => f.Name);
    }

    public int Groups => reader.RowGroupCount;

    public IReadOnlyDictionary<string, string> Metadata => reader.CustomMetadata ?? [];

    public static ColumnReader Open(string path)
    {
        try
        {
            var stream = File.OpenRead(path);
            return new ColumnReader(
                ParquetReader.CreateAsync(stream, leaveStreamOpen: false).GetAwaiter().GetResult(),
                path
            );
        }
        catch (Exception e) when (e is not AssayException)
        {
            throw Broken(path, e);
        }
    }

    public bool Has(string column) => fields.ContainsKey(column);

    /// <summary>All values of a column in a row group.</summary>
    public T[] Read<T>(int group, string column)
        where T : struct
    {
        try
        {
            using var rows = reader.OpenRowGroupReader(group);
            var values = new T[rows.RowCount];
            rows.ReadAsync<T>(fields[column], values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values;
        }
        catch (Exception e) when (e is not AssayException)
        {
            throw Broken(path, e);
        }
    }

    public void Dispose() => reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static AssayException Broken(string path, Exception e) =>
        AssayException.Failed(
            $"'{path}' cannot be read ({e.Message.Split('\n')[0].TrimEnd('.')}); delete it and run the study again.",
            e
        );
}
