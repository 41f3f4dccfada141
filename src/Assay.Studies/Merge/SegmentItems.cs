using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// The second kind of clusters in a segment: which items its rows have, and which pairs of user and item. Turns estimates that draw other
/// users into such that draw other users and other items.
/// </summary>
internal sealed class SegmentItems
{
    private readonly ClusterBootstrap bootstrap;
    private readonly int[] users;
    private readonly int[] items;
    private readonly int[] chosen;
    private readonly int[] pairs;
    private readonly int pairCount;
    private readonly int userCount;

    /// <param name="second">Those of the split.</param>
    /// <param name="rows">Rows of the segment, ascending, so that a user's are adjacent.</param>
    /// <param name="users">For each of them the user's place in the segment.</param>
    public SegmentItems(SecondClusters second, int[] rows, int[] users)
    {
        (bootstrap, this.users) = (second.Bootstrap, users);
        userCount = users.Length == 0 ? 0 : users[^1] + 1;
        chosen = [.. rows.Select(r => second.OfRow[r]).Distinct().Order()];
        var places = chosen.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        items = Array.ConvertAll(rows, r => places[second.OfRow[r]]);
        pairs = new int[rows.Length];
        var own = new Dictionary<int, int>();
        for (var i = 0; i < rows.Length; i++)
        {
            if (i > 0 && users[i] != users[i - 1])
                own.Clear();
            if (!own.TryGetValue(items[i], out pairs[i]))
                own[items[i]] = pairs[i] = pairCount++;
        }
    }

    /// <summary>Numbers of its items in the split, ascending.</summary>
    public int[] Items => chosen;

    /// <summary>The estimate's error by users, items and pairs.</summary>
    /// <param name="byRow">What each row adds to the estimate to first order.</param>
    public TwoWayError Error(double[] byRow) =>
        TwoWayError.Of(Sums(byRow, users, userCount), Sums(byRow, items, chosen.Length), Sums(byRow, pairs, pairCount));

    /// <summary>
    /// Replicates that draw items as well: to those of users comes Σ (w_item − 1) u_item to first order, and the deviations of both together are
    /// scaled to the variance of <see cref="TwoWayError"/>, since drawing both counts what is of a pair alone twice.
    /// </summary>
    /// <param name="value">The estimate.</param>
    /// <param name="replicates">Of users alone.</param>
    /// <param name="byRow">What each row adds to it to first order; sums to 0.</param>
    public Bootstrapped Drawn(double value, double[] replicates, double[] byRow)
    {
        var error = Error(byRow);
        var ofItems = Sums(byRow, items, chosen.Length);
        var scale = Scale(byRow, error);
        var drawn = new double[replicates.Length];
        bootstrap.Sums(chosen, ofItems, drawn);
        var mean = ofItems.Sum();
        for (var r = 0; r < drawn.Length; r++)
            drawn[r] = value + scale * (replicates[r] - value + drawn[r] - mean);
        return new(value, drawn, error.DegreesOfFreedom);
    }

    /// <summary>
    /// The covariance of several estimates' errors: as of replicates drawn in this way, so never indefinite.
    /// </summary>
    public double[,] Covariance(double[][] byRow)
    {
        var ofUsers = Array.ConvertAll(byRow, u => Sums(u, users, userCount));
        var ofItems = Array.ConvertAll(byRow, u => Sums(u, items, chosen.Length));
        var scales = Array.ConvertAll(byRow, u => Scale(u, Error(u)));
        var covariance = new double[byRow.Length, byRow.Length];
        for (var i = 0; i < byRow.Length; i++)
        for (var j = 0; j < byRow.Length; j++)
            covariance[i, j] =
                scales[i]
                * scales[j]
                * (
                    System.Numerics.Tensors.TensorPrimitives.Dot<double>(ofUsers[i], ofUsers[j])
                    + System.Numerics.Tensors.TensorPrimitives.Dot<double>(ofItems[i], ofItems[j])
                );
        return covariance;
    }

    private double Scale(double[] byRow, TwoWayError error)
    {
        var squares = Squares(Sums(byRow, users, userCount)) + Squares(Sums(byRow, items, chosen.Length));
        return squares == 0 ? 1 : Math.Sqrt(error.Variance / squares);
    }

    private static double Squares(double[] values) =>
        System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(values);

    private static double[] Sums(double[] byRow, int[] groups, int count)
    {
        var sums = new double[count];
        for (var i = 0; i < byRow.Length; i++)
            sums[groups[i]] += byRow[i];
        return sums;
    }
}
