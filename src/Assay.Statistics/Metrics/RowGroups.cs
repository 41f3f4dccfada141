namespace Assay.Statistics;

/// <summary>Rows gathered by group (a user's, a request's), each group's rows in their given order; O(n).</summary>
public sealed class RowGroups
{
    private readonly int[] _starts;
    private readonly int[] _rows;

    /// <summary>Gathers rows by group.</summary>
    /// <param name="groupOfRow">For each row its group, 0 .. groups−1.</param>
    /// <param name="groups">How many groups there are; some may be empty.</param>
    /// <exception cref="ArgumentException">A group is out of range.</exception>
    public RowGroups(ReadOnlySpan<int> groupOfRow, int groups)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(groups);
        _starts = new int[groups + 1];
        _rows = new int[groupOfRow.Length];
        for (var row = 0; row < groupOfRow.Length; row++)
        {
            if ((uint)groupOfRow[row] >= (uint)groups)
                throw new ArgumentException($"The group of row {row} is {groupOfRow[row]}, not in 0 .. {groups - 1}.");
            _starts[groupOfRow[row] + 1]++;
        }
        for (var group = 0; group < groups; group++)
        {
            // Until it is summed up, an entry holds the size of the group before.
            Largest = Math.Max(Largest, _starts[group + 1]);
            _starts[group + 1] += _starts[group];
        }
        var next = _starts.AsSpan(0, groups).ToArray();
        for (var row = 0; row < groupOfRow.Length; row++)
            _rows[next[groupOfRow[row]]++] = row;
    }

    /// <summary>The number of groups.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>The number of rows in all groups.</summary>
    public int RowCount => _rows.Length;

    /// <summary>The rows of a group, ascending.</summary>
    public ReadOnlySpan<int> this[int group] => _rows.AsSpan(_starts[group].._starts[group + 1]);

    /// <summary>The size of the largest group; 0 without groups.</summary>
    public int Largest { get; }

    /// <summary>
    /// Copies the values of a group's rows to the front of <paramref name="target"/> and returns that part.
    /// </summary>
    internal Span<double> Take(ReadOnlySpan<double> values, int group, Span<double> target)
    {
        var rows = this[group];
        for (var i = 0; i < rows.Length; i++)
            target[i] = values[rows[i]];
        return target[..rows.Length];
    }
}
