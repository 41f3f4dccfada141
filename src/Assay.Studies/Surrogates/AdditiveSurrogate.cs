namespace Assay.Studies.Surrogates;

/// <summary>The library's additive model.</summary>
internal sealed class AdditiveSurrogate : IFittedSurrogate
{
    private readonly IReadOnlyList<SurrogateColumn> columns;
    private readonly (double UpTo, double Effect)[][] shapes;

    public AdditiveSurrogate(IReadOnlyList<SurrogateColumn> columns, double[] targets, int[] fitted, int rounds)
    {
        this.columns = columns;
        shapes = LibraryTrainer.Additive(columns, targets, fitted, rounds);
        // The library's own intercept was seen four digits off where a column hardly varies.
        Intercept = fitted.Average(r => targets[r] - Predict(r));
    }

    public double Intercept { get; }

    public double Predict(int row)
    {
        var sum = Intercept;
        for (var c = 0; c < columns.Count; c++)
            sum += Effect(c, columns[c].Values[row]);
        return sum;
    }

    /// <summary>The shape functions, by how much they vary over some rows.</summary>
    public IReadOnlyList<ShapeFunction> Shapes(int[] rows) =>
        [
            .. Enumerable
                .Range(0, columns.Count)
                .Select(c => Shape(c, rows))
                .Where(s => s.Importance > 0)
                .OrderByDescending(s => s.Importance),
        ];

    private ShapeFunction Shape(int c, int[] rows)
    {
        var column = columns[c];
        var effects = rows.Select(r => Effect(c, column.Values[r])).ToArray();
        var mean = effects.Average();
        var spread = Math.Sqrt(effects.Average(e => (e - mean) * (e - mean)));
        if (column.Codes is not { } codes)
            return new(column.Feature, column.Name, spread, Joined(shapes[c]), []);
        var ids = codes.OrderBy(i => i.Key).Select(i => (i.Key, i.Value.Rows, Effect(c, i.Value.Code)));
        return new(column.Feature, column.Name, spread, [], [.. ids]);
    }

    private double Effect(int c, double value)
    {
        var shape = shapes[c];
        if (shape.Length == 0)
            return 0;
        var at = 0;
        while (at < shape.Length - 1 && (float)value > shape[at].UpTo)
            at++;
        return shape[at].Effect;
    }

    private static (double, double)[] Joined((double UpTo, double Effect)[] steps)
    {
        var joined = new List<(double UpTo, double Effect)>();
        foreach (var step in steps)
            if (joined.Count > 0 && joined[^1].Effect == step.Effect)
                joined[^1] = step;
            else
                joined.Add(step);
        if (joined.Count > 0)
            joined[^1] = (double.PositiveInfinity, joined[^1].Effect);
        return [.. joined];
    }
}
