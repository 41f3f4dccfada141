using Assay.Attribution.Interactions;
using Assay.Onnx;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Interactions;

/// <summary>What every registered method of interactions promises.</summary>
public sealed class InteractionContractTests
{
    public static TheoryData<string> Methods => [.. InteractionRegistry.All.Select(m => m.Id)];

    public static TheoryData<string> PerRow => [.. InteractionRegistry.All.Where(m => m.PerRow).Select(m => m.Id)];

    public static TheoryData<string> Population => [.. InteractionRegistry.All.Where(m => !m.PerRow).Select(m => m.Id)];

    // logit = tanh(a·x + w·E[id]) · (c·x): number 2 and id 1 are dummies.
    private static OnnxModel Model() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 3)
            .Input("id", DataType.Int64, "batch", 2)
            .Tensor("a", TensorData.From<float>([1, -0.5f, 0], 3, 1))
            .Tensor("c", TensorData.From<float>([0.3f, 0.8f, 0], 3, 1))
            .Tensor("E", TensorData.From<float>([0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f, 0.7f, 0.8f], 4, 2))
            .Tensor("w", TensorData.From<float>([1, -1, 0, 0], 4, 1))
            .Node("Gather E id -> e")
            .Node("Flatten e -> f")
            .Node("MatMul f w -> d")
            .Node("MatMul x a -> u")
            .Node("Add u d -> s")
            .Node("Tanh s -> t")
            .Node("MatMul x c -> v")
            .Node("Mul t v -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private static readonly Dictionary<string, TensorData> Rows = new()
    {
        ["x"] = TensorData.From([.. Enumerable.Range(0, 36).Select(i => MathF.Sin(5 * i) * 2)], 12, 3),
        ["id"] = TensorData.From([.. Enumerable.Range(0, 24).Select(i => i * 7 % 4L)], 12, 2),
    };

    private static readonly int[] Dummies = [2, 4];

    [Theory, MemberData(nameof(Methods))]
    public void Sets_with_a_dummy_come_to_nothing_and_the_rest_to_something(string method)
    {
        using var explainer = Open(method);
        var ranking = explainer.Rank(Rows);
        foreach (var found in ranking.Interactions)
            if (found.Players.Intersect(Dummies).Any())
                found.Value.ShouldBe(0, 2e-6, string.Join(",", found.Players));
            else
                found.Value.ShouldBeGreaterThan(1e-3, string.Join(",", found.Players));
        ranking.Interactions.Count(f => f.Players.Count == 2).ShouldBe(10);
        ranking.Rows.ShouldBeGreaterThan(0);
        foreach (var found in ranking.Interactions.Where(f => !double.IsNaN(f.StandardError) && f.Value > 0))
            (found.Interval.Low <= found.Value && found.Value <= found.Interval.High).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(PerRow))]
    public void A_row_gets_the_same_bits_in_any_company(string method)
    {
        using var explainer = Open(method);
        var all = explainer.Explain(Rows);
        var one = explainer.Explain(RowSample.Take(Rows, [7]));
        one.Values.ShouldBe(all.Values[(7 * all.Sets.Count)..(8 * all.Sets.Count)]);
        one.Sets.ShouldBe(all.Sets);
        one.Target.Single().ShouldBe(all.Target[7]);
    }

    [Theory, MemberData(nameof(PerRow))]
    public void Completeness_holds_where_it_is_claimed(string method)
    {
        using var explainer = Open(method);
        var result = explainer.Explain(Rows);
        using var scorer = Scorer.Open(Model(), null, Gradients.Space.Logit);
        result.Target.ShouldBe(scorer.Score(Rows), 1e-6);
        if (explainer.Method.Complete)
            result.CompletenessGap!.Max(Math.Abs).ShouldBeLessThan(5e-5);
        else
            result.CompletenessGap.ShouldBeNull();
    }

    [Theory, MemberData(nameof(Population))]
    public void Population_methods_refuse_single_rows(string method)
    {
        using var explainer = Open(method);
        Should.Throw<AssayException>(() => explainer.Explain(Rows)).Fault.ShouldBe(Fault.Usage);
    }

    [Theory, MemberData(nameof(Methods))]
    public void The_same_seed_gives_the_same_ranking(string method)
    {
        using var first = Open(method);
        using var second = Open(method);
        var (a, b) = (first.Rank(Rows, Keys), second.Rank(Rows, Keys));
        a.Interactions.Select(i => (i.Value, i.Interval, i.PAdjusted))
            .ShouldBe(b.Interactions.Select(i => (i.Value, i.Interval, i.PAdjusted)));
        a.Clusters.ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void Wrong_settings_are_refused()
    {
        InteractionSettings good = new() { Explain = new ExplainSettings { Method = "shapley-interactions" } };
        foreach (
            var bad in new[]
            {
                good with
                {
                    Index = "magic",
                },
                good with
                {
                    Order = 1,
                },
                good with
                {
                    Order = 4,
                },
                good with
                {
                    Level = 0,
                },
                good with
                {
                    LeastShare = 2,
                },
                good with
                {
                    SampleRows = 1,
                },
                good with
                {
                    Explain = new ExplainSettings { Method = "saliency" },
                },
                good with
                {
                    Order = 3,
                    Explain = new ExplainSettings { Method = "integrated-hessians" },
                },
            }
        )
            Should.Throw<AssayException>(bad.Validate).Fault.ShouldBe(Fault.Usage);
    }

    private static readonly ulong[] Keys = [.. Enumerable.Range(0, 12).Select(i => (ulong)(i / 2))];

    private static InteractionExplainer Open(string method) =>
        InteractionExplainer.Open(
            Model(),
            FeatureSlot.FromInputs(Model()),
            new InteractionSettings
            {
                Explain = new ExplainSettings { Method = method },
                Replicates = 200,
                LeastShare = 1e-4,
            }
        );
}
