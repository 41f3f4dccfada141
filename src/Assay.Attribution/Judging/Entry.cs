namespace Assay.Attribution.Judging;

/// <summary>What is known of one method while the judge is at work.</summary>
internal sealed class Entry(Contestant contestant, double[] attributions)
{
    public Contestant Contestant => contestant;

    public string Id => contestant.Id;

    public double[] Attributions => attributions;

    /// <summary>Of each measure the value of each row.</summary>
    public Dictionary<Measure, double[]> Rows { get; } = [];

    public List<RowMean> Cascade { get; } = [];

    public double MillisecondsPerRow { get; init; }

    public double EvaluationsPerRow { get; init; }

    public double Score { get; set; }

    // 1 is no change at all. Some likeness may stay: the row and the scale of its numbers are the same.
    private const double Fallen = 0.75;

    public JudgedMethod Result()
    {
        var means = Measure.All.ToDictionary(
            m => m.Id,
            m => Rows.TryGetValue(m, out var values) ? RowMean.Of(values) : RowMean.None
        );
        var sanity = means[Measure.Sanity.Id];
        var error = double.IsNaN(sanity.StandardError) ? 0 : sanity.StandardError;
        bool? falls = double.IsNaN(sanity.Value) ? null : sanity.Value + 2 * error < Fallen;
        return new(Id, Score, means, Cascade, falls, MillisecondsPerRow, EvaluationsPerRow);
    }
}
