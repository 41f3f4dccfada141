using Assay.Attribution.Ranking;
using Assay.Onnx;
using Assay.Tests;
using Shouldly;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Ranking;

/// <summary>Explanations of lists and of pairs beside sums over all orders of the features, of f(x) = x₀x₁ + x₂.</summary>
public class ListExplanationTests
{
    private static readonly double[][] Candidates =
    [
        [1, 2, -1],
        [2, 0.5, 1.5],
        [-1, 1, 1.25],
    ];

    private static readonly double[] Labels = [1, 0, 1];

    private static double F(IReadOnlyList<double> x) => x[0] * x[1] + x[2];

    private static OnnxModel Model() =>
        new SmallModel(20)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("zero", TensorData.Int64s(0))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("two", TensorData.Int64s(2))
            .Node("Gather x zero -> a", ("axis", 1L))
            .Node("Gather x one -> b", ("axis", 1L))
            .Node("Gather x two -> c", ("axis", 1L))
            .Node("Mul a b -> ab")
            .Node("Add ab c -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private static Dictionary<string, TensorData> Rows(params double[][] rows) =>
        new() { ["x"] = TensorData.From([.. rows.SelectMany(r => r).Select(v => (float)v)], rows.Length, 3) };

    private static Explainer Open(string method, Baseline? baseline = null)
    {
        var model = Model();
        return Explainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = method, Baseline = baseline ?? Baseline.Zero }
        );
    }

    // The definition: the mean over all orders of what a player adds to those before it (Shapley 1953).
    private static double[] Oracle(Func<HashSet<int>, double> value)
    {
        int[][] orders =
        [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ];
        var result = new double[3];
        foreach (var order in orders)
        {
            var present = new HashSet<int>();
            foreach (var player in order)
            {
                var before = value(present);
                present.Add(player);
                result[player] += (value(present) - before) / orders.Length;
            }
        }
        return result;
    }

    private static double[] Scores(HashSet<int> present, Func<int, int, bool> isAbsent) =>
        [.. Candidates.Select((x, c) => F([.. x.Select((v, p) => !present.Contains(p) && isAbsent(c, p) ? 0 : v)]))];

    [Theory, InlineData("ndcg"), InlineData("top"), InlineData("margin")]
    public void Shapley_values_of_a_list_are_means_over_orders(string measure)
    {
        var target = measure switch
        {
            "ndcg" => ListTarget.Ndcg(Labels, 2),
            "top" => ListTarget.TopK(0, 1),
            _ => ListTarget.Margin(0, 1),
        };
        using var explainer = Open("shapley");
        var list = explainer.ExplainList(Rows(Candidates), target);
        var expected = Oracle(present => target.Of(Scores(present, (_, _) => true)));
        for (var p = 0; p < 3; p++)
            list.Attributions[p].ShouldBe(expected[p], 1e-6);
        list.Target[0].ShouldBe(target.Of([.. Candidates.Select(F)]), 1e-6);
        list.Evaluations![0].ShouldBe(8 * 3);
    }

    // x₂ is the request's, the others candidate 1's own.
    [Fact]
    public void A_scope_keeps_the_others_as_they_are()
    {
        var target = ListTarget.Margin(1, 1);
        using var explainer = Open("shapley");
        var list = explainer.ExplainList(Rows(Candidates), target, new ListScope(1, [false, false, true]));
        var expected = Oracle(present => target.Of(Scores(present, (c, p) => c == 1 || p == 2)));
        for (var p = 0; p < 3; p++)
            list.Attributions[p].ShouldBe(expected[p], 1e-6);
    }

    [Fact]
    public void Ablation_of_a_list_is_what_it_loses()
    {
        var target = ListTarget.Ndcg(Labels, 2);
        using var explainer = Open("feature-ablation");
        var list = explainer.ExplainList(Rows(Candidates), target);
        for (var p = 0; p < 3; p++)
            list.Attributions[p]
                .ShouldBe(
                    list.Target[0] - target.Of(Scores([.. Enumerable.Range(0, 3).Except([p])], (_, _) => true)),
                    1e-6
                );
    }

    // f(a) − f(b): with the other row as baseline x₀x₁ shares its change by the midpoint of the other factor, in all methods
    // that are fair to products; the feature that does not differ has nothing.
    [Theory, InlineData("shapley"), InlineData("integrated-gradients"), InlineData("permutation-shapley")]
    public void Another_row_as_baseline_explains_what_differs(string method)
    {
        double[] a = [3, 2, 1],
            b = [1, -1, 1];
        using var explainer = Open(method, Baseline.Rows(Rows(b)));
        var explained = explainer.Explain(Rows(a));
        explained.Attributions[0].ShouldBe((3 - 1) * 0.5, 1e-6);
        explained.Attributions[1].ShouldBe((2 + 1) * 2, 1e-6);
        explained.Attributions[2].ShouldBe(0);
        (explained.Target[0] - explained.BaselineTarget[0]).ShouldBe(F(a) - F(b), 1e-6);
    }

    // Against zero a product is shared in halves: φ₀ = φ₁ = x₀x₁/2.
    [Theory, InlineData("shapley"), InlineData("integrated-gradients")]
    public void A_difference_of_rows_is_the_difference_of_their_attributions(string method)
    {
        double[] a = [3, 2, 1],
            b = [1, -1, 1];
        using var explainer = Open(method);
        var contrast = Contrast.Of(explainer.Explain(Rows(a)), explainer.Explain(Rows(b)));
        contrast.Attributions[0].ShouldBe(3.5, 1e-6);
        contrast.Attributions[1].ShouldBe(3.5, 1e-6);
        contrast.Attributions[2].ShouldBe(0);
        contrast.Target[0].ShouldBe(F(a) - F(b), 1e-6);
        contrast.CompletenessGap![0].ShouldBe(0, 1e-6);
    }

    [Fact]
    public void Methods_that_need_a_smooth_target_refuse_lists_and_name_those_that_work()
    {
        using var explainer = Open("integrated-gradients");
        var error = Should.Throw<AssayException>(() => explainer.ExplainList(Rows(Candidates), ListTarget.TopK(0, 1)));
        error.Message.ShouldContain("'integrated-gradients' cannot explain a list");
        error.Message.ShouldContain("shapley");
    }
}
