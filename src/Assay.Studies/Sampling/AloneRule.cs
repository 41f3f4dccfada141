namespace Assay.Studies;

/// <summary>
/// What keys say of the label: the log odds of their smoothed rates beyond those of all rows, summed over the columns of
/// keys. Fitted on rows of other folds than the row that it scores, so a key that no other fold has says nothing.
/// </summary>
internal sealed class AloneRule
{
    private readonly SmoothedRates[] rates;
    private readonly double[] baseRates;

    /// <param name="columns">Columns of keys of the rows it is fitted on.</param>
    /// <param name="labels">Their labels.</param>
    /// <param name="folds">Their folds.</param>
    public AloneRule(ulong[][] columns, double[] labels, int[] folds)
    {
        rates = [.. columns.Select(c => new SmoothedRates(c, labels, folds))];
        baseRates = [.. Enumerable.Range(-1, SmoothedRates.Folds + 1).Select(f => BaseRate(labels, folds, f))];
    }

    /// <summary>The rule's scores.</summary>
    /// <param name="columns">Columns of keys of the rows to score.</param>
    /// <param name="folds">The fold of each that was not to be seen; null: all were.</param>
    public double[] Score(ulong[][] columns, int[]? folds)
    {
        var scores = new double[columns[0].Length];
        for (var i = 0; i < scores.Length; i++)
        {
            var without = folds?[i] ?? -1;
            var prior = BaseRate(without);
            for (var c = 0; c < columns.Length; c++)
                scores[i] += LogOdds(rates[c].Rate(columns[c][i], prior, without)) - LogOdds(prior);
        }
        return scores;
    }

    /// <summary>The rate of all rows outside a fold (−1: of all).</summary>
    public double BaseRate(int without) => baseRates[without + 1];

    public static double LogOdds(double p) => Math.Log(p / (1 - p));

    private static double BaseRate(double[] labels, int[] folds, int without)
    {
        int rows = 0,
            positives = 0;
        for (var i = 0; i < labels.Length; i++)
            if (folds[i] != without)
            {
                rows++;
                positives += labels[i] > 0.5 ? 1 : 0;
            }
        return (positives + 0.5) / (rows + 1);
    }
}
