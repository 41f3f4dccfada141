using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies;

/// <summary>
/// The operators of a cross. Its table T is read through each feature by itself, as t(a) · h(b): the row of T that a looks
/// up, and the one-hot row that b looks up. A lookup by the number of the pair would give the same, but belong to no
/// feature, so that no gradient method could attribute it. Numbers are compared with the edges of their bins.
/// </summary>
internal sealed class CrossEffect(Emitter emit, CrossCoding a, CrossCoding b, int firstRow)
{
    /// <summary>Whether T is a product's matrix instead of a lookup's table: no side has ids.</summary>
    private bool IsProduct => !a.Feature.Entry.HasIds && !b.Feature.Entry.HasIds;

    /// <summary>Whether the second feature looks up the rows of T, as the first has no ids.</summary>
    private bool IsTurned => !a.Feature.Entry.HasIds && b.Feature.Entry.HasIds;

    /// <summary>The table [levels, levels] from the effect of each cell, the second feature's levels running faster.</summary>
    public TensorData Table(double[]? effects)
    {
        var (rows, columns) = IsTurned ? (b.Levels, a.Levels) : (a.Levels, b.Levels);
        var before = IsProduct ? 0 : firstRow;
        var table = new float[(before + rows) * columns];
        for (var i = 0; effects is not null && i < a.Levels; i++)
        for (var j = 0; j < b.Levels; j++)
            table[IsTurned ? (before + j) * columns + i : (before + i) * columns + j] = (float)
                effects[i * b.Levels + j];
        return TensorData.From(table, before + rows, columns);
    }

    /// <summary>The effect of each row [rows, 1], given the name of the table.</summary>
    public string Emit(string table)
    {
        var (first, second) = IsTurned ? (b, a) : (a, b);
        var read = IsProduct ? emit.MatMul(OneHot(first), table) : LookUp(table, second.Levels, first, firstRow);
        return emit.ReduceSum(emit.Mul(read, OneHot(second)), [1], keepDims: true);
    }

    // [rows, levels], one 1 a row.
    private string OneHot(CrossCoding coding)
    {
        if (!coding.Feature.Entry.HasIds)
            return Bins(coding);
        var identity = new float[coding.Levels * coding.Levels];
        for (var k = 0; k < coding.Levels; k++)
            identity[k * coding.Levels + k] = 1;
        return LookUp(emit.Constant(TensorData.From(identity, coding.Levels, coding.Levels)), coding.Levels, coding, 0);
    }

    private string LookUp(string table, int width, CrossCoding coding, int offset)
    {
        long[] rows = [.. coding.LevelOfId.Select(l => l + offset)];
        var level = emit.Node("Gather", [emit.Constant(TensorData.From(rows, rows.Length)), Ids(coding)], ("axis", 0L));
        return emit.Reshape(emit.Node("Gather", [table, level], ("axis", 0L)), -1, width);
    }

    private string Ids(CrossCoding coding) =>
        coding.Feature.Input.Type is DataType.Int64 or DataType.Int32
            ? Value(coding)
            : emit.Cast(Value(coding), DataType.Int64);

    // Reached the bin's lower edge, less reached the upper one; the last bin has none. Not a number is in the last, as everywhere.
    private string Bins(CrossCoding coding)
    {
        var value = Value(coding);
        var number = coding.Feature.Input.Type == DataType.Float ? value : emit.Cast(value, DataType.Float);
        float[] low = [float.NegativeInfinity, .. coding.Edges];
        float[] high = [.. coding.Edges, 0];
        float[] bounded = [.. coding.Edges.Select(_ => 1f), 0];
        var below = emit.Mul(Reached(number, high), emit.Constant(TensorData.From(bounded, 1, bounded.Length)));
        return emit.Sub(Reached(number, low), below);
    }

    private string Reached(string number, float[] edges) =>
        emit.Cast(
            emit.Node("Not", [emit.Node("Less", [number, emit.Constant(TensorData.From(edges, 1, edges.Length))])]),
            DataType.Float
        );

    // [rows, 1].
    private string Value(CrossCoding coding)
    {
        var input = coding.Feature.Input;
        var flat =
            input.RowDims.Count == 0
                ? emit.Reshape(input.Name, -1, 1)
                : emit.Node("Flatten", [input.Name], ("axis", 1L));
        return emit.Node("Gather", [flat, emit.Int64s(coding.Feature.Elements[0])], ("axis", 1L));
    }
}
