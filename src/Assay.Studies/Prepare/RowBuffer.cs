namespace Assay.Studies;

/// <summary>The rows of one block while they are collected: typed columns that grow.</summary>
internal sealed class RowBuffer
{
    private readonly List<long> row = [];
    private readonly List<int> cluster = [];
    private readonly List<long> clusterKey = [];
    private readonly List<int> request = [];
    private readonly List<long> requestKey = [];
    private readonly List<double> label = [];
    private readonly List<double> weight = [];
    private readonly List<long> item = [];
    private readonly List<double> popularity = [];
    private readonly List<long>? second;
    private readonly List<int>[] segments;
    private readonly List<double>[] elements;
    private readonly IReadOnlyList<BoundFeature> features;

    public RowBuffer(IReadOnlyList<BoundFeature> features, int segments, bool twoWay)
    {
        second = twoWay ? [] : null;
        this.features = features;
        this.segments = [.. Enumerable.Range(0, segments).Select(_ => new List<int>())];
        elements = [.. Enumerable.Range(0, features.Sum(f => f.Elements.Count)).Select(_ => new List<double>())];
    }

    public int Rows => row.Count;

    public IReadOnlyList<ColumnSpec> Columns =>
        [
            ColumnSpec.Of<long>(PreparedColumns.Row),
            ColumnSpec.Of<int>(PreparedColumns.Cluster),
            ColumnSpec.Of<long>(PreparedColumns.ClusterKey),
            ColumnSpec.Of<int>(PreparedColumns.Request),
            ColumnSpec.Of<long>(PreparedColumns.RequestKey),
            ColumnSpec.Of<double>(PreparedColumns.Label),
            ColumnSpec.Of<double>(PreparedColumns.Weight),
            ColumnSpec.Of<long>(PreparedColumns.ItemKey),
            ColumnSpec.Of<double>(PreparedColumns.Popularity),
            .. second is null ? Array.Empty<ColumnSpec>() : [ColumnSpec.Of<long>(PreparedColumns.SecondKey)],
            .. segments.Select((_, i) => ColumnSpec.Of<int>(PreparedColumns.Segment(i))),
            .. features.SelectMany(f =>
                f.Elements.Select(
                    (_, e) =>
                        new ColumnSpec(PreparedColumns.Element(f, e), f.Entry.HasIds ? typeof(long) : typeof(double))
                )
            ),
        ];

    public void Add(RowKeys keys, ReadOnlySpan<int> segmentCodes, ReadOnlySpan<double> values)
    {
        row.Add(keys.Row);
        cluster.Add(keys.Cluster);
        clusterKey.Add(keys.ClusterKey);
        request.Add(keys.Request);
        requestKey.Add(keys.RequestKey);
        label.Add(keys.Label);
        weight.Add(keys.Weight);
        item.Add(keys.ItemKey);
        popularity.Add(keys.Popularity);
        second?.Add(keys.SecondKey);
        for (var i = 0; i < segments.Length; i++)
            segments[i].Add(segmentCodes[i]);
        for (var i = 0; i < elements.Length; i++)
            elements[i].Add(values[i]);
    }

    /// <summary>The columns as arrays; the buffer is empty afterwards.</summary>
    public IReadOnlyList<Array> Take()
    {
        var columns = new List<Array>
        {
            Drain(row),
            Drain(cluster),
            Drain(clusterKey),
            Drain(request),
            Drain(requestKey),
            Drain(label),
            Drain(weight),
            Drain(item),
            Drain(popularity),
        };
        if (second is not null)
            columns.Add(Drain(second));
        columns.AddRange(segments.Select(Drain));
        var next = 0;
        foreach (var feature in features)
        foreach (var _ in feature.Elements)
        {
            var values = Drain(elements[next++]);
            columns.Add(feature.Entry.HasIds ? Array.ConvertAll(values, v => (long)v) : values);
        }
        return columns;
    }

    private static T[] Drain<T>(List<T> list)
    {
        T[] values = [.. list];
        list.Clear();
        return values;
    }
}

/// <summary>What a prepared row carries besides segments and inputs.</summary>
internal struct RowKeys
{
    public long Row;
    public int Cluster;
    public long ClusterKey;
    public int Request;
    public long RequestKey;
    public double Label;
    public double Weight;
    public long ItemKey;
    public long SecondKey;
    public double Popularity;
}
