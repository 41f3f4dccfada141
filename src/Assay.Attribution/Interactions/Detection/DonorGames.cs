using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Interactions;

/// <summary>Games in which absent players have the values of another row, each game its own.</summary>
internal sealed class DonorGames : IGames
{
    private const int Part = 4096;

    private readonly ExplainedModel model;
    private readonly IReadOnlyDictionary<string, TensorData> rows;
    private readonly IReadOnlyDictionary<string, TensorData> donors;
    private readonly Dictionary<string, int[]> playerOf;

    /// <summary>Games of rows against as many donors; the model must be opened to replace inputs.</summary>
    public DonorGames(
        ExplainedModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors
    )
    {
        (this.model, this.rows, this.donors) = (model, model.Feeds(rows), model.Feeds(donors));
        Count = RowsOfInputs.Count(rows, "rows");
        playerOf = this.rows.ToDictionary(r => r.Key, r => Players(r.Key, r.Value.Count / Count));

        int[] Players(string input, int width)
        {
            var result = new int[width];
            Array.Fill(result, -1);
            for (var p = 0; p < model.Features.Count; p++)
                foreach (var element in model.Features[p].Elements.Where(e => e.Input == input))
                    result[element.Element] = p;
            return result;
        }
    }

    public int Count { get; }

    int IGames.Players => model.Features.Count;

    public int EvaluationsPerCoalition => 1;

    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        var batch = new RowBatch();
        for (var from = 0; from < game.Length; from += Part)
        {
            var count = Math.Min(Part, game.Length - from);
            var mixed = batch.Take(rows, game.Slice(from, count), count);
            foreach (var (input, tensor) in mixed)
            {
                var players = playerOf[input];
                switch (tensor.Values)
                {
                    case float[] own:
                        Mix(own, (float[])donors[input].Values, game, coalitions, from, players);
                        break;
                    case long[] own:
                        Mix(own, (long[])donors[input].Values, game, coalitions, from, players);
                        break;
                    case var own:
                        MixAny(own, donors[input].Values, game, coalitions, from, players);
                        break;
                }
            }
            model.Score(mixed).CopyTo(values[from..]);
        }
    }

    private static void Mix<T>(
        T[] own,
        T[] other,
        ReadOnlySpan<int> game,
        Coalitions coalitions,
        int from,
        int[] players
    )
    {
        for (var i = 0; i < own.Length / players.Length; i++)
        for (var e = 0; e < players.Length; e++)
            if (players[e] >= 0 && !coalitions[from + i, players[e]])
                own[i * players.Length + e] = other[game[from + i] * players.Length + e];
    }

    private static void MixAny(
        Array own,
        Array other,
        ReadOnlySpan<int> game,
        Coalitions coalitions,
        int from,
        int[] players
    )
    {
        for (var i = 0; i < own.Length / players.Length; i++)
        for (var e = 0; e < players.Length; e++)
            if (players[e] >= 0 && !coalitions[from + i, players[e]])
                Array.Copy(other, game[from + i] * players.Length + e, own, i * players.Length + e, 1);
    }
}
