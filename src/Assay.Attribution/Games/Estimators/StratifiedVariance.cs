namespace Assay.Attribution.Games;

/// <summary>The variance of a sum of independent contributions drawn from strata (Cochran 1977, 5.4), player by player.</summary>
internal sealed class StratifiedVariance(int players, int strata)
{
    private readonly double[] sums = new double[strata * players];
    private readonly double[] squares = new double[strata * players];
    private readonly int[] counts = new int[strata];
    private readonly double[] unseen = new double[strata];

    /// <summary>Adds what one pair contributed to every player, drawn so many times that the contributions are equal parts.</summary>
    public void Add(int stratum, ReadOnlySpan<double> contribution, int draws, double unseenShare)
    {
        counts[stratum] += draws;
        unseen[stratum] = unseenShare;
        for (var p = 0; p < players; p++)
        {
            sums[stratum * players + p] += contribution[p];
            squares[stratum * players + p] += contribution[p] * contribution[p] / draws;
        }
    }

    /// <summary>The square root of each player's variance.</summary>
    public double[] StandardErrors()
    {
        var result = new double[players];
        for (var s = 0; s < strata; s++)
        for (var p = 0; p < players; p++)
        {
            var (sum, square, count) = (sums[s * players + p], squares[s * players + p], counts[s]);
            // Of a single draw nothing is known but its size.
            var variance = count < 2 ? square : (square - sum * sum / count) * count / (count - 1.0);
            result[p] += unseen[s] * Math.Max(0, variance);
        }
        for (var p = 0; p < players; p++)
            result[p] = Math.Sqrt(result[p]);
        return result;
    }
}
