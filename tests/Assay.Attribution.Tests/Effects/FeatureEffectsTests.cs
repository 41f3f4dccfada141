using Assay.Attribution.Effects;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Effects;

/// <summary>Effects against models whose effects are known.</summary>
public sealed class FeatureEffectsTests
{
    private const int Count = 600;

    // score = 2x₀ − 3x₁ + c[id], additive.
    private static OnnxModel Additive() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Input("id", DataType.Int64, "batch", 1)
            .Tensor("w", TensorData.From<float>([2, -3], 2, 1))
            .Tensor("c", TensorData.From<float>([0, 1, -2, 4, 0.5f], 5, 1))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("MatMul x w -> linear")
            .Node("Gather c id -> e")
            .Node("Squeeze e axis -> level")
            .Node("Add linear level -> score")
            .Output("score", DataType.Float, "batch", 1)
            .Load();

    // Ids 0 … 4 with frequencies falling.
    private static Dictionary<string, TensorData> Rows()
    {
        var random = new CounterRandom(1, "rows");
        return new()
        {
            ["x"] = TensorData.From(
                [.. Enumerable.Range(0, 2 * Count).Select(_ => (float)random.NextNormal())],
                Count,
                2
            ),
            ["id"] = TensorData.From(
                [.. Enumerable.Range(0, Count).Select(_ => (long)Math.Min(random.NextInt(5), random.NextInt(5)))],
                Count,
                1
            ),
        };
    }

    [Theory]
    [InlineData(EffectKind.Pdp)]
    [InlineData(EffectKind.Ice)]
    [InlineData(EffectKind.Ale)]
    public void Of_a_linear_model_the_slope_is_the_weight_and_there_is_no_error(EffectKind kind)
    {
        var effect = Compute(Additive(), Rows(), kind, "x[1]").Single();
        var positions = effect.Axes.Single().Positions;
        effect.Axes.Single().IsNumeric.ShouldBeTrue();
        positions.Count.ShouldBe(21);
        for (var p = 1; p < positions.Count; p++)
            (effect.Values[p] - effect.Values[p - 1]).ShouldBe(
                -3 * (positions[p].Number - positions[p - 1].Number),
                1e-5
            );
        effect.StandardErrors.ShouldAllBe(e => e < 1e-5);
        effect.Density.Sum().ShouldBe(Count);
        effect.Evaluations.ShouldBe(kind == EffectKind.Ale ? 3 * Count : 21 * Count);
        // Centred over the rows, which under ALE lie in the middle of their steps.
        var ends = effect.Values;
        var centres = kind == EffectKind.Ale ? [0, .. ends.Skip(1).Zip(ends, (v, u) => (v + u) / 2)] : ends;
        effect.Density.Zip(centres, (d, v) => d * v / Count).Sum().ShouldBe(0, 1e-6);
        if (kind != EffectKind.Ice)
            return;
        effect.Curves!.Count.ShouldBe(50);
        effect.Curves.ShouldAllBe(c =>
            c.Values[0] == 0 && Math.Abs(c.Values[20] + 3 * (positions[20].Number - positions[0].Number)) < 1e-4
        );
    }

    [Theory]
    [InlineData(EffectKind.Pdp)]
    [InlineData(EffectKind.Ale)]
    public void Levels_are_ordered_by_frequency_and_differ_as_their_weights(EffectKind kind)
    {
        double[] weights = [0, 1, -2, 4, 0.5];
        var effect = Compute(Additive(), Rows(), kind, "id").Single();
        effect.Axes[0].Positions.Select(p => p.Label).ShouldBe(["0", "1", "2", "3", "4"]);
        effect.Density.ShouldBeInOrder(SortDirection.Descending);
        for (var p = 1; p < 5; p++)
            (effect.Values[p] - effect.Values[p - 1]).ShouldBe(weights[p] - weights[p - 1], 1e-5);
        effect.Density.Zip(effect.Values, (d, v) => d * v).Sum().ShouldBe(0, 1e-3);
    }

    [Fact]
    public void Rare_levels_are_the_rest_and_behave_like_their_mean()
    {
        var rows = Rows();
        var effect = Compute(Additive(), rows, EffectKind.Pdp, "id", new() { Kind = EffectKind.Pdp, Levels = 2 })
            .Single();
        effect.Axes[0].Positions.Select(p => p.Label).ShouldBe(["0", "1", "(rest)"]);
        var ids = rows["id"].ToInt64s();
        double[] weights = [0, 1, -2, 4, 0.5];
        var mean = ids.Where(i => i > 1).Average(i => weights[i]);
        effect.Density[2].ShouldBe(ids.Count(i => i > 1));
        (effect.Values[2] - effect.Values[0]).ShouldBe(mean, 0.35);
    }

    // Apley and Zhu 2020, §1 and example 1: on correlated features partial dependence averages over places without data, of
    // which the model says anything; local effects do not go there. y = x₀ + x₁² on x₀ ≈ x₁, and far off it a cliff.
    [Fact]
    public void Local_effects_recover_what_partial_dependence_extrapolates()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("zero", TensorData.Int64s(0))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("wide", TensorData.From<float>([0.4f], 1))
            .Tensor("steep", TensorData.From<float>([20], 1))
            .Node("Gather x zero -> a", ("axis", 1L))
            .Node("Gather x one -> b", ("axis", 1L))
            .Node("Mul b b -> bb")
            .Node("Add a bb -> truth")
            .Node("Sub a b -> apart")
            .Node("Sub apart wide -> beyond")
            .Node("Relu beyond -> cliff")
            .Node("Mul cliff steep -> high")
            .Node("Add truth high -> score")
            .Output("score", DataType.Float, "batch", 1)
            .Load();
        var random = new CounterRandom(2, "apley and zhu");
        var x = new float[2 * 2000];
        for (var r = 0; r < 2000; r++)
        {
            var u = random.NextDouble();
            (x[2 * r], x[2 * r + 1]) = (
                (float)(u + 0.05 * random.NextNormal()),
                (float)(u + 0.05 * random.NextNormal())
            );
        }
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From(x, 2000, 2) };
        var (first, second) = (
            Compute(model, rows, EffectKind.Ale, "x[0]").Single(),
            Compute(model, rows, EffectKind.Ale, "x[1]").Single()
        );
        Error(first, v => v - 0.5).ShouldBeLessThan(0.03);
        Error(second, v => v * v - 1.0 / 3).ShouldBeLessThan(0.03);
        Error(Compute(model, rows, EffectKind.Pdp, "x[0]").Single(), v => v - 0.5).ShouldBeGreaterThan(0.5);

        double Error(FeatureEffect effect, Func<double, double> truth) =>
            effect.Axes[0].Positions.Select((p, i) => Math.Abs(effect.Values[i] - truth(p.Number))).Max();
    }

    [Theory]
    [InlineData("x[0]", "x[1]")]
    [InlineData("x[0]", "id")]
    [InlineData("id", "x[1]")]
    public void Two_way_local_effects_of_an_additive_model_are_0(string a, string b) =>
        Compute(Additive(), Rows(), EffectKind.Ale, $"{a},{b}").Single().Values.ShouldAllBe(v => Math.Abs(v) < 1e-5);

    // Of x₀x₁ with independent uniform features the second-order effect is (x₀ − ½)(x₁ − ½) (Apley and Zhu 2020, example 3 has
    // the like); partial dependence on both is x₀x₁ itself.
    [Fact]
    public void Of_a_product_both_ways_are_known()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("one", TensorData.Int64s(1))
            .Node("ReduceProd x -> score", ("axes", new long[] { 1 }), ("keepdims", 1L))
            .Output("score", DataType.Float, "batch", 1)
            .Load();
        var random = new CounterRandom(3, "product");
        var rows = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From([.. Enumerable.Range(0, 8000).Select(_ => (float)random.NextDouble())], 4000, 2),
        };
        var settings = new EffectSettings
        {
            Kind = EffectKind.Ale,
            Bins = 8,
            Replicates = 100,
        };
        var local = Compute(model, rows, EffectKind.Ale, "x[0],x[1]", settings).Single();
        Check(local, (u, v) => (u - 0.5) * (v - 0.5), 0.02);
        var partial = Compute(model, rows, EffectKind.Pdp, "x[0],x[1]", settings with { Kind = EffectKind.Pdp })
            .Single();
        Check(partial, (u, v) => u * v - partial.Mean, 1e-5);

        void Check(FeatureEffect effect, Func<double, double, double> truth, double within)
        {
            var (a, b) = (effect.Axes[0].Positions, effect.Axes[1].Positions);
            for (var i = 0; i < a.Count; i++)
            for (var j = 0; j < b.Count; j++)
                effect.Values[i * b.Count + j].ShouldBe(truth(a[i].Number, b[j].Number), within);
            effect.Density.Sum().ShouldBe(effect.Rows);
        }
    }

    // score = x₀ in one segment and −x₀ in the other, told apart by x₁.
    [Fact]
    public void Segments_have_effects_of_their_own_at_the_same_positions()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Node("ReduceProd x -> score", ("axes", new long[] { 1 }), ("keepdims", 1L))
            .Output("score", DataType.Float, "batch", 1)
            .Load();
        float[] x = [.. Enumerable.Range(0, 200).SelectMany(r => new[] { r % 10 / 10f, r < 80 ? 1f : -1 })];
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From(x, 200, 2) };
        using var scorer = Scorer.Open(model, null, Space.Logit);
        foreach (var kind in new[] { EffectKind.Pdp, EffectKind.Ale })
        {
            var effects = FeatureEffects.Compute(
                scorer,
                rows,
                [FeatureSlot.FromInputs(model)[0]],
                new EffectSettings { Kind = kind, Replicates = 200 },
                [.. Enumerable.Range(0, 200).Select(r => (ulong)(r / 4))],
                [
                    .. Enumerable
                        .Range(0, 200)
                        .Select(r =>
                            r < 80 ? "up"
                            : r < 160 ? "down"
                            : null
                        ),
                ]
            );
            effects
                .Select(e => (e.Segment, e.Rows, e.Clusters))
                .ShouldBe([(null, 200, 50), ("down", 80, 20), ("up", 80, 20)]);
            Slope(effects[1]).ShouldBe(-1, 1e-5);
            Slope(effects[2]).ShouldBe(1, 1e-5);
            Slope(effects[0]).ShouldBe((80 - 120) / 200.0, 1e-5);
            effects[0].StandardErrors[0].ShouldBeGreaterThan(0.01);
            effects[2].StandardErrors[0].ShouldBeLessThan(1e-6);
        }

        static double Slope(FeatureEffect e) =>
            (e.Values[^1] - e.Values[0]) / (e.Axes[0].Positions[^1].Number - e.Axes[0].Positions[0].Number);
    }

    // A group moves as a whole: its levels are the combinations that rows have.
    [Fact]
    public void A_group_has_levels_of_its_members_together()
    {
        var model = Additive();
        var groups = new Dictionary<string, IReadOnlyList<string>> { ["both"] = ["x[0]", "id"] };
        var slots = FeatureSlot.Grouped(FeatureSlot.FromInputs(model), groups);
        var rows = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([1, 0, 1, 5, 2, 0, 2, 1, 1, 2], 5, 2),
            ["id"] = TensorData.From<long>([3, 3, 1, 1, 3], 5, 1),
        };
        using var scorer = Scorer.Open(model, null, Space.Logit);
        var effect = FeatureEffects
            .Compute(scorer, rows, [slots[0]], new EffectSettings { Kind = EffectKind.Pdp, Replicates = 100 })
            .Single();
        effect.Axes[0].Positions.Select(p => p.Label).ShouldBe(["1 3", "2 1"]);
        (effect.Values[1] - effect.Values[0]).ShouldBe(2 * 2 + 1 - (2 * 1 + 4), 1e-5);
        effect.Density.ShouldBe([3, 2]);
    }

    private static IReadOnlyList<FeatureEffect> Compute(
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        EffectKind kind,
        string features,
        EffectSettings? settings = null
    )
    {
        using var scorer = Scorer.Open(model, null, Space.Logit);
        var slots = FeatureSlot.FromInputs(model).ToDictionary(s => s.Name);
        return FeatureEffects.Compute(
            scorer,
            rows,
            [.. features.Split(',').Select(f => slots[f])],
            settings ?? new EffectSettings { Kind = kind, Replicates = 200 }
        );
    }
}
