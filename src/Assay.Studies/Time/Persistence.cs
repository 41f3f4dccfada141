using Assay.Statistics;

namespace Assay.Studies;

/// <summary>How a feature's importance stands over all periods and segments.</summary>
internal enum Standing
{
    /// <summary>Beyond 0 in each of them.</summary>
    Persistent,

    /// <summary>Beyond 0 in some, negligible in others.</summary>
    Passing,

    /// <summary>Neither shown.</summary>
    Open,
}

/// <summary>
/// The smallest importance of a feature over cells (periods and segments that are shown). That it is above 0 in every cell is
/// tested by intersection and union: the p-value is the largest of the cells' one-sided ones, which is a valid level whatever
/// the cells share (Berger 1982, "Multiparameter hypothesis testing and acceptance sampling").
/// </summary>
internal sealed class Persistence
{
    private const double Level = 0.05;

    private Persistence(IReadOnlyList<Estimate> cells) => Cells = cells;

    public IReadOnlyList<Estimate> Cells { get; }

    /// <summary>The cell in which it is smallest.</summary>
    public Estimate Weakest { get; private init; } = null!;

    /// <summary>The largest of the one-sided p-values.</summary>
    public double PValue { get; private init; }

    /// <summary>The smallest of the cells' lower ends (97.5 % one-sided): a valid lower bound of the smallest importance.</summary>
    public double Low { get; private init; }

    /// <summary>The smallest of the cells' upper ends, each at 1 − 2.5 % / cells: a valid upper bound.</summary>
    public double High { get; private init; }

    /// <summary>Cells in which it is negligible: the upper end, corrected for the number of cells, is below the margin.</summary>
    public IReadOnlyList<Estimate> Negligible { get; private init; } = [];

    /// <summary>The cells of one feature by one estimand; null without cells or where one of them has no error.</summary>
    public static Persistence? Of(IReadOnlyList<Estimate> cells, double margin)
    {
        if (cells.Count == 0 || cells.Any(c => double.IsNaN(c.StandardError) || c.Draws < 2))
            return null;
        // Exactly nothing in every replicate: certain, and not above 0.
        double Above(Estimate e) =>
            e.StandardError == 0 ? (e.Value > 0 ? 0 : 1)
            : PValues.FromT(e.Value / e.StandardError, e.Draws - 1) / 2 is var half && e.Value > 0 ? half
            : 1 - half;
        double End(Estimate e, double level, bool upper)
        {
            if (e.StandardError == 0)
                return e.Value;
            var interval = Intervals.StudentT(e.Value, e.StandardError, e.Draws - 1, level);
            return upper ? interval.High : interval.Low;
        }
        var corrected = 1 - Level / cells.Count;
        return new(cells)
        {
            Weakest = cells.MinBy(c => c.Value)!,
            PValue = cells.Max(Above),
            Low = cells.Min(c => End(c, 1 - Level, false)),
            High = cells.Min(c => End(c, corrected, true)),
            Negligible = [.. cells.Where(c => End(c, corrected, true) < margin)],
        };
    }

    /// <summary>Told from the adjusted p-value of the whole and those of the cells.</summary>
    public Standing Standing(double adjusted) =>
        adjusted < Level ? Studies.Standing.Persistent
        : Negligible.Count > 0 && Cells.Any(Matters) ? Studies.Standing.Passing
        : Studies.Standing.Open;

    /// <summary>Whether the feature matters in a cell, adjusted within the dimension.</summary>
    public static bool Matters(Estimate cell) => cell is { Value: > 0, PAdjusted: < Level };
}
