namespace Assay.Worlds.Truth;

/// <summary>How well one feature alone tells clicks apart: the training click rate of its value, numbers in twenty bins.</summary>
internal sealed class AloneScores(World world)
{
    private const int Bins = 20;
    private readonly int[] training = world.RowsOf(WorldSplit.Train);

    /// <summary>The rates as scores of the given rows; null for a sequence.</summary>
    public double[]? Of(int feature, int[] rows)
    {
        var column = world.Table.Columns[feature];
        if (column.Feature.Kind == FeatureKind.Sequence)
            return null;
        var edges = Edges(column);
        var sums = new double[Math.Max(Bins, column.Feature.VocabularySize)];
        var counts = new double[sums.Length];
        foreach (var row in training)
        {
            var bin = Bin(column, edges, row);
            sums[bin] += world.Labels[row];
            counts[bin]++;
        }
        // One row of the mean rate smooths bins that training left empty.
        var rate = sums.Sum() / counts.Sum();
        return Array.ConvertAll(rows, r => Bin(column, edges, r) is var b ? (sums[b] + rate) / (counts[b] + 1) : 0);
    }

    private float[] Edges(WorldColumn column)
    {
        if (column.Feature.Kind != FeatureKind.Numeric)
            return [];
        var sorted = Array.ConvertAll(training, column.Number);
        Array.Sort(sorted);
        return [.. Enumerable.Range(1, Bins - 1).Select(b => sorted[(int)((long)sorted.Length * b / Bins)])];
    }

    private static int Bin(WorldColumn column, float[] edges, int row)
    {
        if (edges.Length == 0)
            return column.Id(row);
        var value = column.Number(row);
        var bin = 0;
        while (bin < edges.Length && value >= edges[bin])
            bin++;
        return bin;
    }
}
