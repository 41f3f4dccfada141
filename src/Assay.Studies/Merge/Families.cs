using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Adjustment of p-values within their families.</summary>
internal static class Families
{
    /// <summary>Benjamini–Hochberg within estimand × method × split × dimension.</summary>
    public static Estimate[] Adjusted(IEnumerable<Estimate> estimates)
    {
        var all = estimates.ToArray();
        var families = Enumerable
            .Range(0, all.Length)
            .GroupBy(i => (all[i].Estimand, all[i].Method, all[i].Split, all[i].Dimension));
        foreach (var family in families)
        {
            var places = family.ToArray();
            var adjusted = MultipleTesting.BenjaminiHochberg([.. places.Select(i => all[i].PValue)]);
            for (var k = 0; k < places.Length; k++)
                all[places[k]] = all[places[k]] with { PAdjusted = adjusted[k] };
        }
        return all;
    }
}
