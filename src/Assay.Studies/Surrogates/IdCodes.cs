namespace Assay.Studies.Surrogates;

/// <summary>
/// Ids as numbers: the mean target of the fitted rows that have the id, pulled towards the mean of all as by ten more rows (so
/// that a tree's best split of ids is a threshold: Fisher 1958; pulling: Micci-Barreca 2001). Unknown ids have the mean of all.
/// </summary>
internal sealed class IdCodes
{
    private const double Prior = 10;
    private const int Folds = 5;
    private readonly Dictionary<long, (double Code, int Rows)> codes;

    private IdCodes(Dictionary<long, (double, int)> codes, double mean) => (this.codes, Mean) = (codes, mean);

    public double Mean { get; }

    public IReadOnlyDictionary<long, (double Code, int Rows)> ById => codes;

    public double this[long id] => codes.TryGetValue(id, out var code) ? code.Code : Mean;

    /// <summary>Learns from the fitted rows; a row may have several ids, each counted once.</summary>
    public static IdCodes Learn(Func<int, IEnumerable<long>> ids, double[] targets, int[] fitted)
    {
        var mean = fitted.Average(r => targets[r]);
        var sums = new Dictionary<long, (double Sum, int Rows)>();
        foreach (var row in fitted)
        foreach (var id in ids(row).Distinct())
        {
            var (sum, rows) = sums.GetValueOrDefault(id);
            sums[id] = (sum + targets[row], rows + 1);
        }
        return new(
            sums.ToDictionary(s => s.Key, s => ((s.Value.Sum + Prior * mean) / (s.Value.Rows + Prior), s.Value.Rows)),
            mean
        );
    }

    /// <summary>
    /// Which codes each row is to use: those of all fitted rows, but a fitted row those of the fitted rows outside its own fifth, lest it
    /// find its own target in them.
    /// </summary>
    public static Func<int, IdCodes> CrossFitted(
        Func<int, IEnumerable<long>> ids,
        double[] targets,
        int[] fitted,
        IdCodes all
    )
    {
        var fifth = new int?[targets.Length];
        for (var i = 0; i < fitted.Length; i++)
            fifth[fitted[i]] = i % Folds;
        IdCodes[] outside =
        [
            .. Enumerable
                .Range(0, Folds)
                .Select(f => Learn(ids, targets, [.. fitted.Where((_, i) => fitted.Length < Folds || i % Folds != f)])),
        ];
        return row => fifth[row] is { } f ? outside[f] : all;
    }
}
