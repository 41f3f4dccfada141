using Assay.Statistics;

namespace Assay.Campaign;

/// <summary>How often one estimand of one feature was held by its interval, over the draws of all families.</summary>
internal sealed class Cell
{
    private double deviations;
    private double squares;
    private int exact;

    /// <summary>Draws whose interval exists.</summary>
    public int Draws { get; private set; }

    /// <summary>Draws without an interval.</summary>
    public int Undefined { get; private set; }
    public int Held { get; private set; }

    /// <summary>Intervals of length 0 beside the truth: nothing happened to change in the draw.</summary>
    public int Empty { get; private set; }
    public int RowDraws { get; private set; }
    public int RowHeld { get; private set; }

    public double Coverage => (double)Held / Draws;
    public double RowCoverage => (double)RowHeld / RowDraws;

    /// <summary>Mean distance from the truth in standard errors.</summary>
    public double Bias => deviations / Draws;

    /// <summary>Spread of that distance: 1 where standard errors are right, above it where they are too small.</summary>
    public double Spread => Math.Sqrt(Math.Max(0, squares / Draws - Bias * Bias));

    /// <summary>Whether every interval was the truth itself: there is nothing to be uncertain of.</summary>
    public bool IsExact => Draws > 0 && exact == Draws;

    /// <summary>Whether the coverage lies outside 93 to 97 %.</summary>
    public bool IsOutside => Draws > 0 && !IsExact && Coverage is < 0.93 or > 0.97;

    public void Add(Line estimate, double truth)
    {
        if (double.IsNaN(estimate.Low) || double.IsNaN(estimate.High))
        {
            Undefined++;
            return;
        }
        Draws++;
        exact += estimate.Low == truth && estimate.High == truth ? 1 : 0;
        Empty += estimate.Low == estimate.High && estimate.Low != truth ? 1 : 0;
        Held += new Interval(estimate.Low, estimate.High).Contains(truth) ? 1 : 0;
        if (!double.IsNaN(estimate.RowError))
        {
            RowDraws++;
            RowHeld += Intervals.Normal(estimate.Value, estimate.RowError).Contains(truth) ? 1 : 0;
        }
        if (!(estimate.Error > 0))
            return;
        var distance = (estimate.Value - truth) / estimate.Error;
        deviations += distance;
        squares += distance * distance;
    }
}
