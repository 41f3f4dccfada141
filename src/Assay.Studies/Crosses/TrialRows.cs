using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Rows to fit or judge a table on.</summary>
internal sealed class TrialRows(LabelledRows rows)
{
    public double[] Values(BoundFeature feature)
    {
        var feed = rows.Feeds[feature.Input.Name];
        var all = feed.ToDoubles();
        var values = new double[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = all[i * feature.Input.Elements + feature.Elements[0]];
        return values;
    }

    public CrossCoding Coding(BoundFeature feature, int most) => new(feature, Values(feature), most);

    public CrossTable.CellRows Cells(OnnxModel model, string? head, CrossCoding a, CrossCoding b)
    {
        var (x, y) = (a.Of(Values(a.Feature)), b.Of(Values(b.Feature)));
        return new(
            Training.Retraining.Logits(model, head, rows.Feeds),
            Array.ConvertAll(rows.Labels, l => (double)l),
            [.. x.Zip(y, (i, j) => i * b.Levels + j)]
        );
    }
}
