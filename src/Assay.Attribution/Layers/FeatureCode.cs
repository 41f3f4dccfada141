using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Attribution.Layers;

/// <summary>
/// A feature as numbers that probes can predict: of a number its rank, of ids the share of positions that hold each of the
/// most frequent ids.
/// </summary>
internal static class FeatureCode
{
    /// <summary>The columns to predict: at most <paramref name="most"/> for ids, one per element for numbers.</summary>
    public static double[][] Targets(
        IReadOnlyDictionary<string, TensorData> rows,
        FeatureSlot feature,
        IReadOnlySet<InputElement> numeric,
        int most
    ) =>
        feature.Elements.All(numeric.Contains)
            ? [.. feature.Elements.Select(e => Ranks(Column(rows, e).Select(ToNumber).ToArray()))]
            : Shares(rows, feature, most);

    /// <summary>The columns by which something else is predicted: numbers in eight steps of equal size besides their rank.</summary>
    public static double[][] Predictors(
        IReadOnlyDictionary<string, TensorData> rows,
        FeatureSlot feature,
        IReadOnlySet<InputElement> numeric
    )
    {
        const int Steps = 8;
        if (!feature.Elements.All(numeric.Contains))
            return Shares(rows, feature, 32);
        var columns = new List<double[]>();
        foreach (var ranks in Targets(rows, feature, numeric, 1))
        {
            columns.Add(ranks);
            for (var step = 1; step < Steps; step++)
            {
                var above = (double)step / Steps;
                columns.Add(Array.ConvertAll(ranks, r => r > above ? 1.0 : 0));
            }
        }
        return [.. columns];
    }

    /// <summary>The values of one input element, one for each row.</summary>
    public static object[] Column(IReadOnlyDictionary<string, TensorData> rows, InputElement element)
    {
        var tensor = rows[element.Input];
        var count = (int)tensor.Dims[0];
        var width = tensor.Count / count;
        return [.. Enumerable.Range(0, count).Select(r => tensor.Values.GetValue(r * width + element.Element)!)];
    }

    private static double ToNumber(object value) =>
        Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);

    private static double[][] Shares(IReadOnlyDictionary<string, TensorData> rows, FeatureSlot feature, int most)
    {
        var columns = feature.Elements.Select(e => Column(rows, e)).ToArray();
        var frequent = columns
            .SelectMany(c => c)
            .GroupBy(v => v)
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key.ToString(), StringComparer.Ordinal)
            .Take(most)
            .Select(g => g.Key);
        return
        [
            .. frequent.Select(id =>
            {
                var share = new double[columns[0].Length];
                foreach (var column in columns)
                    for (var r = 0; r < share.Length; r++)
                        if (column[r].Equals(id))
                            share[r] += 1.0 / columns.Length;
                return share;
            }),
        ];
    }

    // Mid-ranks between 0 and 1, which no monotone transformation changes.
    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]]; to++) { }
            for (var i = from; i < to; i++)
                ranks[order[i]] = (from + to) / 2.0 / order.Length;
        }
        return ranks;
    }
}
