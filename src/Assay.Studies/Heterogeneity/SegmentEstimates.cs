using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The rows that say of one importance whether and how it differs between the segments of a dimension.</summary>
internal static class SegmentEstimates
{
    public const string Between = "between";
    public const string Posterior = "posterior";

    /// <summary>The test of "the same in all segments": one row, and one for I² where it is defined.</summary>
    public static IEnumerable<Estimate> Test(Reliance reliance, SegmentTest test)
    {
        var row = reliance.First.Bare(Estimands.Heterogeneity + reliance.First.Estimand) with
        {
            Segment = Between,
            SegmentLabel = "between segments",
            Value = test.Tau,
            PValue = test.PValue,
            Rows = reliance.Cells.Sum(c => c.Rows.Rows.Length),
            Clusters = reliance.Cells.SelectMany(c => c.Rows.Clusters).Distinct().Count(),
            SecondClusters = reliance.First.SecondClusters is null
                ? null
                : reliance.Cells.SelectMany(c => c.Rows.Items!.Items).Distinct().Count(),
        };
        yield return row;
        if (!double.IsNaN(test.ISquared))
            yield return row with
            {
                Estimand = Estimands.ISquared + reliance.First.Estimand,
                Value = test.ISquared,
                PValue = double.NaN,
            };
    }

    /// <summary>Each segment's importance, drawn towards the mean of the segments.</summary>
    public static IEnumerable<Estimate> Shrunk(Reliance reliance)
    {
        if (reliance.Errors()[0] == 0)
            yield break;
        var shrunk = Shrinkage.Of([.. reliance.Cells.Select(c => c.Value)], reliance.Covariance());
        for (var s = 0; s < shrunk.Length; s++)
        {
            var interval = Intervals.Normal(shrunk[s].Value, shrunk[s].Error);
            yield return reliance.Cells[s].Estimate.Bare(Estimands.Shrunk + reliance.Cells[s].Estimate.Estimand) with
            {
                Value = shrunk[s].Value,
                StandardError = shrunk[s].Error,
                Low = interval.Low,
                High = interval.High,
                Interval = Posterior,
                PValue = double.NaN,
            };
        }
    }

    /// <summary>
    /// Each segment's importance less that of the others: their mean, weighted by rows. Within-segment importances are
    /// averaged rather than the other rows pooled, since a pooled AUC also compares rows of different segments.
    /// </summary>
    public static IEnumerable<Estimate> Contrasts(Reliance reliance, EstimateMaker maker)
    {
        var cells = reliance.Cells;
        double rows = cells.Sum(c => c.Rows.Rows.Length);
        for (var s = 0; s < cells.Count; s++)
        {
            var others = rows - cells[s].Rows.Rows.Length;
            double[] weights = [.. cells.Select((c, i) => i == s ? 1 : -c.Rows.Rows.Length / others)];
            var value = cells.Select((c, i) => weights[i] * c.Value).Sum();
            var replicates = Replicates.Combine([.. cells.Select(c => c.Replicates)], weights);
            var made = maker.Make(cells[s].Rows, "", "", value, replicates, tested: true);
            yield return cells[s].Estimate.Bare(Estimands.Contrast + cells[s].Estimate.Estimand) with
            {
                Value = made.Value,
                StandardError = made.StandardError,
                Low = made.Low,
                High = made.High,
                Interval = made.Interval,
                PValue = made.PValue,
            };
        }
    }
}
