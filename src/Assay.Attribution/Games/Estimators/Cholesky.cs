using System.Numerics.Tensors;

namespace Assay.Attribution.Games;

/// <summary>A = LLᵀ of a symmetric, positive definite matrix given by its lower triangle, row by row; L takes its place.</summary>
internal static class Cholesky
{
    // Rows that are finished together, so that the rows above are read once for all of them.
    private const int Block = 16;

    /// <summary>Replaces A by L. A pivot that rounding left without a sign is taken as tiny.</summary>
    public static void Decompose(Span<double> a, int size)
    {
        for (var first = 0; first < size; first += Block)
        {
            var end = Math.Min(size, first + Block);
            for (var j = 0; j < end; j++)
            {
                var other = a.Slice(j * size, j + 1);
                for (var i = Math.Max(first, j); i < end; i++)
                {
                    var row = a.Slice(i * size, j + 1);
                    var rest = row[j] - TensorPrimitives.Dot<double>(row[..j], other[..j]);
                    row[j] = i == j ? Math.Sqrt(Math.Max(rest, 1e-300)) : rest / other[j];
                }
            }
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

    /// <summary>Solves LLᵀX = B for many columns at once, B being row-major and X taking its place.</summary>
    public static void SolveMany(ReadOnlySpan<double> l, int size, Span<double> b, int columns)
    {
        for (var i = 0; i < size; i++)
        {
            var row = b.Slice(i * columns, columns);
            for (var j = 0; j < i; j++)
                TensorPrimitives.MultiplyAdd(b.Slice(j * columns, columns), -l[i * size + j], row, row);
            TensorPrimitives.Divide(row, l[i * size + i], row);
        }
        for (var i = size - 1; i >= 0; i--)
        {
            var row = b.Slice(i * columns, columns);
            TensorPrimitives.Divide(row, l[i * size + i], row);
            for (var j = 0; j < i; j++)
            {
                var above = b.Slice(j * columns, columns);
                TensorPrimitives.MultiplyAdd(row, -l[i * size + j], above, above);
            }
        }
    }

    /// <summary>The diagonal of A⁻¹: the squares in each column of L⁻¹, summed.</summary>
    public static double[] InverseDiagonal(ReadOnlySpan<double> l, int size)
    {
        var result = new double[size];
        var column = new double[size];
        for (var k = 0; k < size; k++)
        {
            column[k] = 1 / l[k * size + k];
            for (var i = k + 1; i < size; i++)
                column[i] =
                    -TensorPrimitives.Dot<double>(l[(i * size + k)..(i * size + i)], column.AsSpan(k, i - k))
                    / l[i * size + i];
            result[k] = TensorPrimitives.SumOfSquares<double>(column.AsSpan(k));
        }
        return result;
    }
}
