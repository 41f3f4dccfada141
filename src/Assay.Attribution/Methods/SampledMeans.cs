namespace Assay.Attribution.Methods;

/// <summary>
/// Means of draws, row by row, until each row is precise enough or its draws are spent. A row sees the same draws whatever the
/// company, so its numbers do not depend on it.
/// </summary>
internal sealed class SampledMeans
{
    // Draws between two looks at the error, and rows taken together: their product bounds the memory.
    private const int Round = 16;
    private const int Part = 64;

    // Below so many a standard error says nothing.
    private const int Fewest = 8;

    private readonly int columns;
    private readonly int features;
    private readonly int? population;
    private readonly double[] squares;

    private SampledMeans(int rows, int columns, int features, int? population)
    {
        (this.columns, this.features, this.population) = (columns, features, population);
        Means = new double[rows * columns];
        squares = new double[rows * columns];
        Draws = new int[rows];
    }

    /// <summary>Values of some rows for the draws <paramref name="from"/> to <paramref name="to"/>: row by row, draw by draw, all columns.</summary>
    public delegate double[] Evaluate(int[] rows, int from, int to);

    /// <summary>Rows × columns.</summary>
    public double[] Means { get; }

    /// <summary>How many draws each row took.</summary>
    public int[] Draws { get; }

    /// <summary>Draws until the largest standard error of a row is at most the precision, or there are no more draws.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Values of a row's draw.</param>
    /// <param name="features">How many of them, the first, are attributions, whose precision counts.</param>
    /// <param name="draws">The most draws.</param>
    /// <param name="precision">Largest standard error as a share of the row's largest |mean|; null for all draws.</param>
    /// <param name="population">
    /// Where draws are taken without replacement: how many there are, by which the standard error is corrected.
    /// </param>
    /// <param name="evaluate">Makes the values.</param>
    public static SampledMeans Of(
        int rows,
        int columns,
        int features,
        int draws,
        double? precision,
        int? population,
        Evaluate evaluate
    )
    {
        var means = new SampledMeans(rows, columns, features, population);
        foreach (var part in Enumerable.Range(0, rows).Chunk(Part))
        {
            var open = part;
            for (var from = 0; from < draws && open.Length > 0; from += Round)
            {
                var to = Math.Min(draws, from + Round);
                means.Add(open, to - from, evaluate(open, from, to));
                open = precision is { } share ? [.. open.Where(r => !means.IsPrecise(r, share))] : open;
            }
        }
        return means;
    }

    /// <summary>Standard errors of the attributions, rows × features; NaN where the draws are too few to tell.</summary>
    public double[] Errors() =>
        [.. Enumerable.Range(0, Draws.Length).SelectMany(r => Enumerable.Range(0, features).Select(f => Error(r, f)))];

    /// <summary>The means of the attributions, rows × features.</summary>
    public double[] Attributions() =>
        [.. Enumerable.Range(0, Draws.Length).SelectMany(r => Means.Skip(r * columns).Take(features))];

    /// <summary>One of the other columns, for each row.</summary>
    public double[] Column(int column) =>
        [.. Enumerable.Range(0, Draws.Length).Select(r => Means[r * columns + column])];

    // Welford 1962: exact where all draws agree.
    private void Add(int[] rows, int count, double[] values)
    {
        for (var i = 0; i < rows.Length; i++)
        for (var d = 0; d < count; d++)
        {
            var n = ++Draws[rows[i]];
            for (var c = 0; c < columns; c++)
            {
                var (at, value) = (rows[i] * columns + c, values[(i * count + d) * columns + c]);
                var before = value - Means[at];
                Means[at] += before / n;
                squares[at] += before * (value - Means[at]);
            }
        }
    }

    private double Error(int row, int column)
    {
        var n = Draws[row];
        if (n == population)
            return 0;
        if (n < Fewest)
            return double.NaN;
        var remaining = population is { } all ? 1 - (double)n / all : 1;
        return Math.Sqrt(squares[row * columns + column] / (n - 1) / n * remaining);
    }

    private bool IsPrecise(int row, double share)
    {
        double largest = 0,
            error = 0;
        for (var f = 0; f < features; f++)
        {
            largest = Math.Max(largest, Math.Abs(Means[row * columns + f]));
            error = Math.Max(error, Error(row, f));
        }
        return error <= share * largest;
    }
}
