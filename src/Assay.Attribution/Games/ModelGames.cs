using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Games;

/// <summary>
/// The games that a model plays on some rows, its features being the players. With a baseline that moves what enters at the
/// attribution points, each coalition is a row of the graph with its players present; with baselines given as rows, or
/// a background of them, the absent players' inputs are replaced and the model runs as it is. Where it pays, coalitions
/// are put together from cached contributions of the players instead, and only what is not linear runs for each.
/// </summary>
internal sealed class ModelGames : IGames
{
    // Evaluations that are put together at once.
    private const int Part = 2048;

    private readonly ExplainedModel model;
    private readonly IReadOnlyDictionary<string, TensorData> feeds;
    private readonly IReadOnlyDictionary<string, TensorData>[] others;
    private CheapGames? cheap;

    /// <param name="model">The model.</param>
    /// <param name="rows">Its rows, one for each game.</param>
    /// <param name="whole">Whether each coalition is to run through the whole model.</param>
    public ModelGames(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows, bool whole = false)
    {
        (this.model, feeds) = (model, model.Feeds(rows));
        Count = RowsOfInputs.Count(rows, "rows");
        others =
            model.Background is { } background
                ?
                [
                    .. Enumerable
                        .Range(0, RowsOfInputs.Count(background, "background"))
                        .Select(b => new RowBatch().Take(background, [b], 1)),
                ]
            : model.BaselineRows(Count) is { } baseline && model.ReplacesInputs
                ? [baseline.ToDictionary(b => b.Key, b => b.Value.Cast(feeds[b.Key].Type))]
            : [];
        if (!whole && model.Coalitions(others.Length > 0) is { } player)
            cheap = CheapGames.Over(player, feeds, Count, others);
    }

    public int Count { get; }

    public int Players => model.Features.Count;

    /// <summary>Whether coalitions are put together from contributions; settled by the first evaluation.</summary>
    public bool IsCheap => cheap is not null;

    public int EvaluationsPerCoalition => Math.Max(1, others.Length);

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        if (cheap is not null && cheap.TryEvaluate(game, coalitions, values))
            return;
        cheap = null;
        for (var from = 0; from < game.Length; from += Part)
        {
            var count = Math.Min(Part, game.Length - from);
            var part = values.Slice(from, count);
            var rows = new RowBatch().Take(feeds, game.Slice(from, count), count);
            if (others.Length == 0)
            {
                model.Present(rows, Presence(coalitions, from, count)).CopyTo(part);
                continue;
            }
            part.Clear();
            foreach (var other in others)
            {
                var targets = model.Score(Mixed(rows, game.Slice(from, count), other, coalitions, from));
                for (var i = 0; i < count; i++)
                    part[i] += targets[i] / others.Length;
            }
        }
    }

    private TensorData Presence(Coalitions coalitions, int from, int count)
    {
        var present = new double[count * Players];
        for (var i = 0; i < count; i++)
        for (var p = 0; p < Players; p++)
            present[i * Players + p] = coalitions[from + i, p] ? 1 : 0;
        return TensorData.From(present, count, Players).Cast(model.Type);
    }

    // Rows of which the absent players' elements are those of the other rows: one for all, or one for each game.
    private Dictionary<string, TensorData> Mixed(
        IReadOnlyDictionary<string, TensorData> rows,
        ReadOnlySpan<int> game,
        IReadOnlyDictionary<string, TensorData> other,
        Coalitions coalitions,
        int from
    )
    {
        var mixed = rows.ToDictionary(r => r.Key, r => r.Value);
        foreach (
            var byInput in model
                .Features.SelectMany((f, p) => f.Elements.Select(e => (e.Input, e.Element, Player: p)))
                .GroupBy(e => e.Input)
        )
        {
            var own = rows[byInput.Key];
            var replacement = other[byInput.Key].Cast(own.Type);
            var copies = replacement.Dims[0] == 1;
            var values = (Array)own.Values.Clone();
            var width = own.Count / game.Length;
            for (var i = 0; i < game.Length; i++)
                foreach (var (_, element, player) in byInput)
                    if (!coalitions[from + i, player])
                        Array.Copy(
                            replacement.Values,
                            (copies ? 0 : game[i] * width) + element,
                            values,
                            i * width + element,
                            1
                        );
            mixed[byInput.Key] = TensorData.Create(own.Type, own.Dims, values);
        }
        return mixed;
    }
}
