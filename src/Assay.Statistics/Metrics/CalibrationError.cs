namespace Assay.Statistics;

/// <summary>
/// The rows of one bin of predictions: their weight, mean prediction and mean label (NaN when empty).
/// </summary>
public readonly record struct CalibrationBin(double Weight, double MeanPrediction, double MeanLabel);

/// <summary>
/// How far probabilities are from frequencies. The expected calibration error is Σ (W_b / W) |mean prediction − mean
/// label| over bins (Naeini et al. 2015; Guo et al. 2017). It is biased upwards, the more the more bins: compare models
/// with the same bins only; equal-mass bins are the steadier (Nixon et al. 2019).
/// </summary>
public static class CalibrationError
{
    /// <summary>The error over bins of equal width in [0, 1].</summary>
    /// <exception cref="ArgumentException">The lengths differ, a probability is outside [0, 1] or a weight
    /// negative.</exception>
    public static double EqualWidth(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        int bins = 15,
        ReadOnlySpan<double> weights = default
    ) => Of(EqualWidthBins(probabilities, labels, bins, weights));

    /// <summary>The error over bins of equal weight; rows of equal probability share a bin.</summary>
    /// <exception cref="ArgumentException">The lengths differ, a probability is outside [0, 1] or a weight
    /// negative.</exception>
    public static double EqualMass(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        int bins = 15,
        ReadOnlySpan<double> weights = default
    ) => Of(EqualMassBins(probabilities, labels, bins, weights));

    /// <summary>
    /// Calibration in the large: mean prediction − mean label, positive when the model promises too much.
    /// </summary>
    public static double InTheLarge(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights = default
    )
    {
        CheckRows(probabilities, labels, 1, weights);
        double sum = 0,
            total = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight * (probabilities[i] - labels[i]);
            total += weight;
        }
        return sum / total;
    }

    /// <summary>The reliability curve over bins of equal width.</summary>
    public static CalibrationBin[] EqualWidthBins(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        int bins,
        ReadOnlySpan<double> weights = default
    )
    {
        CheckRows(probabilities, labels, bins, weights);
        var sums = new BinSums(bins);
        for (var i = 0; i < labels.Length; i++)
        {
            var bin = Math.Min(bins - 1, (int)(probabilities[i] * bins));
            sums.Add(bin, probabilities[i], labels[i], weights.IsEmpty ? 1 : weights[i]);
        }
        return sums.Bins();
    }

    /// <summary>The reliability curve over bins of equal weight.</summary>
    public static CalibrationBin[] EqualMassBins(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        int bins,
        ReadOnlySpan<double> weights = default
    )
    {
        CheckRows(probabilities, labels, bins, weights);
        var order = ScoreOrder.Ascending(probabilities);
        var total = weights.IsEmpty ? labels.Length : System.Numerics.Tensors.TensorPrimitives.Sum(weights);
        var sums = new BinSums(bins);
        var before = 0.0;
        for (var start = 0; start < order.Length; )
        {
            var end = ScoreOrder.EndOfTies(probabilities, order, start);
            var tied = 0.0;
            for (var i = start; i < end; i++)
                tied += weights.IsEmpty ? 1 : weights[order[i]];
            // Ties go where the middle of their weight falls, so the order within ties cannot matter.
            var bin = Math.Min(bins - 1, (int)((before + tied / 2) / total * bins));
            for (var i = start; i < end; i++)
            {
                var row = order[i];
                sums.Add(bin, probabilities[row], labels[row], weights.IsEmpty ? 1 : weights[row]);
            }
            before += tied;
            start = end;
        }
        return sums.Bins();
    }

    private static double Of(CalibrationBin[] bins)
    {
        double sum = 0,
            total = 0;
        foreach (var bin in bins)
        {
            if (bin.Weight == 0)
                continue;
            sum += bin.Weight * Math.Abs(bin.MeanPrediction - bin.MeanLabel);
            total += bin.Weight;
        }
        return sum / total;
    }

    private static void CheckRows(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> labels,
        int bins,
        ReadOnlySpan<double> weights
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        Check.Length(labels.Length, probabilities.Length);
        Check.Weights(weights, labels.Length);
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
                throw new ArgumentException($"The probability of row {i} is {probabilities[i]}, not in 0 .. 1.");
        }
    }

    private readonly struct BinSums(int bins)
    {
        private readonly double[] _weight = new double[bins];
        private readonly double[] _prediction = new double[bins];
        private readonly double[] _label = new double[bins];

        public void Add(int bin, double prediction, double label, double weight)
        {
            _weight[bin] += weight;
            _prediction[bin] += weight * prediction;
            _label[bin] += weight * label;
        }

        public CalibrationBin[] Bins()
        {
            var bins = new CalibrationBin[_weight.Length];
            for (var i = 0; i < bins.Length; i++)
                bins[i] = new CalibrationBin(_weight[i], _prediction[i] / _weight[i], _label[i] / _weight[i]);
            return bins;
        }
    }
}
