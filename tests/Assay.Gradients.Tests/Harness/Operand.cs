using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>
/// An input of the operator under test: a variable to differentiate (drawn from a domain that keeps clear of kinks), a
/// constant initialiser, a tensor fed at run time, or nothing.
/// </summary>
internal sealed record Operand(long[] Dims, TensorData? Value = null, bool IsFed = false)
{
    public static readonly Operand Omitted = new([]);

    public double Low { get; init; } = -2;

    public double High { get; init; } = 2;

    public double[] Kinks { get; init; } = [];

    /// <summary>The type that the variable is cast to before the operator reads it: no gradient flows from there.</summary>
    public DataType? Becomes { get; init; }

    /// <summary>Whether only the operator's subgraphs read it, by its name x0, x1, ….</summary>
    public bool IsCaptured { get; init; }

    public Operand Captured => this with { IsCaptured = true };

    public bool IsOmitted => ReferenceEquals(this, Omitted);

    public bool IsVariable => Value is null && !IsOmitted;

    public static Operand X(params long[] dims) => new(dims);

    /// <summary>A variable, cast to another type.</summary>
    public static Operand Cast(DataType type, params long[] dims) =>
        new Operand(dims) { Becomes = type }.Within(2.1, 2.9);

    public static Operand Constant(TensorData value) => new(value.Dims, value);

    public static Operand Constant(params long[] values) => Constant(TensorData.Int64s(values));

    public static Operand Scalar(double value) => Constant(TensorData.Scalar(value));

    public static Operand Fed(TensorData value) => new(value.Dims, value, IsFed: true);

    public static Operand Fed(params long[] values) => Fed(TensorData.Int64s(values));

    public Operand Within(double low, double high) => this with { Low = low, High = high };

    public Operand AwayFrom(params double[] kinks) => this with { Kinks = kinks };

    public TensorData Draw(CounterRandom random)
    {
        const double clear = 0.05;
        var values = new double[Dims.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            do values[i] = Low + (High - Low) * random.NextDouble();
            while (Kinks.Any(k => Math.Abs(values[i] - k) < clear));
        return TensorData.From(values, Dims);
    }
}
