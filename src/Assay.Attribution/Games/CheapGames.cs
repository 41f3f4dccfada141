using System.Numerics;
using Assay.Attribution.Graphs.Cheap;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Games;

/// <summary>Values of coalitions from cached contributions of the players.</summary>
internal abstract class CheapGames
{
    // Elements of the widest value behind the front that go to ONNX Runtime at once, so that they stay in the cache, and
    // the rows that these may be.
    public const int BatchElements = 1 << 17,
        FewestRows = 64,
        MostRows = 1024;

    /// <summary>False where a game has to be played as whole rows; nothing is said of the values then.</summary>
    public abstract bool TryEvaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values);

    /// <param name="player">The graphs.</param>
    /// <param name="feeds">The rows, as they are fed.</param>
    /// <param name="count">Number of them.</param>
    /// <param name="others">Baseline rows to average over, each one for all rows or one for each; none where the graph knows them.</param>
    public static CheapGames Over(
        CoalitionPlayer player,
        IReadOnlyDictionary<string, TensorData> feeds,
        int count,
        IReadOnlyList<IReadOnlyDictionary<string, TensorData>> others
    ) =>
        player.Graph.Type == Onnx.Wire.TensorProto.Types.DataType.Double
            ? new CheapGames<double>(player, feeds, count, others)
            : new CheapGames<float>(player, feeds, count, others);
}

/// <inheritdoc cref="CheapGames"/>
internal sealed class CheapGames<T> : CheapGames
    where T : struct, IFloatingPointIeee754<T>
{
    // Games of which contributions are computed and kept together, and bytes of them kept.
    private const int Together = 64;
    private const long MostBytes = 256L << 20;

    private readonly CoalitionPlayer player;
    private readonly IReadOnlyDictionary<string, TensorData> feeds;
    private readonly int count;
    private readonly IReadOnlyList<IReadOnlyDictionary<string, TensorData>> others;
    private readonly GameTables<T> tables;
    private readonly int sides;
    private readonly Dictionary<int, T[][][]> kept = [];
    private readonly Dictionary<int, PreparedRows<T>> single = [];
    private readonly Dictionary<int, PreparedRows<T>> parts = [];
    private readonly Dictionary<(int Coalitions, int Games), Dictionary<string, TensorData>> buffers = [];

    public CheapGames(
        CoalitionPlayer player,
        IReadOnlyDictionary<string, TensorData> feeds,
        int count,
        IReadOnlyList<IReadOnlyDictionary<string, TensorData>> others
    )
    {
        (this.player, this.feeds, this.count, this.others) = (player, feeds, count, others);
        tables = new(player.Graph);
        sides = Math.Max(1, others.Count);
    }

    public override bool TryEvaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        if (game.IsEmpty)
            return true;
        var (order, start) = ByGame(game);
        var most = Enumerable.Range(0, count).Max(g => start[g + 1] - start[g]);
        var batch = Math.Clamp(BatchElements / Math.Max(1, player.Graph.Widest), FewestRows, MostRows);
        // Equally long pieces, of a multiple at which a row has the same bits wherever it stands.
        var size = RoundUp(Up(most, Up(most, batch)));
        var together = Math.Max(1, batch / size);
        var pieces = new List<(int Game, int From, int To)>();
        for (var g = 0; g < count; g++)
        for (var from = start[g]; from < start[g + 1]; from += size)
            pieces.Add((g, from, Math.Min(start[g + 1], from + size)));
        values.Clear();
        for (var p = 0; p < pieces.Count; p += together)
            if (!Play(pieces.GetRange(p, Math.Min(together, pieces.Count - p)), size, order, coalitions, values))
                return false;
        return true;
    }

    private static int Up(int count, int of) => (count + of - 1) / of;

    private static int RoundUp(int rows) => Up(rows, BatchPlan.Multiple) * BatchPlan.Multiple;

    // Numbers of the evaluations in the order of their games, and where each game's begin.
    private (int[] Order, int[] Start) ByGame(ReadOnlySpan<int> game)
    {
        var start = new int[count + 1];
        foreach (var g in game)
            start[g + 1]++;
        for (var g = 0; g < count; g++)
            start[g + 1] += start[g];
        var (order, next) = (new int[game.Length], start.AsSpan(0, count).ToArray());
        for (var i = 0; i < game.Length; i++)
            order[next[game[i]]++] = i;
        return (order, start);
    }

    private bool Play(
        List<(int Game, int From, int To)> pieces,
        int size,
        int[] order,
        Coalitions coalitions,
        Span<double> values
    )
    {
        var graph = player.Graph;
        var batch = Buffers(size, pieces.Count);
        var members = batch[CoalitionGraph.Members].Span<T>();
        members.Clear();
        var width = graph.Players + 1;
        for (var i = 0; i < pieces.Count; i++)
        {
            var rows = members.Slice(i * size * width, size * width);
            for (var c = 0; c < size; c++)
                rows[c * width + graph.Players] = T.One;
            for (var c = pieces[i].From; c < pieces[i].To; c++)
                Mark(coalitions.Of(order[c]), rows.Slice((c - pieces[i].From) * width, width));
        }
        for (var o = 0; o < sides; o++)
        {
            for (var i = 0; i < pieces.Count; i++)
                if (!Put(pieces[i].Game, o, i, pieces.Count, batch))
                    return false;
            var targets = player.Play(batch, pieces.Sum(p => p.To - p.From)).Span<T>();
            for (var i = 0; i < pieces.Count; i++)
            for (var c = pieces[i].From; c < pieces[i].To; c++)
            {
                var target = double.CreateChecked(targets[i * size + c - pieces[i].From]);
                if (double.IsNaN(target))
                    return false;
                values[order[c]] += target / sides;
            }
        }
        return true;
    }

    private static void Mark(ReadOnlySpan<ulong> words, Span<T> row)
    {
        for (var w = 0; w < words.Length; w++)
        for (var bits = words[w]; bits != 0; bits &= bits - 1)
            row[w * 64 + BitOperations.TrailingZeroCount(bits)] = T.One;
    }

    private Dictionary<string, TensorData> Buffers(int size, int games)
    {
        if (buffers.TryGetValue((size, games), out var batch))
            return batch;
        var width = player.Graph.Players + 1;
        batch = new() { [CoalitionGraph.Members] = TensorData.From(new T[games * size * width], games, size, width) };
        for (var k = 0; k < player.Graph.Values.Count; k++)
        {
            var (rows, columns) = (tables.Rows(k), player.Graph.Values[k].Width);
            batch[CoalitionGraph.TablePrefix + k] = TensorData.From(
                new T[games * rows * columns],
                games,
                rows,
                columns
            );
        }
        return buffers[(size, games)] = batch;
    }

    // Brings the tables of a game to their place in a batch.
    private bool Put(int game, int other, int at, int games, Dictionary<string, TensorData> batch)
    {
        if (sides > 1)
            return Fill(game, other, at, batch);
        if (Tables(game) is not { } own)
            return false;
        for (var k = 0; k < own.Length; k++)
        {
            var name = CoalitionGraph.TablePrefix + k;
            if (games == 1)
                batch[name] = TensorData.From(own[k], batch[name].Dims);
            else
                own[k].CopyTo(batch[name].Span<T>()[(at * own[k].Length)..]);
        }
        return true;
    }

    private bool Fill(int game, int other, int at, Dictionary<string, TensorData> batch)
    {
        var (own, baseline) = (Part(game / Together), Single(other));
        for (var k = 0; k < player.Graph.Values.Count; k++)
        {
            var size = tables.Size(k);
            var table = batch[CoalitionGraph.TablePrefix + k].Span<T>().Slice(at * size, size);
            if (!tables.Fill(k, own, game % Together, baseline, 0, table))
                return false;
        }
        return true;
    }

    // With one baseline a game's tables are made once.
    private T[][]? Tables(int game)
    {
        var number = game / Together;
        if (!kept.TryGetValue(number, out var games))
        {
            Forget();
            if ((games = Make(number)) is null)
                return null;
            kept[number] = games;
        }
        return games[game % Together];
    }

    private T[][][]? Make(int number)
    {
        var (from, to) = Range(number);
        var own = player.Prepare<T>(feeds, from, to, present: true);
        var shared = others.Count > 0 && RowsOfInputs.Count(others[0], "baseline") == 1;
        var other =
            others.Count == 0 ? player.Prepare<T>(feeds, from, to, present: false)
            : shared ? Single(0)
            : player.Prepare<T>(others[0], from, to, present: false);
        var games = new T[to - from][][];
        for (var g = 0; g < games.Length; g++)
        {
            games[g] = new T[player.Graph.Values.Count][];
            for (var k = 0; k < games[g].Length; k++)
            {
                games[g][k] = new T[tables.Size(k)];
                if (!tables.Fill(k, own, g, other, shared ? 0 : g, games[g][k]))
                    return null;
            }
        }
        return games;
    }

    private PreparedRows<T> Part(int number)
    {
        if (parts.TryGetValue(number, out var part))
            return part;
        Forget();
        var (from, to) = Range(number);
        return parts[number] = player.Prepare<T>(feeds, from, to, present: true);
    }

    private PreparedRows<T> Single(int other) =>
        single.TryGetValue(other, out var part)
            ? part
            : single[other] = player.Prepare<T>(others[other], 0, 1, present: false);

    private (int From, int To) Range(int number) => (number * Together, Math.Min(count, (number + 1) * Together));

    private void Forget()
    {
        var bytes =
            (long)(kept.Count + parts.Count + 1) * Together * tables.Total * (typeof(T) == typeof(double) ? 8 : 4);
        if (bytes <= MostBytes)
            return;
        kept.Clear();
        parts.Clear();
    }
}
