using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;
using CsCheck;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests;

/// <summary>What every registered method promises, checked against what it declares of itself.</summary>
public sealed class MethodContractTests
{
    public static TheoryData<string> PerRow =>
        [.. MethodRegistry.All.Where(m => m is { PerRow: true, Layer: LayerUse.None }).Select(m => m.Id)];

    public static TheoryData<string> Population => [.. MethodRegistry.All.Where(m => !m.PerRow).Select(m => m.Id)];

    /// <summary>logit = tanh(a·x + w·E[id]) · (c·x) with a dummy number x₂ and a dummy id.</summary>
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

    private static readonly Gen<(float[] X, long[] Id)> Rows = Gen.Select(
        Gen.Float[-2, 2].Array[24],
        Gen.Long[0, 3].Array[16]
    );

    [Theory, MemberData(nameof(PerRow))]
    public void A_dummy_gets_nothing(string method)
    {
        var model = Model();
        using var explainer = Open(model, method, Baseline.Zero);
        Rows.Sample(
            rows =>
            {
                var result = explainer.Explain(Feeds(rows));
                for (var r = 0; r < result.Rows; r++)
                {
                    result.Attributions[r * 5 + 2].ShouldBe(0);
                    result.Attributions[r * 5 + 4].ShouldBe(0);
                }
            },
            iter: 20
        );
    }

    [Theory, MemberData(nameof(PerRow))]
    public void Completeness_holds_where_it_is_claimed_and_is_null_where_not(string method)
    {
        var model = Model();
        var mean = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([1, 2, 3, -1, 0, 1], 2, 3),
            ["id"] = TensorData.From<long>([0, 1, 2, 3], 2, 2),
        };
        var row = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([1, 2, 3], 1, 3),
            ["id"] = TensorData.From<long>([3, 1], 1, 2),
        };
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(mean), Baseline.Rows(row) })
        {
            using var explainer = Open(model, method, baseline);
            Rows.Sample(
                rows =>
                {
                    var gap = explainer.Explain(Feeds(rows)).CompletenessGap;
                    if (explainer.Method.Complete)
                        // In single precision a slope over a short interval is good to ε^⅔ ≈ 2.4e-5.
                        gap!.Max(Math.Abs).ShouldBeLessThan(5e-5, baseline.Name);
                    else
                        gap.ShouldBeNull();
                },
                iter: 10
            );
        }
    }

    [Theory, MemberData(nameof(PerRow))]
    public void The_target_is_the_models_and_the_baseline_target_that_of_the_baseline(string method)
    {
        var model = Model();
        var row = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From<float>([1, 2, 3], 1, 3),
            ["id"] = TensorData.From<long>([3, 1], 1, 2),
        };
        using var explainer = Open(model, method, Baseline.Rows(row));
        using var scorer = Scorer.Open(model, null, Space.Logit);
        var rows = Feeds(
            ([.. Enumerable.Range(0, 24).Select(i => i / 10f)], [.. Enumerable.Range(0, 16).Select(i => i % 4L)])
        );
        var result = explainer.Explain(rows);
        result.Target.ShouldBe(scorer.Score(rows), 1e-6);
        result.BaselineTarget.ShouldAllBe(b => Math.Abs(b - scorer.Score(row)[0]) < 1e-6);
    }

    [Theory, MemberData(nameof(PerRow))]
    public void A_row_gets_the_same_bits_in_any_company_and_on_any_thread(string method)
    {
        using var explainer = Open(Model(), method, Baseline.Zero);
        var rows = Feeds(
            ([.. Enumerable.Range(0, 24).Select(i => i / 7f - 1)], [.. Enumerable.Range(0, 16).Select(i => i % 4L)])
        );
        var all = explainer.Explain(rows).Attributions;
        Parallel.For(
            0,
            8,
            r =>
            {
                var one = rows.ToDictionary(p => p.Key, p => Row(p.Value, r));
                explainer.Explain(one).Attributions.ShouldBe(all[(r * 5)..((r + 1) * 5)]);
            }
        );
    }

    [Theory, MemberData(nameof(Population))]
    public void Population_methods_refuse_rows_and_name_the_study(string method)
    {
        using var explainer = Open(Model(), method, Baseline.Zero);
        var error = Should.Throw<AssayException>(() => explainer.Explain(Feeds((new float[24], new long[16]))));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain("assay study");
    }

    [Fact]
    public void Where_no_gradient_goes_through_the_methods_that_still_work_are_named()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", 1, 4)
            .Node("LpPool x -> p", ("kernel_shape", new long[] { 2 }))
            .Tensor("axis", TensorData.Int64s(2))
            .Node("ReduceSum p axis -> logit", ("keepdims", 0L))
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
        var rows = new Dictionary<string, TensorData> { ["x"] = TensorData.From<float>([1, 2, 3, 4], 1, 1, 4) };
        var error = Should.Throw<AssayException>(() =>
        {
            using var explainer = Open(model, "saliency", Baseline.Zero);
            explainer.Explain(rows);
        });
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldContain("LpPool");
        foreach (var method in MethodRegistry.All.Where(m => m.NeedsGradient))
            error.Message.ShouldNotContain(method.Id);
        foreach (var method in new[] { "feature-ablation", "shapley", "permutation" })
        {
            error.Message.ShouldContain(method);
            MethodRegistry.Get(method).NeedsGradient.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_model_that_does_not_run_is_refused_with_the_reason()
    {
        var foreign = new SmallModel()
            .Input("x", DataType.Float, "batch", 1)
            .Output("logit", DataType.Float, "batch", 1);
        foreign.Proto.OpsetImport.Add(new Onnx.Wire.OperatorSetIdProto { Domain = "com.example", Version = 1 });
        foreign.Node("Oracle x -> logit");
        foreign.Proto.Graph.Node[0].Domain = "com.example";
        var error = Should.Throw<AssayException>(() => Scorer.Open(foreign.Load(), null, Space.Logit));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldContain("Oracle");
    }

    [Fact]
    public void An_unknown_method_lists_the_known_ones() =>
        Should.Throw<AssayException>(() => MethodRegistry.Get("magic")).Message.ShouldContain("integrated-gradients");

    [Fact]
    public void Gauss_legendre_is_exact_to_degree_2n_minus_1_and_equals_the_published_nodes()
    {
        // Abramowitz and Stegun, table 25.4, n = 5, mapped to [0, 1].
        var (nodes, weights) = Methods.GaussLegendre.UnitInterval(5);
        nodes.ShouldBe([0.046910077030668, 0.230765344947158, 0.5, 0.769234655052842, 0.953089922969332], 1e-14);
        weights.ShouldBe(
            [0.118463442528095, 0.239314335249683, 0.284444444444444, 0.239314335249683, 0.118463442528095],
            1e-14
        );
        foreach (var n in new[] { 1, 2, 7, 32, 128, 2048 })
        {
            (nodes, weights) = Methods.GaussLegendre.UnitInterval(n);
            for (var degree = 0; degree < Math.Min(2 * n, 60); degree++)
                nodes
                    .Zip(weights, (x, w) => w * Math.Pow(x, degree))
                    .Sum()
                    .ShouldBe(1.0 / (degree + 1), 1e-13, $"n {n}, degree {degree}");
        }
    }

    private static Explainer Open(OnnxModel model, string method, Baseline baseline) =>
        Explainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings
            {
                Method = method,
                Baseline = baseline,
                Steps = 64,
            }
        );

    private static Dictionary<string, TensorData> Feeds((float[] X, long[] Id) rows) =>
        new() { ["x"] = TensorData.From(rows.X, 8, 3), ["id"] = TensorData.From(rows.Id, 8, 2) };

    private static TensorData Row(TensorData tensor, int row)
    {
        var width = tensor.Count / (int)tensor.Dims[0];
        var values = ElementTypes.NewArray(tensor.Type, width);
        Array.Copy(tensor.Values, row * width, values, 0, width);
        return TensorData.Create(tensor.Type, [1, .. tensor.Dims[1..]], values);
    }
}
