namespace Assay.Attribution.Judging;

/// <summary>
/// The overall order: for each counted measure a method scores (its mean − the control's) / (the best mean − the control's), so the
/// control has 0 and the best 1; the score is the mean over the measures, best first. A measure on which no method is better than the
/// control by two standard errors of the paired difference tells nothing and is left out.
/// </summary>
internal static class OverallOrder
{
    private const double Errors = 2;

    /// <summary>Sets the scores, sorts, and returns the measures left out.</summary>
    public static IReadOnlyList<string> Sort(List<Entry> entries)
    {
        var control = entries.Single(e => e.Contestant.IsControl);
        var leftOut = new List<string>();
        var counted = 0;
        var scores = new double[entries.Count];
        foreach (var measure in Measure.All.Where(m => m.Ranks && control.Rows.ContainsKey(m)))
        {
            var leads = entries.Select(e => Lead(measure, e, control)).ToArray();
            if (!leads.Any(l => l.Value > 0 && l.Value > Errors * l.StandardError))
            {
                leftOut.Add(measure.Id);
                continue;
            }
            var most = leads.Where(l => !double.IsNaN(l.Value)).Max(l => l.Value);
            counted++;
            for (var i = 0; i < scores.Length; i++)
                scores[i] += double.IsNaN(leads[i].Value) ? 0 : leads[i].Value / most;
        }
        for (var i = 0; i < scores.Length; i++)
            entries[i].Score = counted == 0 ? 0 : scores[i] / counted;
        var sorted = entries.OrderByDescending(e => e.Score).ThenBy(e => e.Id, StringComparer.Ordinal).ToArray();
        entries.Clear();
        entries.AddRange(sorted);
        return leftOut;
    }

    private static RowMean Lead(Measure measure, Entry entry, Entry control)
    {
        var sign = measure.HigherIsBetter ? 1 : -1;
        return RowMean.Of(entry.Rows[measure].Zip(control.Rows[measure], (a, b) => sign * (a - b)));
    }
}
