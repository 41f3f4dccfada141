namespace Assay.Statistics;

/// <summary>How many dimensions a representation really uses.</summary>
public static class EffectiveDimension
{
    /// <summary>
    /// The participation ratio (Σλ)² / Σλ² of the eigenvalues λ of the covariance: d where d directions vary alike, 1 where
    /// all lies on a line; 0 where nothing varies. Taken of the traces, without the eigenvalues.
    /// </summary>
    /// <param name="values">Rows × width, row-major.</param>
    /// <param name="rows">Number of rows, at least 2.</param>
    public static double ParticipationRatio(double[] values, int rows)
    {
        if (rows < 2 || values.Length % rows != 0)
            throw new ArgumentException(
                $"A covariance needs at least 2 rows of equal width, not {values.Length} values in {rows}."
            );
        var width = values.Length / rows;
        var centred = new double[width][];
        for (var c = 0; c < width; c++)
        {
            centred[c] = new double[rows];
            for (var r = 0; r < rows; r++)
                centred[c][r] = values[r * width + c];
            var mean = centred[c].Sum() / rows;
            for (var r = 0; r < rows; r++)
                centred[c][r] -= mean;
        }
        double trace = 0,
            squares = 0;
        for (var i = 0; i < width; i++)
        for (var j = i; j < width; j++)
        {
            var covariance = System.Numerics.Tensors.TensorPrimitives.Dot<double>(centred[i], centred[j]);
            squares += (i == j ? 1 : 2) * covariance * covariance;
            if (i == j)
                trace += covariance;
        }
        return squares > 0 ? trace * trace / squares : 0;
    }
}
