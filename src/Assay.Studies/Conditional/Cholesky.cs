namespace Assay.Studies;

/// <summary>The factor of a symmetric positive definite matrix, to solve with.</summary>
internal sealed class Cholesky
{
    private readonly double[,] factor;
    private readonly int size;

    /// <summary>Factors scale · matrix + ridge · identity.</summary>
    public Cholesky(double[,] matrix, double scale, double ridge)
    {
        size = matrix.GetLength(0);
        factor = new double[size, size];
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
        {
            var sum = scale * matrix[i, j] + (i == j ? ridge : 0);
            for (var k = 0; k < j; k++)
                sum -= factor[i, k] * factor[j, k];
            factor[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / factor[j, j];
        }
    }

    /// <summary>The solution for a right-hand side.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        var x = right.ToArray();
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= factor[i, k] * x[k];
            x[i] /= factor[i, i];
        }
        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
                x[i] -= factor[k, i] * x[k];
            x[i] /= factor[i, i];
        }
        return x;
    }
}
