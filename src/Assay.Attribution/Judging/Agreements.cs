using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>The six measures of agreement for every pair of methods, the control left out.</summary>
internal static class Agreements
{
    /// <summary>Means over rows for each pair; sets each entry's mean agreement with the others, row by row.</summary>
    public static IReadOnlyList<PairAgreement> Of(IReadOnlyList<Entry> entries, int features, int top)
    {
        var pairs = new List<PairAgreement>();
        var sums = entries.ToDictionary(e => e, e => new double[e.Attributions.Length / features]);
        // Agreement with the control is chance, and says nothing of a method.
        var others = entries.Count(e => !e.Contestant.IsControl);
        void Count(Entry own, Entry other, int r, double mean) => sums[own][r] += other.Contestant.IsControl ? 0 : mean;
        for (var a = 0; a < entries.Count; a++)
        for (var b = a + 1; b < entries.Count; b++)
        {
            var (first, second) = (entries[a], entries[b]);
            var rows = sums[first].Length;
            var six = new double[6][];
            for (var m = 0; m < 6; m++)
                six[m] = new double[rows];
            for (var r = 0; r < rows; r++)
            {
                Row(
                    first.Attributions.AsSpan(r * features, features),
                    second.Attributions.AsSpan(r * features, features),
                    top,
                    six,
                    r
                );
                var mean = six.Select(m => m[r]).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average();
                Count(first, second, r, mean);
                Count(second, first, r, mean);
            }
            pairs.Add(
                new(
                    first.Id,
                    second.Id,
                    RowMean.Of(six[0]),
                    RowMean.Of(six[1]),
                    RowMean.Of(six[2]),
                    RowMean.Of(six[3]),
                    RowMean.Of(six[4]),
                    RowMean.Of(six[5])
                )
            );
        }
        foreach (var entry in entries)
        {
            var met = entry.Contestant.IsControl ? others : others - 1;
            entry.Rows[Measure.Agreement] = [.. sums[entry].Select(s => met == 0 ? double.NaN : s / met)];
        }
        return pairs;
    }

    private static void Row(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int top, double[][] six, int r)
    {
        six[0][r] = AttributionAgreement.FeatureAt(x, y, top);
        six[1][r] = AttributionAgreement.RankAt(x, y, top);
        six[2][r] = AttributionAgreement.SignAt(x, y, top);
        six[3][r] = AttributionAgreement.SignedRankAt(x, y, top);
        six[4][r] = AttributionAgreement.RankCorrelation(x, y);
        six[5][r] = AttributionAgreement.PairwiseRank(x, y);
    }
}
