namespace Assay.Worlds.Truth;

/// <summary>A feature's value in one row.</summary>
internal readonly struct Cell(WorldColumn column, int row)
{
    /// <summary>The number, missing values replaced.</summary>
    public double Number => column.Number(row);

    /// <summary>The position of a categorical value among its labels; −1 for padding or unknown.</summary>
    public int Label => Math.Max(column.Id(row) - WorldFeature.FirstLabel, -1);

    /// <summary>The ids of a sequence.</summary>
    public ReadOnlySpan<int> Sequence => column.Sequence(row);
}

/// <summary>One summand of the true logit, a function of at most three features.</summary>
internal sealed class Term
{
    private readonly Func<Cell[], double> value;

    public Term(string name, string[] features, Func<Cell[], double> value)
    {
        Name = name;
        Features = [.. features.Select(WorldFeatures.IndexOf)];
        this.value = value;
    }

    public string Name { get; }

    /// <summary>The positions of its features among all.</summary>
    public int[] Features { get; }

    /// <summary>The same, so many times as strong.</summary>
    public Term Times(double factor) =>
        factor == 1 ? this : new(Name, [.. Features.Select(f => WorldFeatures.All[f].Name)], c => factor * value(c));

    /// <summary>The term's value with its s-th feature read from <paramref name="rows"/>[s].</summary>
    public double Value(ReadOnlySpan<WorldRow> rows)
    {
        var cells = new Cell[Features.Length];
        for (var s = 0; s < cells.Length; s++)
            cells[s] = new Cell(rows[s].Table.Columns[Features[s]], rows[s].Index);
        return value(cells);
    }

    /// <summary>The term's value in one row.</summary>
    public double Value(WorldRow row)
    {
        WorldRow[] rows = new WorldRow[Features.Length];
        Array.Fill(rows, row);
        return Value(rows);
    }
}
