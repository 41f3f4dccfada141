using static System.Numerics.Tensors.TensorPrimitives;

namespace Assay.Studies;

/// <summary>Columns of numbers for the same units, each with mean 0 and variance 1.</summary>
internal sealed class Design
{
    internal Design(double[][] columns, int count) => (Columns, Count) = (columns, count);

    public double[][] Columns { get; }

    /// <summary>Number of units.</summary>
    public int Count { get; }

    /// <summary>Standardised columns; constant ones are dropped.</summary>
    public static Design Of(IEnumerable<double[]> columns, int count) =>
        new([.. columns.Select(Standardised).OfType<double[]>()], count);

    /// <summary>A column in place, less its mean and over its deviation; null where it does not vary.</summary>
    public static double[]? Standardised(double[] column)
    {
        var mean = Sum<double>(column) / column.Length;
        Subtract(column, mean, column);
        var deviation = Math.Sqrt(SumOfSquares<double>(column) / column.Length);
        if (!(deviation > 1e-9))
            return null;
        Divide(column, deviation, column);
        return column;
    }

    /// <summary>Some of the columns.</summary>
    public Design Only(IEnumerable<int> columns) => new([.. columns.Select(c => Columns[c])], Count);

    /// <summary>Some of the units, as they are.</summary>
    public Design Rows(int[] units) => new([.. Columns.Select(c => Array.ConvertAll(units, u => c[u]))], units.Length);

    /// <summary>Inner products of all columns with each other, [columns, columns].</summary>
    public double[,] Gram()
    {
        var d = Columns.Length;
        var gram = new double[d, d];
        for (var i = 0; i < d; i++)
        for (var j = 0; j <= i; j++)
            gram[i, j] = gram[j, i] = Dot<double>(Columns[i], Columns[j]);
        return gram;
    }

    /// <summary>Inner products of all columns with another.</summary>
    public double[] Times(ReadOnlySpan<double> other)
    {
        var products = new double[Columns.Length];
        for (var i = 0; i < products.Length; i++)
            products[i] = Dot(Columns[i], other);
        return products;
    }

    /// <summary>The inner product of two columns.</summary>
    public static double Product(double[] a, double[] b) => Dot<double>(a, b);

    /// <summary>Σ coefficient · column.</summary>
    public double[] Combine(ReadOnlySpan<double> coefficients)
    {
        var sum = new double[Count];
        for (var i = 0; i < Columns.Length; i++)
            MultiplyAdd(Columns[i], coefficients[i], sum, sum);
        return sum;
    }
}
