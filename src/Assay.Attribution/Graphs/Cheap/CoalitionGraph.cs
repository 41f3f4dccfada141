using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs.Cheap;

/// <summary>
/// A value that is put together from a table [players of the value + 1, width]: the sum of the rows of the players
/// present, and of the last row.
/// </summary>
/// <param name="Value">Its name in the model.</param>
/// <param name="Width">Elements of a row of it.</param>
/// <param name="Players">The players of the table's rows in ascending order; the number of players itself for what is always there.</param>
/// <param name="Constant">Part of the last row that is the same for all rows; null for 0.</param>
/// <param name="Owners">For an entry the player of each element; null for a value that is a sum over players.</param>
/// <param name="IsWhole">Whether elements are integers or truth values.</param>
internal sealed record PlayedValue(
    string Value,
    int Width,
    int[] Players,
    double[]? Constant,
    int[]? Owners,
    bool IsWhole
);

/// <summary>
/// Coalitions for less than a row of the model each. One graph, <see cref="Prepare"/>, looks a row up once and returns each
/// player's contribution to the values where players first meet; the other, <see cref="Play"/>, adds those of a
/// coalition's players and runs only what lies behind.
/// </summary>
internal sealed class CoalitionGraph
{
    // Whole rows also have to be copied, and moved at their points, which the count leaves out.
    private const double Worth = 1.1;

    public const string Members = "assay/coalitions";
    public const string TablePrefix = "assay/table/";
    public const string PartPrefix = "assay/part/";

    /// <summary>Of rows: <see cref="Parts"/>.</summary>
    public required OnnxModel Prepare { get; init; }

    /// <summary>The outputs of <see cref="Prepare"/>.</summary>
    public required IReadOnlyList<PreparedPart> Parts { get; init; }

    /// <summary>Of tables [rows, players + 1, width] and members [rows, coalitions, all players + 1]: the target, [rows · coalitions].</summary>
    public required OnnxModel Play { get; init; }

    /// <summary>The same of the played values themselves, [rows, width], in place of tables.</summary>
    public required Func<OnnxModel> Direct { get; init; }

    public required IReadOnlyList<PlayedValue> Values { get; init; }
    public required int Players { get; init; }
    public required DataType Type { get; init; }

    /// <summary>Whether <see cref="Prepare"/> reads <see cref="AttributionGraph.Present"/>.</summary>
    public required bool AtPoints { get; init; }

    /// <summary>Multiply-adds of a row of the model, of a coalition, and of the part of a coalition that adds contributions.</summary>
    public required (double Model, double Coalition, double Adding) Cost { get; init; }

    /// <summary>Multiply-adds in products alone: of a row of the model, and of what lies behind the front.</summary>
    public required (double Model, double Behind) Products { get; init; }

    /// <summary>The most elements that a value behind the front has in a row.</summary>
    public required int Widest { get; init; }

    /// <summary>The graphs of a model; null where players cannot be told apart, or do not meet late enough to pay.</summary>
    public static CoalitionGraph? TryBuild(MovedModel moved)
    {
        try
        {
            return Build(moved) is { } graph && graph.Cost.Coalition <= Worth * graph.Cost.Model ? graph : null;
        }
        catch (AssayException)
        {
            // What an unusual model cannot do in parts it still does as a whole.
            return null;
        }
    }

    public static CoalitionGraph? Build(MovedModel moved)
    {
        var (model, target) = (moved.Model, moved.Target);
        model.Graph.SortTopologically();
        var shapes = ShapeProbe.Measure(model);
        if (shapes.TryGet(target)?.Dims is not [{ Symbol: { } batch }])
            return null;
        if (PlayerLabels.Find(moved.Labelled, shapes, batch, moved.Sources, target) is not { } owners)
            return null;
        if (SinglePlayerCut.Find(model, shapes, owners, batch, moved.Players, target) is not var (entries, behind))
            return null;
        var known = shapes.Copy();
        var (maps, read) = PlayedValues.Choose(behind, known, entries, batch, target);
        PlayedValue[] values =
        [
            .. maps.Select(m => new PlayedValue(m.Value, m.Constant.Length, Used(m), m.Constant, null, false)),
            .. read.Select(e => new PlayedValue(
                e.Value,
                e.Width,
                [.. e.Owners.Distinct().Order()],
                null,
                e.Owners,
                !e.IsFloat
            )),
        ];
        var play = PlayGraph.Build(behind, known, values, moved, target);
        var nodes = model.Graph.Reaching([target]);
        var remaining = play
            .Graph.Nodes.Where(n => !n.Name.StartsWith(PlayGraph.Prefix, StringComparison.Ordinal))
            .ToArray();
        var adding = values.Sum(v => PlayedValues.Adding(v.Players, v.Width));
        var (prepare, parts) = PrepareGraph.Build(moved, maps, read);
        return new()
        {
            Prepare = prepare,
            Parts = parts,
            Play = play,
            Direct = () => PlayGraph.Build(behind, known, values, moved, target, direct: true),
            Values = values,
            Players = moved.Players,
            Type = moved.Type,
            AtPoints = moved.AtPoints,
            Widest = (int)remaining.SelectMany(n => n.Output).Append(target).Max(o => NodeCost.RowElements(o, known)),
            Cost = (NodeCost.Of(nodes, shapes), NodeCost.Of(remaining, known) + adding, adding),
            Products = (
                nodes.Sum(n => NodeCost.MultiplyAdds(n, shapes)),
                remaining.Sum(n => NodeCost.MultiplyAdds(n, known))
            ),
        };
    }

    // The players whose elements count.
    public static int[] Used(AffineMap map)
    {
        var owners = map.Owners;
        return [.. owners.Where((_, e) => map.Rows[e].Any(w => w != 0)).Distinct().Order()];
    }
}
