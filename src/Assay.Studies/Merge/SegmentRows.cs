namespace Assay.Studies;

/// <summary>
/// The rows of one segment of one split, in prepared order (so a list's rows are adjacent), with what the metrics need
/// of them and the denominators that all scores share.
/// </summary>
internal sealed class SegmentRows
{
    /// <summary>Number of denominators: positive weight, negative weight, rows, list weight of GAUC, of NDCG, weight.</summary>
    public const int Denominators = 6;

    public SegmentRows(string dimension, string name, string label, SplitData data, int[] rows)
    {
        (Dimension, Name, Label, Rows) = (dimension, name, label, rows);
        Local = new int[rows.Length];
        Labels = new double[rows.Length];
        Weights = new double[rows.Length];
        var clusters = new List<int>();
        var lists = new List<int>();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (i == 0 || data.Cluster[row] != data.Cluster[rows[i - 1]])
                clusters.Add(data.Cluster[row]);
            if (i == 0 || data.Request[row] != data.Request[rows[i - 1]])
                lists.Add(i);
            Local[i] = clusters.Count - 1;
            Labels[i] = data.Label[row];
            Weights[i] = data.Weight[row];
        }
        lists.Add(rows.Length);
        Clusters = [.. clusters];
        Lists = [.. lists];
        Sums = Denominate();
        var positives = Labels.Count(l => l > 0.5);
        Items = data.Second is null ? null : new(data.Second, rows, Local);
        HasBothClasses = positives > 0 && positives < rows.Length;
    }

    public string Dimension { get; }
    public string Name { get; }
    public string Label { get; }

    /// <summary>Indices of its rows in the split, ascending.</summary>
    public int[] Rows { get; }

    /// <summary>Ordinals of its clusters, ascending.</summary>
    public int[] Clusters { get; }

    /// <summary>The second kind of clusters; null: the study has one kind.</summary>
    public SegmentItems? Items { get; }

    /// <summary>How many draws stand behind its numbers: clusters, of two kinds those of the rarer.</summary>
    public int Draws => Items is null ? Clusters.Length : Math.Min(Clusters.Length, Items.Items.Length);

    /// <summary>For each row its cluster's place in <see cref="Clusters"/>.</summary>
    public int[] Local { get; }

    /// <summary>Where each list starts among the rows, and the end.</summary>
    public int[] Lists { get; }
    public double[] Labels { get; }
    public double[] Weights { get; }
    public bool HasBothClasses { get; }

    /// <summary>Denominators by cluster, column after column.</summary>
    public double[] Sums { get; }

    /// <summary>Denominators by replicate, column after column; filled when the segment is shown.</summary>
    public double[] Replicates { get; set; } = [];

    public ReadOnlySpan<double> Denominator(int which) => Sums.AsSpan(which * Clusters.Length, Clusters.Length);

    public double Total(int which) => System.Numerics.Tensors.TensorPrimitives.Sum(Denominator(which));

    public double[] Take(double[] ofAllRows)
    {
        var taken = new double[Rows.Length];
        for (var i = 0; i < taken.Length; i++)
            taken[i] = ofAllRows[Rows[i]];
        return taken;
    }

    /// <summary>Those of its rows that a condition on their index in the split holds for.</summary>
    public SegmentRows Where(SplitData data, Func<int, bool> holds) =>
        new(Dimension, Name, Label, data, [.. Rows.Where(holds)]);

    private double[] Denominate()
    {
        var n = Clusters.Length;
        var sums = new double[Denominators * n];
        for (var i = 0; i < Rows.Length; i++)
        {
            var c = Local[i];
            sums[(Labels[i] > 0.5 ? 0 : n) + c] += Weights[i];
            sums[2 * n + c]++;
            sums[5 * n + c] += Weights[i];
        }
        for (var l = 0; l + 1 < Lists.Length; l++)
        {
            double positives = 0,
                negatives = 0;
            for (var i = Lists[l]; i < Lists[l + 1]; i++)
            {
                if (Labels[i] > 0.5)
                    positives += Weights[i];
                else
                    negatives += Weights[i];
            }
            var c = Local[Lists[l]];
            if (positives > 0 && negatives > 0)
                sums[3 * n + c] += positives + negatives;
            if (positives > 0)
                sums[4 * n + c] += ListWeight(l);
        }
        return sums;
    }

    /// <summary>A list's weight in the mean of NDCG: the mean weight of its rows, so 1 without weights.</summary>
    public double ListWeight(int list)
    {
        var sum = 0.0;
        for (var i = Lists[list]; i < Lists[list + 1]; i++)
            sum += Weights[i];
        return sum / (Lists[list + 1] - Lists[list]);
    }
}
