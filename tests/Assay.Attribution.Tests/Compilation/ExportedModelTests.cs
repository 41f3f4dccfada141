using Assay.Attribution.Compilation;
using Assay.Attribution.Tests.Exports;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>
/// The exports whose explanations are checked against PyTorch elsewhere: compiled, they return the same in bare ONNX
/// Runtime. Among them are models of a declared batch size, with bags, loops, recurrent layers and several heads.
/// </summary>
public sealed class ExportedModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Explained =>
        [
            .. ExportCase.Names.Where(n =>
                // Older opsets of the same model become the same graph.
                !n.EndsWith("_op11", StringComparison.Ordinal)
                && !n.EndsWith("_op13", StringComparison.Ordinal)
                && ExportCase.Open(n).Error is []
            ),
        ];

    public static TheoryData<string> Refused => [.. ExportCase.Names.Where(n => ExportCase.Open(n).Error is not [])];

    [Theory, MemberData(nameof(Explained))]
    public void Compiled_returns_what_the_explainer_computes(string name)
    {
        var export = ExportCase.Open(name);
        foreach (var method in MethodRegistry.Compilable)
            if (method is not ("deeplift" or "lrp") || IsExplained(export, method))
                Compare(export, method, Baseline.Zero);
        Compare(export, "feature-ablation", Baseline.Rows(Agreement.Take(export.Rows, 1)));
    }

    // Where no gradient rule is known, replacing inputs still works, compiled too.
    [Theory, MemberData(nameof(Refused))]
    public void What_has_no_gradient_is_refused_and_ablated(string name)
    {
        var export = ExportCase.Open(name);
        var features = FeatureSlot.FromInputs(export.Model);
        var gradient = new ExplainSettings { Method = "gradient-times-input", Head = export.Head };
        // Missing values are refused row by row; everything else when the model is opened.
        var refusal = Record.Exception(() =>
        {
            using var explainer = Explainer.Open(export.Model, features, gradient);
            explainer.Explain(export.Rows);
        });
        var error = Record.Exception(() =>
            ModelCompiler.Explain(export.Model, features, gradient, new CompileOptions())
        );
        if (name != "impute_missing")
            error!.Message.ShouldBe(refusal!.Message);
        Compare(export, "feature-ablation", Baseline.Rows(Agreement.Take(export.Rows, 1)));
    }

    // Slopes and relevances have rules for fewer operators than gradients; what is refused is refused compiled too.
    private bool IsExplained(ExportCase export, string method)
    {
        var (features, settings) = (FeatureSlot.FromInputs(export.Model), Settings(export, method, Baseline.Zero));
        using var explainer = Explainer.Open(export.Model, features, settings);
        try
        {
            explainer.Explain(export.Rows);
            return true;
        }
        catch (AssayException refusal)
        {
            output.WriteLine($"{method}: {refusal.Message}");
            Should
                .Throw<AssayException>(() =>
                    ModelCompiler.Explain(export.Model, features, settings, new CompileOptions())
                )
                .Message.ShouldBe(refusal.Message);
            return false;
        }
    }

    private static ExplainSettings Settings(ExportCase export, string method, Baseline baseline) =>
        new()
        {
            Method = method,
            Head = export.Head,
            Space = export.Probability ? Space.Probability : Space.Logit,
            At = EntryPoint.Preprocessed,
            Baseline = baseline,
            Steps = 3,
        };

    private static void Compare(ExportCase export, string method, Baseline baseline)
    {
        var features = FeatureSlot.FromInputs(export.Model);
        var settings = Settings(export, method, baseline);
        using var explainer = Explainer.Open(export.Model, features, settings);
        var expected = explainer.Explain(export.Rows);
        using var bare = new BareRun(ModelCompiler.Explain(export.Model, features, settings, new CompileOptions()));
        // Where sums nearly cancel, relevances are a multiple of the target, and so is their rounding.
        var tolerance = method == "lrp" ? 1e-3 : 1e-5;
        Agreement.Check(expected, export.Rows, bare, tolerance, export.Model.Graph.Inputs.First().Shape()?[0]);
    }
}
