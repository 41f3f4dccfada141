using Assay.Attribution.Effects;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Tests.Effects;

/// <summary>Support of positions where it is known: independent numbers, a copy, a constant, a number that nobody has.</summary>
public sealed class FeatureSupportTests
{
    private const int Count = 4000;

    private static readonly EffectSettings Settings = new() { Kind = EffectKind.Pdp, Bins = 10 };

    // Columns: a, independent of it b, a copy of a, a constant, missing everywhere.
    private static (FeatureSupport Support, ulong[] Clusters) Of()
    {
        var random = new CounterRandom(5, "support");
        var values = new float[Count * 5];
        for (var r = 0; r < Count; r++)
        {
            var a = (float)random.NextNormal();
            float[] row = [a, (float)random.NextNormal(), a, 1, float.NaN];
            row.CopyTo(values, r * 5);
        }
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From(values, Count, 5) };
        FeatureSlot[] slots =
        [
            .. ((string[])["a", "b", "copy", "constant", "missing"]).Select(
                (n, i) => new FeatureSlot(n, [new Gradients.InputElement("x", i)])
            ),
        ];
        ulong[] clusters = [.. Enumerable.Range(0, Count).Select(r => (ulong)(r / 4))];
        return (new FeatureSupport(rows, slots, clusters), clusters);
    }

    [Fact]
    public void An_independent_feature_reaches_everywhere_and_a_copied_one_only_its_own_stratum()
    {
        var (support, _) = Of();
        int[] all = [.. Enumerable.Range(0, Count)];
        var b = support.At(1, Settings, [all]);
        b.Axis.Positions.Count.ShouldBe(11);
        b.Parts[0].Sum(p => p.Rows).ShouldBe(Count);
        b.Parts[0].ShouldAllBe(p => p.Reach == 1 && p.LimitedBy == null);
        // At a value of a the copy lies in the same eighth, or at an edge in two.
        foreach (var position in support.At(0, Settings, [all]).Parts[0].Where(p => p.Rows > 100))
        {
            position.LimitedBy.ShouldBe("copy");
            position.Reach.ShouldBeInRange(0.12, 0.26);
        }
    }

    [Fact]
    public void Rows_and_clusters_are_counted_within_the_part()
    {
        var (support, clusters) = Of();
        int[] part = [.. Enumerable.Range(0, 40)];
        var (_, parts) = support.At(3, Settings, [part, []]);
        parts[0].Single().ShouldBe(new PositionSupport(40, clusters.Take(40).Distinct().Count(), 1, null));
        parts[1].Single().Rows.ShouldBe(0);
    }

    [Fact]
    public void Rows_may_be_in_several_segments()
    {
        var model = new Assay.Tests.SmallModel()
            .Input("x", Onnx.Wire.TensorProto.Types.DataType.Float, "batch", 1)
            .Node("Add x x -> score")
            .Output("score", Onnx.Wire.TensorProto.Types.DataType.Float, "batch", 1)
            .Load();
        using var scorer = Scorer.Open(model, null, Gradients.Space.Logit);
        var rows = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From([.. Enumerable.Range(0, 50).Select(i => (float)i)], 50, 1),
        };
        var effects = FeatureEffects.Compute(
            scorer,
            rows,
            FeatureSlot.FromInputs(model),
            Settings,
            null,
            [
                new EffectSegment("low", [.. Enumerable.Range(0, 30)]),
                new EffectSegment("most", [.. Enumerable.Range(10, 40)]),
            ]
        );
        effects.Select(e => (e.Segment, e.Rows)).ShouldBe([(null, 50), ("low", 30), ("most", 40)]);
        foreach (var effect in effects)
            (effect.Values[^1] - effect.Values[0]).ShouldBe(2 * 49, 1e-3);
    }
}
