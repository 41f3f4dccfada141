namespace Assay.Attribution.Interactions;

/// <summary>A polynomial fitted to some of the drawn pairs, its interaction indices, and what it leaves over.</summary>
internal sealed class IndexProxy
{
    private readonly CoalitionDraws draws;
    private readonly int[] fitted;
    private readonly PolynomialProxy polynomial;

    // For every term of the polynomial the sets inside it, and the part of its coefficient that each of them gets.
    private readonly (int Set, double Part)[][] parts;
    private readonly int sets;

    public IndexProxy(
        CoalitionDraws draws,
        IReadOnlyList<IReadOnlyList<int>> sets,
        int[] pairs,
        string index,
        int order
    )
    {
        (this.draws, this.sets) = (draws, sets.Count);
        fitted = [.. pairs.SelectMany(p => new[] { draws.Enumerated + 2 * p, draws.Enumerated + 2 * p + 1 })];
        polynomial = new(order, draws.All.Players, (i, p) => draws.All[fitted[i], p], fitted.Length);
        var numbers = new Dictionary<string, int>();
        for (var s = 0; s < sets.Count; s++)
            numbers[string.Join(",", sets[s])] = s;
        parts = [.. polynomial.Sets.Select(t => Parts(t, numbers, index, order))];
    }

    /// <summary>The polynomial's index of each set; <paramref name="rest"/> takes values less the polynomial.</summary>
    public double[] Explain(ReadOnlySpan<double> values, double[] rest)
    {
        var at = new double[fitted.Length];
        for (var i = 0; i < at.Length; i++)
            at[i] = values[fitted[i]];
        var coefficients = polynomial.Fit(at);
        for (var c = 0; c < rest.Length; c++)
            rest[c] = values[c] - Value(c, coefficients);
        var result = new double[sets];
        for (var t = 0; t < parts.Length; t++)
            foreach (var (set, part) in parts[t])
                result[set] += part * coefficients[t];
        return result;
    }

    private double Value(int coalition, double[] coefficients)
    {
        var sum = 0.0;
        for (var t = 0; t < coefficients.Length; t++)
        {
            var all = true;
            foreach (var p in polynomial.Sets[t])
                all &= draws.All[coalition, p];
            if (all)
                sum += coefficients[t];
        }
        return sum;
    }

    private static (int, double)[] Parts(int[] term, Dictionary<string, int> numbers, string index, int order)
    {
        var result = new List<(int, double)>();
        for (var mask = 1; mask < 1 << term.Length; mask++)
        {
            var subset = term.Where((_, k) => (mask >> k & 1) != 0).ToArray();
            if (subset.Length <= order)
                result.Add(
                    (
                        numbers[string.Join(",", subset)],
                        InteractionIndex.Coefficient(index, order, subset.Length, term.Length).ToDouble()
                    )
                );
        }
        return [.. result];
    }
}
