namespace Assay.Attribution.Layers;

/// <summary>Names that somebody who mistyped one may have meant.</summary>
internal static class NearNames
{
    /// <summary>At most so many candidates, the likeliest first: those that hold the name, then by edit distance.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> candidates, int atMost) =>
        [
            .. candidates
                .Distinct()
                .Select(c => (Name: c, Distance: Distance(name, c)))
                .Where(c => c.Distance <= Math.Max(3, name.Length / 2))
                .OrderBy(c => c.Distance)
                .Take(atMost)
                .Select(c => c.Name),
        ];

    private static int Distance(string name, string candidate) =>
        candidate.Contains(name, StringComparison.OrdinalIgnoreCase) ? 0
        // An edit distance is no better than this, and graphs may have very many values.
        : Math.Abs(name.Length - candidate.Length) > name.Length / 2 + 3 ? int.MaxValue
        : Levenshtein(name.ToLowerInvariant(), candidate.ToLowerInvariant());

    private static int Levenshtein(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(diagonal + (a[i - 1] == b[j - 1] ? 0 : 1), Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.Length];
    }
}
