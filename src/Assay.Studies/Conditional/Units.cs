namespace Assay.Studies;

/// <summary>The units of a level in a split, numbered as they first appear.</summary>
internal sealed class Units
{
    private Units(int[] ofRow, int[] first) => (OfRow, First) = (ofRow, first);

    /// <summary>The unit of each row.</summary>
    public int[] OfRow { get; }

    /// <summary>The first row of each unit.</summary>
    public int[] First { get; }

    public int Count => First.Length;

    public static Units Of(PreparedReader reader, Level level)
    {
        if (level == Level.Row)
        {
            var rows = Enumerable.Range(0, reader.Split.Rows).ToArray();
            return new(rows, rows);
        }
        // Lists are numbered within the split like clusters, and rows of one are adjacent.
        var numbers = reader.ReadAll<int>(level == Level.Cluster ? PreparedColumns.Cluster : PreparedColumns.Request);
        var unit = new int[numbers.Length];
        var first = new List<int>();
        for (var r = 0; r < unit.Length; r++)
        {
            if (r == 0 || numbers[r] != numbers[r - 1])
                first.Add(r);
            unit[r] = first.Count - 1;
        }
        return new(unit, [.. first]);
    }

    /// <summary>Of a column of all rows the values at the first row of each unit.</summary>
    public double[] Take(double[] column) => Array.ConvertAll(First, r => column[r]);

    /// <summary>The mean of a column of all rows over each unit.</summary>
    public double[] Mean(double[] column)
    {
        var sums = new double[Count];
        var rows = new int[Count];
        for (var r = 0; r < column.Length; r++)
        {
            sums[OfRow[r]] += column[r];
            rows[OfRow[r]]++;
        }
        for (var u = 0; u < sums.Length; u++)
            sums[u] /= rows[u];
        return sums;
    }

    /// <summary>Donors of rows from donors of units.</summary>
    public int[] Rows(int[] donorOfUnit) => Array.ConvertAll(OfRow, u => First[donorOfUnit[u]]);
}
