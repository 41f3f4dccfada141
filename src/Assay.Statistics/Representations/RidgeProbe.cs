using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Assay.Statistics;

/// <summary>
/// Ridge regression of any number of targets on one representation, its columns standardised: one eigendecomposition
/// serves all targets and all penalties, of which generalised cross-validation picks one per target (Golub, Heath and
/// Wahba 1979).
/// </summary>
public sealed class RidgeProbe
{
    private static readonly double[] Penalties = [.. Enumerable.Range(0, 17).Select(i => Math.Pow(10, -5 + i / 2.0))];
    private readonly double[] means;
    private readonly double[] scales;
    private readonly double[] standardised;
    private readonly double[] eigenvalues;
    private readonly Matrix<double> vectors;
    private readonly int rows;
    private readonly int[] used;
    private readonly int width;

    private RidgeProbe(double[] values, int rows, int width)
    {
        (this.rows, this.width) = (rows, width);
        (means, scales) = (new double[width], new double[width]);
        for (var c = 0; c < width; c++)
        {
            var moments = new WeightedMoments();
            for (var r = 0; r < rows; r++)
                moments = moments.Add(values[r * width + c]);
            (means[c], scales[c]) = (moments.Mean, Math.Sqrt(moments.PopulationVariance));
        }
        // A unit that does not vary says nothing.
        used = [.. Enumerable.Range(0, width).Where(c => scales[c] > 1e-9 * (1e-30 + Math.Abs(means[c])))];
        standardised = new double[used.Length * rows];
        for (var i = 0; i < used.Length; i++)
        for (var r = 0; r < rows; r++)
            standardised[i * rows + r] = (values[r * width + used[i]] - means[used[i]]) / scales[used[i]];
        if (used.Length == 0)
        {
            (eigenvalues, vectors) = ([], Matrix<double>.Build.Dense(1, 1));
            return;
        }
        var gram = Matrix<double>.Build.Dense(used.Length, used.Length);
        for (var i = 0; i < used.Length; i++)
        for (var j = i; j < used.Length; j++)
            gram[i, j] = gram[j, i] = TensorPrimitives.Dot<double>(Column(i), Column(j)) / rows;
        var decomposition = gram.Evd(Symmetricity.Symmetric);
        eigenvalues = [.. decomposition.EigenValues.Select(e => Math.Max(0, e.Real))];
        vectors = decomposition.EigenVectors;
    }

    /// <summary>Prepares a representation.</summary>
    /// <param name="values">Rows × width, row-major.</param>
    /// <param name="rows">Number of rows, at least 2.</param>
    public static RidgeProbe Of(double[] values, int rows)
    {
        if (rows < 2 || values.Length % rows != 0)
            throw new ArgumentException(
                $"A probe needs at least 2 rows of equal width, not {values.Length} values in {rows}."
            );
        return new RidgeProbe(values, rows, values.Length / rows);
    }

    /// <summary>Fits one target.</summary>
    /// <param name="target">One number per row.</param>
    /// <param name="penalty">λ, added to the eigenvalues of the correlation matrix; null to choose.</param>
    public LinearProbe Fit(double[] target, double? penalty = null)
    {
        Check.Length(target.Length, rows);
        var mean = TensorPrimitives.Sum<double>(target) / rows;
        var centred = Array.ConvertAll(target, t => t - mean);
        var total = TensorPrimitives.Dot<double>(centred, centred) / rows;
        var products = new double[used.Length];
        for (var i = 0; i < used.Length; i++)
            products[i] = TensorPrimitives.Dot<double>(Column(i), centred) / rows;
        var along =
            used.Length == 0 ? [] : vectors.TransposeThisAndMultiply(Vector<double>.Build.Dense(products)).ToArray();
        var chosen = penalty ?? Penalties.MinBy(p => Gcv(along, total, p));
        var coefficients = new double[width];
        if (used.Length > 0)
        {
            var scaled = Vector<double>.Build.Dense([.. along.Select((c, i) => c / (eigenvalues[i] + chosen))]);
            var standard = vectors.Multiply(scaled);
            for (var i = 0; i < used.Length; i++)
                coefficients[used[i]] = standard[i] / scales[used[i]];
        }
        var intercept = mean - TensorPrimitives.Dot<double>(coefficients, means);
        return new LinearProbe(coefficients, intercept, chosen);
    }

    private double Gcv(double[] along, double total, double penalty)
    {
        double residual = total,
            freedom = 1;
        for (var i = 0; i < along.Length; i++)
        {
            var shrunk = eigenvalues[i] + penalty;
            residual -= along[i] * along[i] * (eigenvalues[i] + 2 * penalty) / (shrunk * shrunk);
            freedom += eigenvalues[i] / shrunk;
        }
        var left = 1 - freedom / rows;
        return left <= 0 ? double.PositiveInfinity : residual / (left * left);
    }

    private ReadOnlySpan<double> Column(int i) => standardised.AsSpan(i * rows, rows);
}

/// <summary>A fitted linear function of a representation.</summary>
/// <param name="Coefficients">One per column.</param>
/// <param name="Intercept">What is added.</param>
/// <param name="Penalty">The penalty used.</param>
public sealed record LinearProbe(double[] Coefficients, double Intercept, double Penalty)
{
    /// <summary>Values for rows of a representation, row-major.</summary>
    public double[] Predict(double[] values)
    {
        var width = Coefficients.Length;
        var result = new double[values.Length / Math.Max(1, width)];
        for (var r = 0; r < result.Length; r++)
            result[r] = Intercept + TensorPrimitives.Dot<double>(values.AsSpan(r * width, width), Coefficients);
        return result;
    }
}
