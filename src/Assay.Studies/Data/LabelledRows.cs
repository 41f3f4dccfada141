using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>All rows of a data source as feeds of a model with their labels, to fit or to score.</summary>
/// <param name="Feeds">Each input by name, [rows, …]; owned by this object.</param>
/// <param name="Labels">The labels, 0 to 1.</param>
/// <param name="Clusters">The number of each row's cluster, from 0; empty where no cluster column was asked for.</param>
public sealed record LabelledRows(IReadOnlyDictionary<string, TensorData> Feeds, float[] Labels, int[] Clusters)
{
    /// <summary>Weights for the AUC; empty where none were asked for.</summary>
    public double[] Weights { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>Reads a whole source.</summary>
    /// <param name="source">The data.</param>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="cluster">A column whose equal values are one cluster; null for none.</param>
    /// <param name="weight">A column of weights; null for none.</param>
    /// <exception cref="AssayException">Input: file, row, column and value that cannot be used, and what to do.</exception>
    public static LabelledRows Read(
        DataSource source,
        DictionaryBinding binding,
        string label,
        string? cluster = null,
        string? weight = null
    )
    {
        using var duck = Duck.Open(source.Folder);
        var table = new DataTable(duck, source);
        var number = table.Number(label, "labels");
        if (cluster is not null)
            table.Type(cluster, "clusters");
        var key = cluster is null ? "''" : $"CAST({Sql.Name(cluster)} AS VARCHAR)";
        var weightOf = weight is null ? "1" : table.Number(weight, "weights");
        var labels = new List<float>();
        var weights = new List<double>();
        var clusters = new List<int>();
        var known = new Dictionary<string, int>();
        duck.Read(
            $"SELECT __row, {number}, {key}, {weightOf} FROM {table.Relation} ORDER BY __row",
            reader =>
            {
                var row = reader.GetInt64(0);
                var value = reader.IsDBNull(1) ? double.NaN : reader.GetDouble(1);
                if (!(value >= 0 && value <= 1))
                    throw AssayException.Input(
                        $"{table.Place(row)}, column '{label}' (labels): {(reader.IsDBNull(1) ? "NULL" : value)} does not lie between 0 and 1; drop or correct the row."
                    );
                labels.Add((float)value);
                if (weight is not null)
                    weights.Add(Weight(table, weight, row, reader.IsDBNull(3) ? double.NaN : reader.GetDouble(3)));
                if (cluster is null)
                    return;
                var text = reader.IsDBNull(2) ? "" : reader.GetString(2);
                if (!known.TryGetValue(text, out var id))
                    known[text] = id = known.Count;
                clusters.Add(id);
            }
        );
        var feeds = InputAssembler.Read(source, binding, 0, int.MaxValue);
        return new LabelledRows(feeds, [.. labels], [.. clusters]) { Weights = [.. weights] };
    }

    /// <summary>As many clusters drawn with replacement, each with all its rows (rows, where clusters are unknown).</summary>
    /// <param name="seed">The seed of the draw.</param>
    public LabelledRows Resampled(ulong seed)
    {
        var clusters = Clusters.Length == 0 ? Count : Clusters.Max() + 1;
        var rows = Enumerable.Range(0, Count).ToLookup(i => Clusters.Length == 0 ? i : Clusters[i]);
        var random = new CounterRandom(seed, "resampled clusters", (ulong)clusters);
        return Take([.. Enumerable.Range(0, clusters).SelectMany(_ => rows[random.NextInt(clusters)])]);
    }

    /// <summary>Some of the rows, in the order given; a row may be there several times.</summary>
    /// <param name="rows">Numbers of rows, from 0.</param>
    public LabelledRows Take(IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var feeds = Feeds.ToDictionary(f => f.Key, f => Taken(f.Value, rows));
        T[] Some<T>(T[] all) => all.Length == 0 ? [] : [.. rows.Select(r => all[r])];
        return new LabelledRows(feeds, Some(Labels), Some(Clusters)) { Weights = Some(Weights) };
    }

    /// <summary>The same rows in which features have their replacement value, as if they did not exist.</summary>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="features">Names of features.</param>
    /// <exception cref="AssayException">Usage: there is no such feature; the nearest is suggested.</exception>
    public LabelledRows Without(DictionaryBinding binding, IReadOnlyList<string> features)
    {
        var rows = WithOwn(features.Select(name => binding.Feature(name).Input.Name));
        foreach (var feature in features.Select(binding.Feature))
            rows.ForEach(
                feature,
                place => DictionaryBinding.SetElement(rows.Feed(feature), place, feature.Entry.Replacement)
            );
        return rows;
    }

    /// <summary>
    /// The same rows with a share of the ids made unknown, so that the row of the unknown id is fitted in every table;
    /// features without <c>oov_id</c> and empty positions are left alone.
    /// </summary>
    /// <param name="binding">The dictionary, bound to the model.</param>
    /// <param name="share">The share, 0 to 1.</param>
    /// <param name="seed">The seed; each feature's choice depends on (seed, its name) alone.</param>
    public LabelledRows WithForgotten(DictionaryBinding binding, double share, ulong seed)
    {
        BoundFeature[] forgetful = [.. binding.Features.Where(f => f.Entry is { HasIds: true, OovId: not null })];
        var rows = WithOwn(forgetful.Select(f => f.Input.Name));
        foreach (var feature in forgetful)
        {
            var random = new CounterRandom(seed, $"unknown ids {feature.Entry.Name}");
            var feed = rows.Feed(feature);
            rows.ForEach(
                feature,
                place =>
                {
                    if (random.NextBool(share) && !IsPadding(feature, feed, place))
                        DictionaryBinding.SetElement(feed, place, feature.Entry.OovId!.Value);
                }
            );
        }
        return rows;
    }

    /// <summary>The same rows with the labels in another order.</summary>
    /// <param name="seed">The seed of the order.</param>
    public LabelledRows WithShuffledLabels(ulong seed)
    {
        float[] shuffled = [.. Labels];
        new CounterRandom(seed, "shuffled labels", (ulong)Labels.Length).Shuffle(shuffled.AsSpan());
        return this with { Labels = shuffled };
    }

    private static TensorData Taken(TensorData all, IReadOnlyList<int> rows)
    {
        var width = all.Dims[0] == 0 ? 0 : all.Count / (int)all.Dims[0];
        var values = ElementTypes.NewArray(all.Type, rows.Count * width);
        for (var i = 0; i < rows.Count; i++)
            Array.Copy(all.Values, rows[i] * width, values, i * width, width);
        return TensorData.Create(all.Type, [rows.Count, .. all.Dims[1..]], values);
    }

    private static double Weight(DataTable table, string column, long row, double value) =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw AssayException.Input(
                $"{table.Place(row)}, column '{column}' (weights): {(double.IsNaN(value) ? "NULL" : value)} is no weight; weights are 0 or more."
            );

    /// <summary>The same rows, with copies of some inputs that may be changed.</summary>
    private LabelledRows WithOwn(IEnumerable<string> inputs)
    {
        var feeds = new Dictionary<string, TensorData>(Feeds);
        foreach (var input in inputs.Distinct())
        {
            var shared = feeds[input];
            feeds[input] = TensorData.Create(shared.Type, shared.Dims, (Array)shared.Values.Clone());
        }
        return this with { Feeds = feeds };
    }

    private static bool IsPadding(BoundFeature feature, TensorData feed, int place) =>
        feature.Entry.PaddingId is { } padding
        && feed.Values switch
        {
            long[] v => v[place] == padding,
            int[] v => v[place] == padding,
            float[] v => v[place] == padding,
            _ => false,
        };

    private TensorData Feed(BoundFeature feature) => Feeds[feature.Input.Name];

    private void ForEach(BoundFeature feature, Action<int> visit)
    {
        for (var row = 0; row < Count; row++)
            foreach (var element in feature.Elements)
                visit(row * feature.Input.Elements + element);
    }
}
