using Assay.Statistics;

namespace Assay.Studies;

/// <summary>How far two fields go together, from 0 to 1.</summary>
internal static class Association
{
    /// <summary>
    /// Cramér's V without its bias: φ² less (r − 1)(c − 1)/(n − 1), over the smaller of the corrected numbers of rows and
    /// columns less 1 (Bergsma 2013).
    /// </summary>
    public static double CramersV(int[] a, int[] b)
    {
        double n = a.Length;
        var first = a.CountBy(v => v).ToDictionary();
        var second = b.CountBy(v => v).ToDictionary();
        var (r, c) = ((double)first.Count, (double)second.Count);
        var phi =
            a.Zip(b)
                .CountBy(v => v)
                .Sum(p => (double)p.Value * p.Value / ((double)first[p.Key.First] * second[p.Key.Second])) - 1;
        var corrected = Math.Max(0, phi - (r - 1) * (c - 1) / (n - 1));
        var rows = r - (r - 1) * (r - 1) / (n - 1);
        var columns = c - (c - 1) * (c - 1) / (n - 1);
        var least = Math.Min(rows, columns) - 1;
        return least <= 0 ? 0 : Math.Min(1, Math.Sqrt(corrected / least));
    }

    /// <summary>Of two numbers the size of their rank correlation, else Cramér's V of their codes.</summary>
    public static double Of(PreparedReader reader, BoundFeature a, BoundFeature b) =>
        IsNumber(a) && IsNumber(b)
            ? Size(RankCorrelation.Spearman(reader.ReadAllValues(a, 0), reader.ReadAllValues(b, 0)))
            : CramersV(ConfounderCodes.Of(reader, a), ConfounderCodes.Of(reader, b));

    /// <summary>The same of a feature and a confounder.</summary>
    public static double Of(
        StudyPlan plan,
        PreparedReader reader,
        BoundFeature feature,
        ConfounderDefinition confounder
    ) =>
        confounder.Feature is { } name
            ? Of(reader, feature, plan.Features.First(f => f.Entry.Name == name))
            : CramersV(ConfounderCodes.Of(reader, feature), ConfounderCodes.Of(plan, reader, confounder));

    // A constant goes with nothing.
    private static double Size(double correlation) => double.IsNaN(correlation) ? 0 : Math.Abs(correlation);

    private static bool IsNumber(BoundFeature feature) => feature is { Entry.HasIds: false, Elements.Count: 1 };
}
