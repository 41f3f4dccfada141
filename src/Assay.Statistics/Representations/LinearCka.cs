using System.Numerics.Tensors;

namespace Assay.Statistics;

/// <summary>
/// Centred kernel alignment of two representations of the same rows (Kornblith et al. 2019, arXiv 1905.00414) with linear
/// kernels and the unbiased HSIC (Song et al. 2012, JMLR 13, equation 5), so that two representations of many dimensions
/// are not alike by chance (Murphy, Zylberberg and Fyshe 2024, arXiv 2405.01012).
/// </summary>
public sealed class LinearCka
{
    private readonly double[] columns;
    private readonly double[] diagonal;
    private readonly double[] sums;
    private readonly int rows;
    private readonly int width;

    private LinearCka(double[] values, int rows, int width)
    {
        (this.rows, this.width) = (rows, width);
        columns = Centred(values, rows, width);
        diagonal = new double[rows];
        var total = new double[width];
        for (var c = 0; c < width; c++)
        {
            var column = columns.AsSpan(c * rows, rows);
            total[c] = TensorPrimitives.Sum(column);
            for (var r = 0; r < rows; r++)
                diagonal[r] += column[r] * column[r];
        }
        // Row sums of the Gram matrix without its diagonal.
        sums = new double[rows];
        for (var c = 0; c < width; c++)
            TensorPrimitives.MultiplyAdd(columns.AsSpan(c * rows, rows), total[c], sums, sums);
        TensorPrimitives.Subtract(sums, diagonal, sums);
        Own = Hsic(this, this);
    }

    private double Own { get; }

    /// <summary>Prepares a representation.</summary>
    /// <param name="values">Rows × width, row-major.</param>
    /// <param name="rows">Number of rows, at least 4.</param>
    public static LinearCka Of(double[] values, int rows)
    {
        if (rows < 4 || values.Length % rows != 0)
            throw new ArgumentException(
                $"CKA needs at least 4 rows of equal width, not {values.Length} values in {rows}."
            );
        return new LinearCka(values, rows, values.Length / rows);
    }

    /// <summary>
    /// The similarity to another representation of the same rows: 1 for the same up to rotation, shift and scale, about 0
    /// for unrelated ones (it may be a little below). NaN where one of them does not vary.
    /// </summary>
    public double With(LinearCka other)
    {
        if (other.rows != rows)
            throw new ArgumentException($"Representations of {rows} and {other.rows} rows cannot be compared.");
        return Own > 0 && other.Own > 0 ? Hsic(this, other) / Math.Sqrt(Own * other.Own) : double.NaN;
    }

    // ‖XᵀY‖² is the trace of the product of the Gram matrices, from which the diagonals are taken off.
    private static double Hsic(LinearCka x, LinearCka y)
    {
        double n = x.rows,
            trace = -TensorPrimitives.Dot<double>(x.diagonal, y.diagonal);
        for (var i = 0; i < x.width; i++)
        for (var j = 0; j < y.width; j++)
        {
            var product = TensorPrimitives.Dot(
                x.columns.AsSpan(i * x.rows, x.rows),
                y.columns.AsSpan(j * x.rows, x.rows)
            );
            trace += product * product;
        }
        var total = TensorPrimitives.Sum<double>(x.sums) * TensorPrimitives.Sum<double>(y.sums);
        var inner = TensorPrimitives.Dot<double>(x.sums, y.sums);
        return (trace + total / ((n - 1) * (n - 2)) - 2 / (n - 2) * inner) / (n * (n - 3));
    }

    // Column by column. HSIC does not depend on a shift; taking it off keeps digits.
    private static double[] Centred(double[] values, int rows, int width)
    {
        var columns = new double[values.Length];
        for (var c = 0; c < width; c++)
        {
            var mean = 0.0;
            for (var r = 0; r < rows; r++)
                mean += values[r * width + c];
            mean /= rows;
            for (var r = 0; r < rows; r++)
                columns[c * rows + r] = values[r * width + c] - mean;
        }
        return columns;
    }
}
