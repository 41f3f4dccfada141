using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Adjustment of p-values within their families.</summary>
internal static class Families
{
    /// <summary>Benjamini–Hochberg within estimand × method × split × dimension.</summary>
    public static Estimate[] Adjusted(IEnumerable<Estimate> estimates) =>
        Adjusted(estimates, e => (e.Estimand, e.Method, e.Split, e.Dimension));

    /// <summary>Benjamini–Hochberg within families of one's own.</summary>
    public static Estimate[] Adjusted<TFamily>(IEnumerable<Estimate> estimates, Func<Estimate, TFamily> of)
    {
        var all = estimates.ToArray();
        foreach (var family in Enumerable.Range(0, all.Length).GroupBy(i => of(all[i])))
        {
            var places = family.ToArray();
            var adjusted = MultipleTesting.BenjaminiHochberg([.. places.Select(i => all[i].PValue)]);
            for (var k = 0; k < places.Length; k++)
                all[places[k]] = all[places[k]] with { PAdjusted = adjusted[k] };
        }
        return all;
    }
}
