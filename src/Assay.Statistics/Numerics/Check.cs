using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Assay.Statistics;

/// <summary>The argument checks the statistics share; each message says what is wrong and, of a row, which.</summary>
internal static class Check
{
    public static void Length(int actual, int expected, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} is {actual}, but {expected} are needed.");
    }

    /// <summary>Weights are absent (empty, all ones) or one for each row, finite and not negative.</summary>
    public static void Weights(ReadOnlySpan<double> weights, int rows)
    {
        if (weights.IsEmpty)
            return;
        Length(weights.Length, rows);
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException(
                    $"The weight of row {i} is {weights[i]}; weights are finite and at least 0."
                );
        }
    }

    /// <summary>Rows may be infinite but not NaN: a NaN has no place in an order.</summary>
    public static void Ordered(ReadOnlySpan<double> values, string what)
    {
        // A sum is NaN if a value is (or if both infinities occur): only then look closer.
        if (!double.IsNaN(TensorPrimitives.Sum(values)))
            return;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i]))
                throw new ArgumentException($"The {what} of row {i} is not a number.");
        }
    }

    public static void Level(double level)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1.");
    }
}
