using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>
/// PGI and PGU (Agarwal et al. 2022, OpenXAI, arXiv 2206.11104): the mean |f(x) − f(x′)| where x′ has the important features, or all
/// others, from another row of the data: ids have no Gaussian noise, so the paper's noise is drawn from the data.
/// </summary>
internal sealed class PredictionGaps(
    ExplainedModel model,
    IReadOnlyDictionary<string, TensorData> rows,
    int donors,
    ulong seed
)
{
    private readonly int count = RowsOfInputs.Count(rows, "rows");
    private readonly double[] targets = model.Score(rows);
    private readonly IReadOnlyDictionary<string, TensorData>[] others = Rotations(rows, donors, seed);

    /// <summary>For each row the mean gap over donors; NaN where there is only one row.</summary>
    public (double[] Important, double[] Unimportant) Of(double[] attributions, int top)
    {
        var features = model.Features.Count;
        var important = new bool[count, features];
        for (var r = 0; r < count; r++)
            foreach (var f in AttributionAgreement.BySize(attributions.AsSpan(r * features, features)).Take(top))
                important[r, f] = true;
        return (Gap((r, f) => important[r, f]), Gap((r, f) => !important[r, f]));
    }

    private double[] Gap(Func<int, int, bool> taken)
    {
        if (others.Length == 0)
            return [.. Enumerable.Repeat(double.NaN, count)];
        var gaps = new double[count];
        foreach (var other in others)
        {
            var changed = model.Score(Mixed(other, taken));
            for (var r = 0; r < count; r++)
                gaps[r] += Math.Abs(changed[r] - targets[r]) / others.Length;
        }
        return gaps;
    }

    private Dictionary<string, TensorData> Mixed(
        IReadOnlyDictionary<string, TensorData> other,
        Func<int, int, bool> taken
    )
    {
        var mixed = rows.ToDictionary(r => r.Key, r => r.Value);
        for (var f = 0; f < model.Features.Count; f++)
            foreach (var byInput in model.Features[f].Elements.GroupBy(e => e.Input))
            {
                var own = mixed[byInput.Key];
                var values = ReferenceEquals(own, rows[byInput.Key]) ? (Array)own.Values.Clone() : own.Values;
                var width = own.Count / count;
                foreach (var element in byInput)
                    for (var r = 0; r < count; r++)
                        if (taken(r, f))
                        {
                            var at = r * width + element.Element;
                            Array.Copy(other[byInput.Key].Values, at, values, at, 1);
                        }
                mixed[byInput.Key] = TensorData.Create(own.Type, own.Dims, values);
            }
        return mixed;
    }

    // Row r takes from row r + shift, so that nobody is its own donor.
    private static IReadOnlyDictionary<string, TensorData>[] Rotations(
        IReadOnlyDictionary<string, TensorData> rows,
        int donors,
        ulong seed
    )
    {
        var count = RowsOfInputs.Count(rows, "rows");
        if (count < 2)
            return [];
        var shifts = new CounterRandom(seed, "judge donors").Permutation(count - 1).Take(donors);
        return
        [
            .. shifts.Select(s =>
                new RowBatch().Take(rows, [.. Enumerable.Range(0, count).Select(r => (r + s + 1) % count)], count)
            ),
        ];
    }
}
