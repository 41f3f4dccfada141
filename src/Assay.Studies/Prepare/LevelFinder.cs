namespace Assay.Studies;

/// <summary>Finds, while ordered rows pass by, at which unit each feature varies.</summary>
internal sealed class LevelFinder
{
    private readonly IReadOnlyList<BoundFeature> features;
    private readonly double[] ofCluster;
    private readonly double[] ofRequest;
    private readonly Level[] levels;
    private int cluster = -1;
    private int request = -1;

    public LevelFinder(IReadOnlyList<BoundFeature> features)
    {
        this.features = features;
        var elements = features.Sum(f => f.Elements.Count);
        ofCluster = new double[elements];
        ofRequest = new double[elements];
        levels = new Level[features.Count];
        Array.Fill(levels, Level.Cluster);
    }

    public void Add(in RowKeys keys, ReadOnlySpan<double> values)
    {
        if (keys.Cluster != cluster)
            values.CopyTo(ofCluster);
        if (keys.Request != request)
            values.CopyTo(ofRequest);
        (cluster, request) = (keys.Cluster, keys.Request);
        var first = 0;
        for (var f = 0; f < levels.Length; f++)
        {
            var count = features[f].Elements.Count;
            if (levels[f] != Level.Row)
            {
                var now = values.Slice(first, count);
                if (levels[f] == Level.Cluster && !now.SequenceEqual(ofCluster.AsSpan(first, count)))
                    levels[f] = Level.Request;
                if (levels[f] == Level.Request && !now.SequenceEqual(ofRequest.AsSpan(first, count)))
                    levels[f] = Level.Row;
            }
            first += count;
        }
    }

    public IReadOnlyDictionary<string, Level> Levels() =>
        features.Select((f, i) => (f.Entry.Name, levels[i])).ToDictionary(p => p.Name, p => p.Item2);
}
