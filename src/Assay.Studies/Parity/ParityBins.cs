namespace Assay.Studies;

/// <summary>
/// Bins of the values of training: of numbers deciles, of ids the most common and all others; behind them one of missing
/// values.
/// </summary>
internal sealed class ParityBins
{
    public const int OfNumbers = 10;
    public const int MostLevels = 19;
    private readonly ParityPart part;
    private readonly double[] edges = [];
    private readonly Dictionary<double, int> levels = [];
    private readonly double[] seen = [];

    /// <param name="rows">The training rows.</param>
    /// <param name="column">The feature's column there.</param>
    /// <param name="part">What of it.</param>
    public ParityBins(TrainingTable rows, string column, ParityPart part)
    {
        this.part = part;
        var value = part.Value(column);
        if (part.IsId)
        {
            foreach (var id in rows.Common(value, MostLevels))
                levels[id] = levels.Count;
            seen = rows.Distinct(column);
        }
        else
            (edges, Mean, Deviation) = rows.Numbers(value, OfNumbers);
        Count = (part.IsId ? levels.Count + 1 : edges.Length + 1) + 1;
    }

    /// <summary>Number of bins; the last is that of missing values.</summary>
    public int Count { get; }

    /// <summary>Of numbers the mean in training.</summary>
    public double Mean { get; }

    /// <summary>Of numbers the standard deviation in training.</summary>
    public double Deviation { get; }

    public bool IsId => part.IsId;

    /// <summary>The bins of values.</summary>
    public int[] Of(double[] values) =>
        Array
            .ConvertAll(
                part.IsId
                    ? Array.ConvertAll(values, v => (ulong)levels.GetValueOrDefault(v, levels.Count))
                    : FieldCodes.Binned(values, edges),
                b => (int)b
            )
            .Select((b, i) => double.IsNaN(values[i]) ? Count - 1 : b)
            .ToArray();

    /// <summary>Whether training has the id.</summary>
    public bool IsSeen(double id) => Array.BinarySearch(seen, id) >= 0;

    /// <summary>The same as SQL over a value.</summary>
    public string Sql(string value)
    {
        var cases = part.IsId
            ? levels.Select(l => $"WHEN {value} = {l.Key:F0} THEN {l.Value}")
            : edges.Select((e, k) => $"WHEN {value} < {ParityPart.Number(e)} THEN {k}");
        return $"CASE WHEN {value} IS NULL THEN {Count - 1} {string.Join(' ', cases)} ELSE {Count - 2} END";
    }
}
