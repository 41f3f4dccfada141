using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Units are exchanged within strata.</summary>
internal static class StrataDraw
{
    /// <param name="covariates">The codes of the feature.</param>
    /// <param name="stratum">The stratum of each unit.</param>
    /// <param name="random">A stream of its own.</param>
    public static Draw Of(Covariates covariates, ulong[] stratum, CounterRandom random)
    {
        var n = stratum.Length;
        var donors = new int[n];
        var (missed, all) = (0.0, 0.0);
        var members = new Dictionary<ulong, List<int>>();
        for (var u = 0; u < n; u++)
        {
            if (!members.TryGetValue(stratum[u], out var own))
                members[stratum[u]] = own = [];
            own.Add(u);
        }
        // In the order in which strata first appear.
        foreach (var own in members.Values.OrderBy(m => m[0]))
        {
            var from = random.Permutation(own.Count);
            for (var i = 0; i < from.Length; i++)
                donors[own[i]] = own[from[i]];
            foreach (var code in covariates.Codes.Columns)
            {
                var sum = own.Sum(u => code[u]);
                foreach (var u in own)
                {
                    var mean = own.Count > 1 ? (sum - code[u]) / (own.Count - 1) : 0;
                    missed += (code[u] - mean) * (code[u] - mean);
                    all += code[u] * code[u];
                }
            }
        }
        return new(donors, 1 - missed / all, "strata");
    }

    /// <summary>The stratum of each unit, from columns of all rows; one that varies within units is left out.</summary>
    public static ulong[] Strata(IEnumerable<(string Name, double[] Column)> columns, Units units, List<string> used)
    {
        var strata = new ulong[units.Count];
        foreach (var (name, column) in columns)
        {
            var own = units.Take(column);
            if (Enumerable.Range(0, column.Length).Any(r => column[r] != own[units.OfRow[r]]))
                continue;
            if (!used.Contains(name))
                used.Add(name);
            for (var u = 0; u < strata.Length; u++)
                strata[u] = StableHash.Combine(strata[u], (ulong)BitConverter.DoubleToInt64Bits(own[u]));
        }
        return strata;
    }
}
