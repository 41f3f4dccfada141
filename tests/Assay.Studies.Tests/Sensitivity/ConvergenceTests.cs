using Assay.Attribution;
using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// logit = 4 σ(10 (a + b)) − 2. Along the path from zero the integrated gradient of a is a · (σ(10 s) − ½) · 4 / s with s = a + b, by
/// the chain rule; two nodes of Gauss and Legendre miss the slope at the path's beginning.
/// </summary>
public sealed class ConvergenceTests : IDisposable
{
    private const int Rows = 1000;
    private readonly TempFolder folder = new();
    private readonly double[] a = new double[Rows];
    private readonly double[] b = new double[Rows];

    public ConvergenceTests()
    {
        Model().Save(folder["model.onnx"]);
        folder.File(
            "features.yaml",
            """
            features:
              - {feature: a, kind: numeric, input: dense, column: 0}
              - {feature: b, kind: numeric, input: dense, column: 1}
              - {feature: idle, kind: numeric, input: dense, column: 2}
            """
        );
        var label = new int[Rows];
        for (var i = 0; i < Rows; i++)
        {
            var random = new CounterRandom(5, "steep", (ulong)i);
            // Rounded as the model gets them.
            (a[i], b[i]) = ((float)(1 + random.NextDouble()), (float)(-0.5 * random.NextDouble()));
            label[i] = random.NextBool(0.8) ? 1 : 0;
        }
        RowFile.Write(
            folder["rows.parquet"],
            ("a", a),
            ("b", b),
            ("idle", b),
            ("usr", Enumerable.Range(0, Rows).Select(i => i / 5).ToArray()),
            ("label", label)
        );
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_steps_are_not_enough_and_sixty_four_are()
    {
        var truth = Enumerable
            .Range(0, Rows)
            .Average(i => a[i] * 4 * (1 / (1 + Math.Exp(-10 * (a[i] + b[i]))) - 0.5) / (a[i] + b[i]));
        var few = Run(2, "{settings: {steps: [64]}}");
        few.Report.ShouldContain(
            "**The integral has not converged**: with 64 steps instead of 2 the importance of a and b"
        );
        var band = few.Estimates.Single(e =>
            e is { Estimand: "band_mean_abs_attribution", Method: "settings", Feature: "a" }
        );
        band.Value.ShouldBeLessThan(0.9 * truth);
        band.High.ShouldBe(truth, 1e-3 * truth);
        few.Findings.Single(f => f.Feature == "a")
            .AlternativeExplanations[0]
            .ShouldEndWith("the integral has not converged");
        var enough = Run(64, "{settings: {steps: [2, 128]}}");
        enough.Report.ShouldContain("The integral has converged: with 128 steps instead of 64 every importance stays");
        // What fewer steps get wrong is not held against those taken.
        enough.Findings.SelectMany(f => f.AlternativeExplanations).ShouldNotContain(t => t.Contains("steps"));
        var coarse = Run(64, "{settings: {steps: [2]}}");
        coarse.Report.ShouldContain("Whether the integral has converged was not tried");
    }

    [Fact]
    public void Methods_are_known_to_depend_on_baseline_and_steps_or_not_to()
    {
        var model = Model();
        FeatureSlot[] slots = [.. new[] { "a", "b", "idle" }.Select((n, i) => new FeatureSlot(n, [new("dense", i)]))];
        var rows = new Dictionary<string, TensorData> { ["dense"] = TensorData.From([0.03f, 0.02f, 0.5f], 1, 3) };
        var other = Baseline.Rows(
            new Dictionary<string, TensorData> { ["dense"] = TensorData.From([0.01f, 0.5f, 0f], 1, 3) }
        );
        var methods = MethodRegistry.All.Where(m => m is { PerRow: true, Layer: LayerUse.None }).ToArray();
        methods.Length.ShouldBeGreaterThan(10);
        foreach (var method in methods)
        {
            double[] Explain(Baseline baseline, int steps)
            {
                using var explainer = Explainer.Open(
                    model,
                    slots,
                    new ExplainSettings
                    {
                        Method = method.Id,
                        Baseline = baseline,
                        Steps = steps,
                        Rule = "gauss-legendre",
                    }
                );
                return explainer.Explain(rows).Attributions;
            }
            var own = Explain(Baseline.Zero, 2);
            own.SequenceEqual(Explain(other, 2)).ShouldBe(Variant.WithoutBaseline.Contains(method.Id), method.Id);
            own.SequenceEqual(Explain(Baseline.Zero, 32)).ShouldBe(!Variant.WithSteps.Contains(method.Id), method.Id);
        }
    }

    private StudyResult Run(int steps, string sensitivity) =>
        StudyRunner.Run(
            StudyDefinition.Load(
                folder.File(
                    "study.yaml",
                    $$"""
                    model: model.onnx
                    dictionary: features.yaml
                    data: {explain: rows.parquet}
                    label: label
                    cluster: usr
                    replicates: 100
                    methods: [{id: integrated-gradients, steps: {{steps}}, rule: gauss-legendre}]
                    sensitivity: {{sensitivity}}
                    """
                )
            ),
            folder[$"run-{steps}-{sensitivity.Length}"],
            new RunOptions { Threads = 2 }
        );

    private static OnnxModel Model() =>
        new SmallModel()
            .Input("dense", DataType.Float, "batch", 3)
            .Tensor("weights", TensorData.From([10f, 10f, 0f], 3, 1))
            .Tensor("four", TensorData.From([4f], 1))
            .Tensor("two", TensorData.From([2f], 1))
            .Node("MatMul dense weights -> sum")
            .Node("Sigmoid sum -> steep")
            .Node("Mul steep four -> scaled")
            .Node("Sub scaled two -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
}
