using Assay.Attribution.Compilation;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>
/// Compiled models, run in bare ONNX Runtime at several batch sizes, return what the explainer computes: to 1e-5 of the
/// row's largest |attribution| (single precision in another order of rows).
/// </summary>
public sealed class RealModelTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Models => RealCase.Models;

    [Theory, MemberData(nameof(Models))]
    public void Gradient_times_input_is_the_explainers(string model) => Compare(model, "gradient-times-input");

    [Theory, MemberData(nameof(Models))]
    public void Integrated_gradients_are_the_explainers(string model) => Compare(model, "integrated-gradients");

    [Theory, MemberData(nameof(Models))]
    public void Feature_ablation_is_the_explainers(string model) => Compare(model, "feature-ablation");

    [Theory, MemberData(nameof(Models))]
    public void Deeplift_is_the_explainers(string model) => Compare(model, "deeplift");

    // Where sums nearly cancel, relevances are a multiple of the target, and so is their rounding.
    [Theory, MemberData(nameof(Models))]
    public void Lrp_is_the_explainers(string model) => Compare(model, "lrp", 1e-3);

    private void Compare(string name, string method, double tolerance = Tolerance)
    {
        var real = ReferenceCase.Open(name);
        var slots = FeatureSlot.FromInputs(real.Model);
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(real.Rows), Baseline.Rows(real.Replacement()) })
        {
            var settings = new ExplainSettings
            {
                Method = method,
                At = at,
                Baseline = baseline,
                Steps = 8,
            };
            using var explainer = Explainer.Open(real.Model, slots, settings);
            var expected = explainer.Explain(real.Rows);
            using var bare = new BareRun(ModelCompiler.Explain(real.Model, slots, settings, new CompileOptions()));
            var worst = Agreement.Check(expected, real.Rows, bare, tolerance);
            output.WriteLine($"{name} {method} {at} {baseline.Name}: worst {worst:e1}");
        }
    }
}
