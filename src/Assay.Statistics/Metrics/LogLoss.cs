namespace Assay.Statistics;

/// <summary>The mean negative log-likelihood of labels under logits: log(1 + e^z) − y z, in nats.</summary>
public static class LogLoss
{
    /// <summary>The loss of one row; stable for logits of any size. The label may be soft, in [0, 1].</summary>
    public static double OfLogit(double logit, double label)
    {
        // Written by the side of the label, so that a confident right answer keeps its small loss exactly.
        var tail = Numeric.Log1P(Math.Exp(-Math.Abs(logit)));
        var miss = logit >= 0 ? (1 - label) * logit : -label * logit;
        // An infinite logit on the right side costs nothing: 0 · ∞ must not be NaN.
        return double.IsInfinity(logit) && (logit > 0 ? label == 1 : label == 0) ? 0 : miss + tail;
    }

    /// <summary>The loss of each row, into <paramref name="losses"/>.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Rows(ReadOnlySpan<double> logits, ReadOnlySpan<double> labels, Span<double> losses)
    {
        Check.Length(labels.Length, logits.Length);
        Check.Length(losses.Length, logits.Length);
        for (var i = 0; i < logits.Length; i++)
            losses[i] = OfLogit(logits[i], labels[i]);
    }

    /// <summary>The weighted mean loss; no weights means 1 each. NaN without weight.</summary>
    /// <exception cref="ArgumentException">The spans differ in length, or a weight is negative.</exception>
    public static double Of(
        ReadOnlySpan<double> logits,
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(labels.Length, logits.Length);
        Check.Weights(weights, logits.Length);
        double sum = 0,
            total = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0)
                continue;
            sum += weight * OfLogit(logits[i], labels[i]);
            total += weight;
        }
        return sum / total;
    }
}
