using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution;

/// <summary>Rows of a model, each beside a baseline: one of the background's rows, or what the settings say.</summary>
internal sealed class BaselinePairs
{
    private readonly IReadOnlyDictionary<string, TensorData> feeds;
    private readonly IReadOnlyDictionary<string, TensorData>? background;

    public BaselinePairs(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        feeds = model.Feeds(rows);
        Rows = RowsOfInputs.Count(rows, "rows");
        if (!model.DrawsBaselines)
            return;
        background = model.Background!.ToDictionary(p => GraphCopies.BaselinePrefix + p.Key, p => p.Value);
        Baselines = RowsOfInputs.Count(background, "background");
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of baselines; 1 where the settings' baseline is the only one.</summary>
    public int Baselines { get; } = 1;

    /// <summary>Feeds of each row beside each of the draws <paramref name="from"/> to <paramref name="to"/>, row by row.</summary>
    public Dictionary<string, TensorData> Take(int[] rows, int[] draws, int from, int to) =>
        Take([.. rows.SelectMany(r => Enumerable.Repeat(r, to - from))], [.. rows.SelectMany(_ => draws[from..to])]);

    /// <summary>Feeds of pairs, given by their numbers.</summary>
    public Dictionary<string, TensorData> Take(int[] rows, int[] baselines)
    {
        var pairs = new Dictionary<string, TensorData>(new RowBatch().Take(feeds, rows, rows.Length));
        if (background is not null)
            foreach (var (name, tensor) in new RowBatch().Take(background, baselines, baselines.Length))
                pairs[name] = tensor;
        return pairs;
    }
}
