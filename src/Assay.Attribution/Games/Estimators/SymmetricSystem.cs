using System.Numerics.Tensors;

namespace Assay.Attribution.Games;

/// <summary>
/// Weighted least squares among vectors that sum to 0, by Cholesky's decomposition of the normal equations. Directions that
/// no observation settles get 0.
/// </summary>
internal sealed class SymmetricSystem(int size)
{
    private const double Ridge = 1e-11;
    private readonly double[] matrix = new double[size * size];
    private readonly double[] right = new double[size];

    /// <summary>The solution, after <see cref="Solve"/>.</summary>
    public double[] Solution { get; } = new double[size];

    /// <summary>Adds an observation; <paramref name="row"/> sums to 0.</summary>
    public void Add(ReadOnlySpan<double> row, double weight, double value)
    {
        for (var i = 0; i < size; i++)
        {
            var target = matrix.AsSpan(i * size, i + 1);
            TensorPrimitives.MultiplyAdd(row[..(i + 1)], weight * row[i], target, target);
            right[i] += weight * row[i] * value;
        }
    }

    /// <summary>Solves the system.</summary>
    public void Solve()
    {
        var trace = 0.0;
        for (var i = 0; i < size; i++)
            trace += matrix[i * size + i] / size;
        // The direction in which no row varies is given the size of the others.
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
                matrix[i * size + j] += trace / size;
            matrix[i * size + i] += Ridge * trace + double.Epsilon;
        }
        Cholesky.Decompose(matrix, size);
        right.CopyTo(Solution, 0);
        Cholesky.Solve(matrix, size, Solution);
    }

    /// <summary>The inverse of the system's matrix times a vector.</summary>
    public void Apply(ReadOnlySpan<double> vector, Span<double> result)
    {
        vector.CopyTo(result);
        Cholesky.Solve(matrix, size, result);
    }
}
