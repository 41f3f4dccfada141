using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Agreement of two per-row methods, row by row, averaged over the rows: the six measures of <see
/// cref="AttributionAgreement"/> from orders found once for each row and method. Blocks are read one after the other, so memory does
/// not grow with the rows.
/// </summary>
internal sealed class RowAgreement(StudyPlan plan, SplitData data, int top)
{
    /// <summary>Their names, in the order of all results.</summary>
    public static readonly string[] Measures =
    [
        "feature",
        "rank",
        "sign",
        "signed_rank",
        "rank_correlation",
        "pairwise_rank",
    ];

    /// <summary>
    /// For each pair of methods and measure the weighted sums by cluster and their weights; with clusters of two kinds also the measure of each row (NaN: none).
    /// </summary>
    public IReadOnlyList<(int First, int Second, RatioColumns[] Measures, double[][] ByRow)> Run(
        int threads,
        CancellationToken cancel
    )
    {
        var pairs = new List<(int First, int Second)>();
        for (var a = 0; a < plan.PerRow.Count; a++)
        for (var b = a + 1; b < plan.PerRow.Count; b++)
            pairs.Add((a, b));
        var sums = pairs
            .Select(_ =>
                Measures.Select(_ => (Sum: new double[data.Split.Clusters], Weight: new double[data.Split.Clusters]))
            )
            .Select(p => p.ToArray())
            .ToArray();
        var rows = data.Second is null ? 0 : data.Split.Rows;
        var byRow = pairs.Select(_ => Measures.Select(_ => new double[rows]).ToArray()).ToArray();
        // A cluster lies in one block, so blocks add to different places.
        MapStage.Parallel(
            threads,
            data.Split.Blocks.Count,
            (i, stop) =>
            {
                stop.ThrowIfCancellationRequested();
                var block = data.Split.Blocks[i];
                var columns = Columns(block);
                for (var p = 0; p < pairs.Count; p++)
                    Add(block, columns[pairs[p].First], columns[pairs[p].Second], sums[p], byRow[p]);
            },
            cancel
        );
        return
        [
            .. pairs.Select(
                (p, i) =>
                    (p.First, p.Second, sums[i].Select(s => new RatioColumns(s.Sum, s.Weight)).ToArray(), byRow[i])
            ),
        ];
    }

    /// <summary>The measures of one row, in the order of <see cref="Measures"/>.</summary>
    internal static void Of(Ordered x, Ordered y, int top, Span<double> into)
    {
        int feature = 0,
            rank = 0,
            sign = 0,
            signedRank = 0;
        for (var r = 0; r < top; r++)
        {
            var f = x.Order[r];
            var same = Math.Sign(x.Values[f]) == Math.Sign(y.Values[f]);
            if (y.Order.AsSpan(0, top).Contains(f))
            {
                feature++;
                sign += same ? 1 : 0;
            }
            if (y.Order[r] == f)
            {
                rank++;
                signedRank += same ? 1 : 0;
            }
        }
        into[0] = (double)feature / top;
        into[1] = (double)rank / top;
        into[2] = (double)sign / top;
        into[3] = (double)signedRank / top;
        into[4] = Correlation(x.Places, y.Places);
        into[5] = Pairwise(x.Sizes, y.Sizes);
    }

    private Ordered[][] Columns(Block block)
    {
        using var reader = ColumnReader.Open(plan.AttributionPath(data.Split, block));
        var all = new Ordered[plan.PerRow.Count][];
        for (var m = 0; m < all.Length; m++)
        {
            var columns = plan
                .Features.Select(f => reader.Read<float>(0, BlockColumns.Attribution(plan, m, f.Entry.Name)))
                .ToArray();
            all[m] = new Ordered[block.Rows];
            for (var row = 0; row < block.Rows; row++)
                all[m][row] = Ordered.Of(Array.ConvertAll(columns, c => (double)c[row]));
        }
        return all;
    }

    private void Add(Block block, Ordered[] x, Ordered[] y, (double[] Sum, double[] Weight)[] sums, double[][] byRow)
    {
        Span<double> values = stackalloc double[Measures.Length];
        for (var i = 0; i < block.Rows; i++)
        {
            var row = block.Start + i;
            var cluster = data.Cluster[row];
            Of(x[i], y[i], top, values);
            for (var m = 0; m < values.Length; m++)
            {
                if (data.Second is not null)
                    byRow[m][row] = values[m];
                // A row whose sizes are all equal has no rank correlation.
                if (double.IsNaN(values[m]))
                    continue;
                sums[m].Sum[cluster] += data.Weight[row] * values[m];
                sums[m].Weight[cluster] += data.Weight[row];
            }
        }
    }

    private static double Correlation(double[] x, double[] y)
    {
        var centre = (x.Length + 1) / 2.0;
        double xy = 0,
            xx = 0,
            yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var (a, b) = (x[i] - centre, y[i] - centre);
            xy += a * b;
            xx += a * a;
            yy += b * b;
        }
        return xy / Math.Sqrt(xx * yy);
    }

    private static double Pairwise(double[] x, double[] y)
    {
        long same = 0;
        for (var i = 0; i < x.Length; i++)
        for (var j = i + 1; j < x.Length; j++)
            same += x[i].CompareTo(x[j]) == y[i].CompareTo(y[j]) ? 1 : 0;
        return same / (x.Length * (x.Length - 1L) / 2.0);
    }

    /// <summary>The attributions of a row by one method, ordered by size.</summary>
    internal sealed record Ordered(double[] Values, double[] Sizes, int[] Order, double[] Places)
    {
        public static Ordered Of(double[] values)
        {
            var sizes = Array.ConvertAll(values, Math.Abs);
            return new(values, sizes, MethodRanking.Order(sizes), RankCorrelation.MeanRanks(sizes));
        }
    }
}
