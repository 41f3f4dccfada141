using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.GradientMethods;

/// <summary>Layer-wise relevance propagation against what is known on paper.</summary>
public sealed class LrpTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => RealCase.Models;

    private static readonly float[] Weights = [1, -2, .5f, 3];

    private static readonly float[] Matrix = [1, .5f, -1, 2, .3f, -.7f, .2f, 0, 1, 1, -2, .4f, 0, .6f, -.1f, .9f];

    private static readonly Dictionary<string, TensorData> TwoRows = Oracle.Rows(1, 2, -1, .5, -.25, 4, 3, 1);

    private static ExplainSettings Settings(double epsilon, double gamma = 0, bool gates = false) =>
        Oracle.Settings("lrp") with
        {
            Relevance = new(epsilon, gamma, gates),
        };

    private static SmallModel Layers() =>
        Oracle
            .Model()
            .Tensor("a", TensorData.From(Matrix, 4, 4))
            .Tensor("b", TensorData.From(Matrix.Reverse().ToArray(), 4, 4))
            .Tensor("w", TensorData.From(Weights, 4))
            .Tensor("axis", TensorData.Int64s(1))
            .Node("MatMul x a -> u");

    // Ancona et al. 2018, proposition 1: with ReLU and no biases, ε → 0, it is gradient × input.
    [Fact]
    public void Without_biases_a_relu_network_gives_gradient_times_input()
    {
        var model = Layers()
            .Node("Relu u -> h")
            .Node("MatMul h b -> v")
            .Node("Relu v -> k")
            .Node("MatMul k w -> logit")
            .Done();
        var expected = Oracle.Explain(model, TwoRows, Oracle.Settings("gradient-times-input")).Attributions;
        foreach (var epsilon in new[] { 0, 1e-9, 1e-6 })
            Oracle.Explain(model, TwoRows, Settings(epsilon)).Attributions.ShouldBe(expected, 100 * epsilon + 1e-12);
    }

    [Fact]
    public void A_linear_model_gives_weight_times_input_and_its_bias_keeps_its_own()
    {
        var ours = Oracle.Explain(Oracle.Linear(Weights, 7), TwoRows, Settings(0));
        ours.Attributions.ShouldBe([1, -4, -.5, 1.5, -.25, -8, 1.5, 3], 1e-12);
    }

    // Bach et al. 2015, equation 58: R·z/(z + ε·sign z).
    [Fact]
    public void Epsilon_takes_its_share()
    {
        var ours = Oracle.Explain(Oracle.Linear([1, 2, 3, 4], 0), Oracle.Rows(1, 1, 1, 1), Settings(0.5));
        // Both the product and the sum behind it divide by 10 + ε.
        ours.Attributions.ShouldBe([.. new[] { 1, 2, 3, 4 }.Select(z => z * Math.Pow(10 / 10.5, 2))], 1e-12);
    }

    // Montavon et al. 2019, table 1, row γ: with positive inputs R·x(w + γw⁺)/Σx(w + γw⁺).
    [Fact]
    public void Gamma_favours_what_agrees()
    {
        var model = Layers().Node("Relu u -> h").Node("MatMul h w -> logit").Done();
        var x = new double[] { 1, 2, 3, 4 };
        const double gamma = 0.25;
        double Term(int j, int k) => x[j] * (Matrix[j * 4 + k] + gamma * Math.Max(0, Matrix[j * 4 + k]));
        double Sum(int k) => Enumerable.Range(0, 4).Sum(j => x[j] * Matrix[j * 4 + k]);
        var (h, last) = (Enumerable.Range(0, 4).Select(k => Math.Max(0, Sum(k))).ToArray(), new double[4]);
        var target = h.Zip(Weights, (a, b) => a * b).Sum();
        target.ShouldBeGreaterThan(0);
        for (var k = 0; k < 4; k++)
            last[k] = h[k] * (Weights[k] + gamma * Math.Max(0, Weights[k]));
        var relevance = last.Select(l => target * l / last.Sum()).ToArray();
        var expected = Enumerable
            .Range(0, 4)
            .Select(j =>
                Enumerable
                    .Range(0, 4)
                    .Where(k => h[k] > 0)
                    .Sum(k => relevance[k] * Term(j, k) / Enumerable.Range(0, 4).Sum(i => Term(i, k)))
            )
            .ToArray();
        Oracle.Explain(model, Oracle.Rows(x), Settings(0, gamma)).Attributions.ShouldBe(expected, 1e-6);
    }

    public static TheoryData<string> Forms =>
        [
            "Relu u -> y",
            "Sigmoid u -> y",
            "Gelu u -> y",
            "LayerNormalization u w -> y",
            "Mul u x -> y",
            "Add u x -> y",
            "Sub u x -> y",
            "Concat x u -> y",
            "Max u x -> y",
            "Div u x -> y",
            "ReduceMean u axis -> y",
            "ReduceL2 u axis -> y",
            "ReduceSumSquare u axis -> y",
            "ReduceLogSumExp u axis -> y",
            "ReduceMax u axis -> y",
            "Einsum u x -> y",
        ];

    // What goes into a sum comes out of it: Σ relevance = target, where nothing is a bias.
    [Theory, MemberData(nameof(Forms))]
    public void Relevance_is_conserved(string form)
    {
        var model = form.StartsWith("Einsum", StringComparison.Ordinal)
            ? Layers().Node(form, ("equation", "bi,bi->b")).Node("Relu y -> logit").Done()
            : (
                form.StartsWith("Concat", StringComparison.Ordinal)
                    ? Layers().Node(form, ("axis", 1L))
                    : Layers().Node(form)
            )
                .Node("ReduceSum y axis -> logit", ("keepdims", 0L))
                .Done();
        foreach (var gamma in new[] { 0, 0.5 })
        {
            var ours = Oracle.Explain(model, TwoRows, Settings(0, gamma) with { Float64 = form[..4] != "Gelu" });
            for (var r = 0; r < 2; r++)
                ours.Attributions[(r * 4)..(r * 4 + 4)]
                    .Sum()
                    .ShouldBe(ours.Target[r], 1e-5 * (1 + Math.Abs(ours.Target[r])), form);
        }
    }

    // A residual: autograd would hand all of the relevance to both summands, as Captum 0.8 does where a + is no module.
    [Fact]
    public void A_sum_shares_in_proportion_to_its_terms()
    {
        var model = Oracle
            .Model()
            .Tensor("w", TensorData.From<float>([1, 1, 1, 1], 4))
            .Node("Add x x -> two")
            .Node("Add two x -> three")
            .Node("MatMul three w -> logit")
            .Done();
        Oracle
            .Explain(model, TwoRows, Settings(0))
            .Attributions.ShouldBe([.. TwoRows["x"].ToDoubles().Select(v => 3 * v)], 1e-12);
    }

    [Fact]
    public void A_gate_gets_nothing_unless_it_shares_and_an_activation_written_out_is_one()
    {
        SmallModel Gated() => Layers().Node("Sigmoid u -> g").Node("MatMul x b -> v").Node("Mul g v -> y");
        var model = Gated().Node("MatMul y w -> logit").Done();
        var signal = Oracle.Explain(model, TwoRows, Settings(0)).Attributions;
        var shared = Oracle.Explain(model, TwoRows, Settings(0, gates: true)).Attributions;
        // Terms of y = g·v go down v, in proportion to those of v = xB: φⱼ = xⱼ Σₖ Bⱼₖ·gₖ·wₖ, gₖ = σ(Σᵢ xᵢAᵢₖ).
        var x = TwoRows["x"].ToDoubles();
        var b = Matrix.Reverse().ToArray();
        double Gate(int k) => 1 / (1 + Math.Exp(-Enumerable.Range(0, 4).Sum(i => x[i] * Matrix[i * 4 + k])));
        for (var j = 0; j < 4; j++)
            signal[j].ShouldBe(x[j] * Enumerable.Range(0, 4).Sum(k => b[j * 4 + k] * Gate(k) * Weights[k]), 1e-6);
        shared[..4].Sum().ShouldBe(signal[..4].Sum(), 1e-9);
        shared.Zip(signal, (a, c) => Math.Abs(a - c)).Max().ShouldBeGreaterThan(0.01);
        // u·σ(u) is an activation of u: relevance passes, as through any other written in one node.
        var written = Layers().Node("Sigmoid u -> g").Node("Mul u g -> y").Node("MatMul y w -> logit").Done();
        var swish = Oracle.Explain(written, TwoRows, Settings(0, gates: true)).Attributions;
        for (var j = 0; j < 4; j++)
            swish[j].ShouldBe(x[j] * Enumerable.Range(0, 4).Sum(k => Matrix[j * 4 + k] * Gate(k) * Weights[k]), 1e-6);
    }

    [Fact]
    public void An_operator_without_a_rule_is_refused_by_name()
    {
        var model = Layers().Node("ReduceProd u axis -> logit", ("keepdims", 0L)).Done();
        Should
            .Throw<AssayException>(() => Oracle.Explain(model, TwoRows, Settings(0)))
            .Message.ShouldContain("ReduceProd");
    }

    [Theory, MemberData(nameof(Models))]
    public void Every_model_of_the_real_case_has_relevances(string name)
    {
        var real = ReferenceCase.Open(name);
        foreach (var gamma in new[] { 0, 0.25 })
        {
            var settings = new ExplainSettings
            {
                Method = "lrp",
                At = EntryPoint.Preprocessed,
                Relevance = new(Gamma: gamma),
            };
            using var explainer = Explainer.Open(real.Model, FeatureSlot.FromInputs(real.Model), settings);
            var ours = explainer.Explain(real.Rows);
            ours.Attributions.ShouldAllBe(a => double.IsFinite(a));
            ours.Target.Zip(real.Logits, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-4);
            var features = explainer.Features.Count;
            var kept = Enumerable
                .Range(0, ours.Rows)
                .Select(r => ours.Attributions[(r * features)..((r + 1) * features)].Sum() / ours.Target[r])
                .Order()
                .ToArray();
            output.WriteLine(
                $"{name} γ {gamma}: share of the target that features get {kept[0]:f2} … {kept[kept.Length / 2]:f2} … {kept[^1]:f2}, largest {ours.Attributions.Max(Math.Abs):e1}"
            );
        }
    }
}
