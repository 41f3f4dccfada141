using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Games;

/// <summary>
/// Games of anything that scores rows: a player that is absent has its input elements taken from a baseline row, and what
/// is scored is a row that could be fed. Values are averages over the baselines.
/// </summary>
public sealed class ReplacedInputGames : IGames
{
    // Rows that are put together at once.
    private const int Part = 4096;

    private readonly IScorer scorer;
    private readonly IReadOnlyDictionary<string, TensorData> rows;
    private readonly IReadOnlyDictionary<string, TensorData>[] baselines;
    private readonly (string Input, (int Element, int Player)[] Elements)[] played;
    private readonly RowBatch batch = new();

    /// <summary>Games over some rows.</summary>
    /// <param name="scorer">What scores rows.</param>
    /// <param name="players">The players; elements of inputs that belong to none keep their values.</param>
    /// <param name="rows">The rows, one game each.</param>
    /// <param name="baselines">Baselines, at least one: inputs by name, one row for all games or one for each.</param>
    /// <exception cref="AssayException">Input: an element belongs to two players, or rows and baselines do not fit.</exception>
    public ReplacedInputGames(
        IScorer scorer,
        IReadOnlyList<FeatureSlot> players,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyList<IReadOnlyDictionary<string, TensorData>> baselines
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(players.Count, nameof(players));
        ArgumentOutOfRangeException.ThrowIfZero(baselines.Count, nameof(baselines));
        (this.scorer, this.rows, Players) = (scorer, rows, players.Count);
        Count = RowsOfInputs.Count(rows, "rows");
        played =
        [
            .. FeatureSlot
                .Owners(players)
                .GroupBy(o => o.Key.Input)
                .Select(g => (g.Key, g.Select(o => (o.Key.Element, o.Value)).ToArray())),
        ];
        foreach (var (input, elements) in played)
            RequireElements(input, elements, players);
        this.baselines = [.. baselines.Select(Fitting)];
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int Players { get; }

    /// <inheritdoc/>
    public int EvaluationsPerCoalition => baselines.Length;

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        for (var from = 0; from < game.Length; from += Part)
        {
            var count = Math.Min(Part, game.Length - from);
            var games = game.Slice(from, count);
            var part = values.Slice(from, count);
            part.Clear();
            foreach (var baseline in baselines)
            {
                var mixed = batch.Take(rows, games, count);
                foreach (var (input, elements) in played)
                    Replace(mixed[input], baseline[input], games, elements, coalitions, from);
                var scores = scorer.Score(mixed);
                for (var i = 0; i < count; i++)
                    part[i] += scores[i] / baselines.Length;
            }
        }
    }

    private static void Replace(
        TensorData mixed,
        TensorData baseline,
        ReadOnlySpan<int> games,
        (int Element, int Player)[] elements,
        Coalitions coalitions,
        int from
    )
    {
        switch (mixed.Values)
        {
            case float[] v:
                Replace(v, (float[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            case double[] v:
                Replace(v, (double[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            case long[] v:
                Replace(v, (long[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            case int[] v:
                Replace(v, (int[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            case bool[] v:
                Replace(v, (bool[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            case string[] v:
                Replace(v, (string[])baseline.Values, baseline.Dims[0] == 1, games, elements, coalitions, from);
                break;
            default:
                throw AssayException.Input(
                    $"Inputs of type {ElementTypes.Name(mixed.Type)} cannot be replaced; explain by gradients, or export the model with float or int64 inputs."
                );
        }
    }

    private static void Replace<T>(
        T[] mixed,
        T[] baseline,
        bool isShared,
        ReadOnlySpan<int> games,
        (int Element, int Player)[] elements,
        Coalitions coalitions,
        int from
    )
    {
        var width = mixed.Length / games.Length;
        for (var i = 0; i < games.Length; i++)
        {
            var other = isShared ? 0 : games[i] * width;
            foreach (var (element, player) in elements)
                if (!coalitions[from + i, player])
                    mixed[i * width + element] = baseline[other + element];
        }
    }

    private void RequireElements(string input, (int Element, int Player)[] elements, IReadOnlyList<FeatureSlot> players)
    {
        if (!rows.TryGetValue(input, out var tensor))
            throw AssayException.Input(
                $"Feature '{players[elements[0].Player].Name}' reads input '{input}', which the rows do not have; they have {string.Join(", ", rows.Keys)}."
            );
        var width = tensor.Count / Count;
        foreach (var (element, player) in elements)
            if (element < 0 || element >= width)
                throw AssayException.Input(
                    $"Feature '{players[player].Name}' reads element {element} of input '{input}', but a row of it has {width}."
                );
    }

    private Dictionary<string, TensorData> Fitting(IReadOnlyDictionary<string, TensorData> baseline)
    {
        var result = new Dictionary<string, TensorData>();
        foreach (var (input, _) in played)
        {
            if (!baseline.TryGetValue(input, out var given))
                throw AssayException.Input($"The baseline lacks input '{input}'; give one row of every input.");
            var own = rows[input];
            if ((given.Dims[0] != 1 && given.Dims[0] != Count) || given.Count / given.Dims[0] != own.Count / Count)
                throw AssayException.Input(
                    $"The baseline of input '{input}' is {given}, which does not fit rows {own}; give one row for all, or one for each."
                );
            result[input] = given.Cast(own.Type);
        }
        return result;
    }
}
