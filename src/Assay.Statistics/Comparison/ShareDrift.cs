using MathNet.Numerics;

namespace Assay.Statistics;

/// <summary>
/// Two histograms of rows that come in clusters, compared: the population stability index less what noise adds to it, with
/// an interval, and a test of "the same distribution". With shares p and q, d = q − p, middle m = (p + q)/2 and V the
/// covariance of d over clusters scaled by 1/√m: the index is Σ d²/m to third order, so that without drift its expectation
/// is tr V, and Σ d²/m ÷ tr V is F with df = (tr V)²/tr V² and df·ν degrees of freedom. Sources: Rao and Scott 1981 and 1984
/// (first- and second-order correction of the χ² test under cluster sampling), Thomas and Rao 1987 (the F form).
/// </summary>
public sealed record ShareDrift
{
    private ShareDrift() { }

    /// <summary>The population stability index; an empty bin has the share of half an effective row.</summary>
    public double Index { get; private init; }

    /// <summary>What the index is expected to be without drift: tr V.</summary>
    public double Noise { get; private init; }

    /// <summary>The index less the noise, at least 0.</summary>
    public double Value => Math.Max(0, Index - Noise);

    /// <summary>
    /// The linearised cluster standard error of the index, less what noise adds to its square, and at least that of an index
    /// without drift, √(2 tr V²).
    /// </summary>
    public double StandardError { get; private init; }

    /// <summary>The 95 % interval, Student's t, cut off at 0.</summary>
    public Interval Interval { get; private init; }

    /// <summary>The p-value of "the same distribution"; NaN with fewer than two clusters on a side.</summary>
    public double PValue { get; private init; }

    /// <summary>Compares them.</summary>
    /// <param name="expected">Rows of each cluster and bin on the one side, clusters × bins; 0 where a cluster has none.</param>
    /// <param name="actual">The same clusters on the other side. A cluster with rows on both sides counts as dependent.</param>
    /// <param name="bins">Number of bins.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, a number is negative or a side is empty.</exception>
    public static ShareDrift Of(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        Check.Length(actual.Length, expected.Length);
        Check.Length(expected.Length % bins, 0);
        var (e, a) = (new Side(expected, bins), new Side(actual, bins));
        var covariance = new Covariance(e, a, bins);
        covariance.Add(expected, actual);
        var (p, q) = (covariance.Floored(e, covariance.OfExpected), covariance.Floored(a, covariance.OfActual));
        var index = Drift.PopulationStabilityIndex(p, q);
        var degrees = covariance.Degrees;
        var squares = covariance.Squares;
        var error = Math.Sqrt(Math.Max(2 * squares, Linear(expected, actual, (e, p), (a, q), bins) - 2 * squares));
        var interval = Intervals.StudentT(index - covariance.Trace, error, degrees);
        return new ShareDrift
        {
            Index = index,
            Noise = covariance.Trace,
            StandardError = error,
            Interval = interval.IsDefined ? new(Math.Max(0, interval.Low), Math.Max(0, interval.High)) : interval,
            PValue = covariance.PValue,
        };
    }

    // The variance of the index to first order, from what each cluster adds to it.
    private static double Linear(
        ReadOnlySpan<double> expected,
        ReadOnlySpan<double> actual,
        (Side Side, double[] Shares) e,
        (Side Side, double[] Shares) a,
        int bins
    )
    {
        var (slopeE, slopeA) = (new double[bins], new double[bins]);
        for (var k = 0; k < bins; k++)
        {
            if (e.Shares[k] == 0)
                continue;
            var (p, q) = (e.Shares[k], a.Shares[k]);
            slopeE[k] = Math.Log(p / q) + 1 - q / p;
            slopeA[k] = Math.Log(q / p) + 1 - p / q;
        }
        var sum = 0.0;
        for (var at = 0; at < expected.Length; at += bins)
        {
            var (rowsE, rowsA) = (Total(expected.Slice(at, bins)), Total(actual.Slice(at, bins)));
            var influence = 0.0;
            for (var k = 0; k < bins; k++)
                influence +=
                    slopeE[k] * e.Side.Influence(expected[at + k], rowsE, k)
                    + slopeA[k] * a.Side.Influence(actual[at + k], rowsA, k);
            sum += influence * influence;
        }
        return sum;
    }

    private static double Total(ReadOnlySpan<double> values) => System.Numerics.Tensors.TensorPrimitives.Sum(values);

    /// <summary>The shares of one side, and how many clusters they are of.</summary>
    private sealed class Side
    {
        private readonly double rows;
        private readonly double factor;

        public Side(ReadOnlySpan<double> counts, int bins)
        {
            Check.Weights(counts, counts.Length);
            Shares = new double[bins];
            for (var at = 0; at < counts.Length; at += bins)
            {
                var own = counts.Slice(at, bins);
                Clusters += Total(own) > 0 ? 1 : 0;
                System.Numerics.Tensors.TensorPrimitives.Add(Shares, own, Shares);
            }
            rows = Total(Shares);
            if (!(rows > 0))
                throw new ArgumentException("A side without rows has no shares.");
            System.Numerics.Tensors.TensorPrimitives.Divide(Shares, rows, Shares);
            factor = Clusters > 1 ? Math.Sqrt(Clusters / (Clusters - 1.0)) / rows : double.NaN;
        }

        public double[] Shares { get; }
        public int Clusters { get; }

        /// <summary>What a cluster adds to the share of a bin, scaled so that squares sum to its variance.</summary>
        public double Influence(double inBin, double ofCluster, int bin) =>
            ofCluster == 0 ? 0 : factor * (inBin - Shares[bin] * ofCluster);
    }

    /// <summary>The covariance of the difference of shares over clusters, scaled.</summary>
    private sealed class Covariance(Side e, Side a, int bins)
    {
        private const double Rounding = 1e-20;
        private readonly double[] matrix = new double[bins * bins];
        private readonly double[] middle = [.. e.Shares.Zip(a.Shares, (p, q) => (p + q) / 2)];

        public double OfExpected { get; private set; }
        public double OfActual { get; private set; }
        public double Trace { get; private set; }

        /// <summary>tr V² without the bias that the noise of V gives it, as if V were Wishart.</summary>
        public double Squares { get; private set; }

        /// <summary>Degrees of freedom of V: of both sides, by Welch and Satterthwaite.</summary>
        public double Degrees { get; private set; }

        public double PValue
        {
            get
            {
                var statistic = 0.0;
                for (var k = 0; k < bins; k++)
                    if (middle[k] > 0)
                        statistic += Squared(a.Shares[k] - e.Shares[k]) / middle[k];
                if (double.IsNaN(Trace) || !(Degrees >= 1))
                    return double.NaN;
                // Clusters that have the same rows on both sides leave rounding errors only.
                if (statistic < Rounding)
                    return 1;
                if (Trace < Rounding)
                    return 0;
                var df = Trace * Trace / Squares;
                var below = df * Degrees;
                return SpecialFunctions.BetaRegularized(below / 2, df / 2, below / (below + df * statistic / Trace));
            }
        }

        public void Add(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
        {
            var scale = Array.ConvertAll(middle, m => m > 0 ? 1 / Math.Sqrt(m) : 0);
            var u = new double[bins];
            for (var at = 0; at < expected.Length; at += bins)
            {
                var (rowsE, rowsA) = (Total(expected.Slice(at, bins)), Total(actual.Slice(at, bins)));
                if (rowsE == 0 && rowsA == 0)
                    continue;
                for (var k = 0; k < bins; k++)
                {
                    var ofE = scale[k] * e.Influence(expected[at + k], rowsE, k);
                    var ofA = scale[k] * a.Influence(actual[at + k], rowsA, k);
                    OfExpected += ofE * ofE;
                    OfActual += ofA * ofA;
                    u[k] = ofA - ofE;
                }
                for (var k = 0; k < bins; k++)
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(
                        u,
                        u[k],
                        matrix.AsSpan(k * bins, bins),
                        matrix.AsSpan(k * bins, bins)
                    );
            }
            for (var k = 0; k < bins; k++)
                Trace += matrix[k * bins + k];
            var (least, most) = (Math.Min(e.Clusters, a.Clusters) - 1, e.Clusters + a.Clusters - 2);
            var welch =
                Squared(OfExpected + OfActual)
                / (Squared(OfExpected) / (e.Clusters - 1) + Squared(OfActual) / (a.Clusters - 1));
            Degrees =
                least < 1 ? double.NaN
                : OfExpected + OfActual == 0 ? most
                : Math.Clamp(welch, least, most);
            var raw = System.Numerics.Tensors.TensorPrimitives.SumOfSquares(matrix);
            var steady = Squared(Degrees) / ((Degrees - 1) * (Degrees + 2)) * (raw - Squared(Trace) / Degrees);
            // Between that of one direction and that of all directions alike.
            Squares = Degrees > 1 ? Math.Clamp(steady, Squared(Trace) / Directions, Squared(Trace)) : Squared(Trace);
        }

        /// <summary>Shares of which none that the other side has is below half an effective row.</summary>
        public double[] Floored(Side side, double variance)
        {
            // Without clusters, shares of n rows have tr V = (bins − 1)/n: this is how many rows clustered ones are worth.
            var rows = variance > 0 ? Directions / variance : double.PositiveInfinity;
            var least = Math.Max(Drift.LeastShare, 0.5 / rows);
            return [.. side.Shares.Select((s, k) => middle[k] > 0 ? Math.Max(s, Math.Min(least, middle[k])) : 0)];
        }

        private int Directions => Math.Max(1, middle.Count(m => m > 0) - 1);

        private static double Squared(double x) => x * x;
    }
}
