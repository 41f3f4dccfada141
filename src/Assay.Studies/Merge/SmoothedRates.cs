namespace Assay.Studies;

/// <summary>
/// Rates of positives by key, shrunk towards a prior as if <see cref="Prior"/> more rows had its rate. Counts are kept by
/// fold, so that a row can be given the rate without the rows of its own fold.
/// </summary>
internal sealed class SmoothedRates
{
    public const int Folds = 5;
    public const double Prior = 20;
    private readonly Dictionary<ulong, int> places = [];
    private readonly List<int> rows = [];
    private readonly List<int> positives = [];

    public SmoothedRates(ulong[] keys, double[] labels, int[] folds)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (!places.TryGetValue(keys[i], out var place))
            {
                places[keys[i]] = place = rows.Count;
                for (var f = 0; f < Folds; f++)
                {
                    rows.Add(0);
                    positives.Add(0);
                }
            }
            rows[place + folds[i]]++;
            positives[place + folds[i]] += labels[i] > 0.5 ? 1 : 0;
        }
    }

    /// <summary>The rate of a key; rows of the fold <paramref name="without"/> (−1: none) do not count.</summary>
    public double Rate(ulong key, double prior, int without)
    {
        var (n, p) = Counts(key, without);
        return (p + Prior * prior) / (n + Prior);
    }

    /// <summary>Rows and positives of a key outside a fold.</summary>
    public (int Rows, int Positives) Counts(ulong key, int without)
    {
        if (!places.TryGetValue(key, out var place))
            return (0, 0);
        int n = 0,
            p = 0;
        for (var f = 0; f < Folds; f++)
        {
            if (f == without)
                continue;
            n += rows[place + f];
            p += positives[place + f];
        }
        return (n, p);
    }
}
