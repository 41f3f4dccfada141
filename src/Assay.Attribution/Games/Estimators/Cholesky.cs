using System.Numerics.Tensors;

namespace Assay.Attribution.Games;

/// <summary>A = LLᵀ of a symmetric, positive definite matrix given by its lower triangle, row by row; L takes its place.</summary>
internal static class Cholesky
{
    /// <summary>Replaces A by L. A pivot that rounding left without a sign is taken as tiny.</summary>
    public static void Decompose(Span<double> a, int size)
    {
        for (var i = 0; i < size; i++)
        {
            var row = a.Slice(i * size, i + 1);
            for (var j = 0; j < i; j++)
            {
                var other = a.Slice(j * size, j + 1);
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], other[..j])) / other[j];
            }
            var pivot = row[i] - TensorPrimitives.SumOfSquares<double>(row[..i]);
            row[i] = Math.Sqrt(Math.Max(pivot, 1e-300));
        }
    }

    /// <summary>Solves LLᵀx = b, x taking the place of b.</summary>
    public static void Solve(ReadOnlySpan<double> l, int size, Span<double> b)
    {
        for (var i = 0; i < size; i++)
            b[i] = (b[i] - TensorPrimitives.Dot(l.Slice(i * size, i), b[..i])) / l[i * size + i];
        for (var i = size - 1; i >= 0; i--)
        {
            b[i] /= l[i * size + i];
            var rest = b[..i];
            TensorPrimitives.MultiplyAdd(l.Slice(i * size, i), -b[i], rest, rest);
        }
    }
}
