using Assay.Statistics;

namespace Assay.Training;

/// <summary>
/// How much more a network loses per row when it is fitted without something: mean difference between pairs of fits that
/// share seed, rows and order (leave one covariate out, Lei et al. 2018, over several seeds). Its variance has two parts:
/// that of the rows, from a bootstrap over clusters of the differences averaged over seeds, and that of the fits, from the
/// spread of the seeds' differences. The interval is Student's t with the degrees of freedom of Satterthwaite (1946).
/// It speaks of refits on the same training rows; other training rows would add to it.
/// </summary>
/// <param name="Estimate">Mean increase, in nats per row; positive where the loss is larger without.</param>
/// <param name="Interval">The two-sided interval.</param>
/// <param name="SamplingError">Standard error from the choice of test clusters.</param>
/// <param name="SeedError">Standard error from the choice of seeds.</param>
/// <param name="DegreesOfFreedom">Of the interval.</param>
/// <param name="PerSeed">Each pair's mean increase.</param>
/// <param name="Rows">Test rows.</param>
/// <param name="Clusters">Test clusters.</param>
public sealed record LossIncrease(
    double Estimate,
    Interval Interval,
    double SamplingError,
    double SeedError,
    double DegreesOfFreedom,
    IReadOnlyList<double> PerSeed,
    int Rows,
    int Clusters
)
{
    /// <summary>Fewer pairs say nothing about the spread of fits.</summary>
    public const int LeastSeeds = 3;

    /// <summary>The standard error, of both parts.</summary>
    public double StandardError => Math.Sqrt(SamplingError * SamplingError + SeedError * SeedError);

    /// <summary>Compares the losses of pairs of fits over the same test rows.</summary>
    /// <param name="with">For each seed each row's loss of the fit with everything.</param>
    /// <param name="without">For each seed, in the same order, each row's loss of the fit without.</param>
    /// <param name="clusters">Each row's cluster, from 0; empty where each row is one.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    /// <param name="replicates">How many replicates.</param>
    /// <param name="level">Of the interval.</param>
    /// <exception cref="ArgumentException">There are fewer than three pairs, or lengths do not fit.</exception>
    public static LossIncrease Of(
        IReadOnlyList<double[]> with,
        IReadOnlyList<double[]> without,
        ReadOnlySpan<int> clusters,
        ulong seed,
        int replicates = 1000,
        double level = 0.95
    )
    {
        if (with.Count < LeastSeeds || with.Count != without.Count)
            throw new ArgumentException($"{with.Count} and {without.Count} fits are not {LeastSeeds} pairs or more.");
        var rows = with[0].Length;
        if (with.Concat(without).Any(l => l.Length != rows) || (!clusters.IsEmpty && clusters.Length != rows))
            throw new ArgumentException("Losses and clusters are not of the same rows.");
        var count = clusters.IsEmpty ? rows : ClustersOf(clusters);
        var (sums, sizes) = (new double[count], new double[count]);
        var perSeed = new double[with.Count];
        for (var s = 0; s < with.Count; s++)
        for (var i = 0; i < rows; i++)
        {
            var difference = without[s][i] - with[s][i];
            perSeed[s] += difference / rows;
            sums[clusters.IsEmpty ? i : clusters[i]] += difference / with.Count;
        }
        for (var i = 0; i < rows; i++)
            sizes[clusters.IsEmpty ? i : clusters[i]]++;
        var bootstrap = new ClusterBootstrap(Keys(count), seed, replicates);
        var sampling = Intervals.BootstrapStandardError(bootstrap.Ratios(sums, sizes), count);
        var spread = SeedInterval.Of(perSeed, sampling, count, level);
        return new LossIncrease(
            perSeed.Average(),
            spread.Interval,
            sampling,
            spread.SeedError,
            spread.DegreesOfFreedom,
            perSeed,
            rows,
            count
        );
    }

    /// <summary>Whether the interval as a whole lies on one side of a margin, in nats per row.</summary>
    public DropVerdict Judge(double margin) =>
        Interval.High < margin ? DropVerdict.CanBeRetired
        : Interval.Low > margin ? DropVerdict.Needed
        : DropVerdict.Undecided;

    private static int ClustersOf(ReadOnlySpan<int> clusters)
    {
        var most = -1;
        foreach (var cluster in clusters)
            most = Math.Max(most, cluster);
        return most + 1;
    }

    private static ulong[] Keys(int count)
    {
        var keys = new ulong[count];
        for (var i = 0; i < count; i++)
            keys[i] = StableHash.Of((long)i);
        return keys;
    }
}
