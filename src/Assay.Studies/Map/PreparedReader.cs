using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Reads a prepared split block by block. For one thread at a time.</summary>
internal sealed class PreparedReader(StudyPlan plan, PreparedSplit split) : IDisposable
{
    private readonly ColumnReader reader = ColumnReader.Open(PreparedSplit.ParquetPath(plan.Folder, split.Name));

    public PreparedSplit Split => split;

    public T[] Read<T>(int group, string column)
        where T : struct => reader.Read<T>(group, column);

    /// <summary>A column of all blocks, in order.</summary>
    public T[] ReadAll<T>(string column)
        where T : struct
    {
        var all = new T[split.Rows];
        for (var g = 0; g < split.Blocks.Count; g++)
            reader.Read<T>(g, column).CopyTo(all, split.Blocks[g].Start);
        return all;
    }

    /// <summary>The elements of a feature as numbers, whatever holds them.</summary>
    public static double[] Values(ColumnReader from, int group, BoundFeature feature, int element)
    {
        var column = PreparedColumns.Element(feature, element);
        return feature.Entry.HasIds
            ? Array.ConvertAll(from.Read<long>(group, column), v => (double)v)
            : from.Read<double>(group, column);
    }

    /// <summary>The rows of a block as feeds of the model.</summary>
    public Dictionary<string, TensorData> Feeds(int group)
    {
        var feeds = plan.Binding.NewFeeds(split.Blocks[group].Rows);
        foreach (var feature in plan.Features)
            Fill(feeds[feature.Input.Name], reader, group, feature);
        return feeds;
    }

    /// <summary>The same from the prepared rows.</summary>
    public double[] Values(int group, BoundFeature feature, int element) => Values(reader, group, feature, element);

    /// <summary>An element of a feature in all blocks, in order.</summary>
    public double[] ReadAllValues(BoundFeature feature, int element)
    {
        var all = new double[split.Rows];
        for (var g = 0; g < split.Blocks.Count; g++)
            Values(g, feature, element).CopyTo(all, split.Blocks[g].Start);
        return all;
    }

    /// <summary>Writes one feature's columns into the feed of its input.</summary>
    public static void Fill(TensorData feed, ColumnReader from, int group, BoundFeature feature)
    {
        for (var e = 0; e < feature.Elements.Count; e++)
            Fill(feed, from, group, feature, e);
    }

    /// <summary>Writes one element of a feature.</summary>
    public static void Fill(TensorData feed, ColumnReader from, int group, BoundFeature feature, int element)
    {
        var values = Values(from, group, feature, element);
        for (var r = 0; r < values.Length; r++)
            DictionaryBinding.SetElement(feed, r * feature.Input.Elements + feature.Elements[element], values[r]);
    }

    public void Dispose() => reader.Dispose();
}
