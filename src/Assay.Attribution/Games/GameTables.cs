using System.Numerics;
using System.Numerics.Tensors;
using Assay.Attribution.Graphs.Cheap;

namespace Assay.Attribution.Games;

/// <summary>
/// The tables of games: for each played value a row for every player, what it adds when it is present, and last what is
/// there without any.
/// </summary>
internal sealed class GameTables<T>
    where T : struct, IFloatingPointIeee754<T>
{
    // Integers that are larger are not exact in single precision.
    private static readonly T Largest = T.CreateChecked(1 << 24);

    private readonly CoalitionGraph graph;
    private readonly bool[] whole;
    private readonly T[][] constants;

    // Of each entry the elements of every player.
    private readonly Dictionary<int, int[]>[] elements;

    // For each value its pieces: in which part, at which player of it, from which column.
    private readonly (int Part, int At, int Player, int From)[][] pieces;

    public GameTables(CoalitionGraph graph)
    {
        this.graph = graph;
        whole = [.. graph.Values.Select(v => PlayGraph.HasAll(v, graph.Players))];
        constants =
        [
            .. graph.Values.Select(v => Array.ConvertAll(v.Constant ?? new double[v.Width], c => T.CreateChecked(c))),
        ];
        elements =
        [
            .. graph.Values.Select(v =>
                (v.Owners ?? [])
                    .Select((p, e) => (p, e))
                    .GroupBy(x => x.p, x => x.e)
                    .ToDictionary(g => g.Key, g => g.ToArray())
            ),
        ];
        pieces =
        [
            .. graph.Values.Select(
                (v, k) =>
                    graph
                        .Parts.SelectMany(
                            (part, n) =>
                                part
                                    .Columns.Where(c => c.Value == k)
                                    .SelectMany(c =>
                                        part.Players.Length == 0
                                            ? [(n, 0, -1, c.From)]
                                            : part.Players.Select((p, i) => (n, i, p, c.From))
                                    )
                        )
                        .Where(x => v.Owners is not null || v.Players.Contains(x.Item3))
                        .OrderBy(x => x.Item3)
                        .ToArray()
            ),
        ];
        pieceOf = [.. pieces.Select(own => own.ToDictionary(p => p.Player))];
    }

    // The same by player: each has one piece of a sum.
    private readonly Dictionary<int, (int Part, int At, int Player, int From)>[] pieceOf;

    /// <summary>Rows of a value's table.</summary>
    public int Rows(int value) =>
        1 + (whole[value] ? graph.Players : graph.Values[value].Players.Count(p => p < graph.Players));

    /// <summary>Elements of a value's table.</summary>
    public int Size(int value) => Rows(value) * graph.Values[value].Width;

    /// <summary>Elements of all tables of a game.</summary>
    public int Total => Enumerable.Range(0, graph.Values.Count).Sum(Size);

    /// <summary>The row of a player in the table of a value; negative where it has none.</summary>
    public int RowOf(int value, int player) =>
        whole[value] ? player : Array.BinarySearch(graph.Values[value].Players, player);

    /// <summary>
    /// Fills the table of a value from the parts of a row and of a baseline row. False where an element is not finite, or
    /// an integer too large: such a game must be played as whole rows.
    /// </summary>
    public bool Fill(int value, PreparedRows<T> own, int row, PreparedRows<T> other, int otherRow, Span<T> table)
    {
        var played = graph.Values[value];
        table.Clear();
        var last = table[^played.Width..];
        if (played.Owners is { } owners)
        {
            var (a, b) = (pieces[value][0], pieces[value][0]);
            return FillEntry(
                value,
                owners,
                Piece(own, a, row, played.Width),
                Piece(other, b, otherRow, played.Width),
                table
            );
        }
        constants[value].CopyTo(last);
        foreach (var piece in pieces[value])
        {
            var a = Piece(own, piece, row, played.Width);
            if (piece.Player == graph.Players)
            {
                TensorPrimitives.Add(last, a, last);
                continue;
            }
            var b = Piece(other, piece, otherRow, played.Width);
            TensorPrimitives.Add(last, b, last);
            TensorPrimitives.Subtract(a, b, table.Slice(RowOf(value, piece.Player) * played.Width, played.Width));
        }
        return T.IsFinite(TensorPrimitives.Sum<T>(table));
    }

    private bool FillEntry(int value, int[] owners, ReadOnlySpan<T> own, ReadOnlySpan<T> other, Span<T> table)
    {
        var width = owners.Length;
        var last = table[^width..];
        for (var e = 0; e < width; e++)
            if (owners[e] == graph.Players)
                last[e] = own[e];
            else
            {
                last[e] = other[e];
                table[RowOf(value, owners[e]) * width + e] = own[e] - other[e];
            }
        return T.IsFinite(TensorPrimitives.Sum<T>(table))
            && !(
                graph.Values[value].IsWhole
                && (TensorPrimitives.MaxMagnitude(own) > Largest || TensorPrimitives.MaxMagnitude(other) > Largest)
            );
    }

    /// <summary>
    /// Fills a value, [sets, width], of a row in which a set's players are the other row's; other players are the row's
    /// own. False as for <see cref="Fill"/>.
    /// </summary>
    public bool Exchange(
        int value,
        PreparedRows<T> own,
        PreparedRows<T> other,
        int row,
        IReadOnlyList<IReadOnlyList<int>> sets,
        Span<T> into
    )
    {
        var played = graph.Values[value];
        var width = played.Width;
        var first = into[..width];
        if (played.Owners is null)
        {
            constants[value].CopyTo(first);
            foreach (var piece in pieces[value])
                TensorPrimitives.Add(first, Piece(own, piece, row, width), first);
        }
        else
            Piece(own, pieces[value][0], row, width).CopyTo(first);
        for (var s = 1; s < sets.Count; s++)
            first.CopyTo(into.Slice(s * width, width));
        for (var s = 0; s < sets.Count; s++)
            foreach (var player in sets[s])
                Exchange(value, own, other, row, player, into.Slice(s * width, width));
        return T.IsFinite(TensorPrimitives.Sum<T>(into))
            && !(played.IsWhole && TensorPrimitives.MaxMagnitude<T>(into) > Largest);
    }

    private void Exchange(int value, PreparedRows<T> own, PreparedRows<T> other, int row, int player, Span<T> into)
    {
        var played = graph.Values[value];
        if (played.Owners is not null)
        {
            var donor = Piece(other, pieces[value][0], row, into.Length);
            foreach (var e in elements[value].GetValueOrDefault(player, []))
                into[e] = donor[e];
            return;
        }
        if (pieceOf[value].TryGetValue(player, out var piece))
        {
            TensorPrimitives.Subtract(into, Piece(own, piece, row, into.Length), into);
            TensorPrimitives.Add(into, Piece(other, piece, row, into.Length), into);
        }
    }

    private ReadOnlySpan<T> Piece(
        PreparedRows<T> rows,
        (int Part, int At, int Player, int From) piece,
        int row,
        int width
    ) =>
        rows.Parts[piece.Part].AsSpan((piece.At * rows.Rows + row) * graph.Parts[piece.Part].Width + piece.From, width);
}
