using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Attribution.Tests.Exports;

/// <summary>
/// What recommender teams export from PyTorch, against PyTorch's own autograd in float64 (cases/README.md). Errors are
/// relative to the row's largest |value|: 1e-6 in float64, 1e-3 in float32 as shipped.
/// </summary>
public sealed class ExportTests(ITestOutputHelper output)
{
    public static TheoryData<string> Explained => [.. ExportCase.Names.Where(n => ExportCase.Open(n).Error is [])];

    public static TheoryData<string> Refused => [.. ExportCase.Names.Where(n => ExportCase.Open(n).Error is not [])];

    public static TheoryData<string> Behind =>
        [.. ExportCase.Names.Where(n => ExportCase.Open(n).Preprocessed is not null)];

    public static TheoryData<string> Smooth =>
        [.. ExportCase.Names.Where(n => ExportCase.Open(n) is { Error: [], IsSmooth: true, RunsInDouble: true })];

    public static TheoryData<string> Ablated =>
        [.. ExportCase.Names.Where(n => ExportCase.Open(n).Has("feature_ablation"))];

    [Theory, MemberData(nameof(Explained))]
    public void Gradients_agree_with_autograd(string name)
    {
        var export = ExportCase.Open(name);
        if (export.RunsInDouble)
            Compare(export, true, 1e-6);
        Compare(export, false, 1e-3);
    }

    [Theory, MemberData(nameof(Ablated))]
    public void Ablation_agrees(string name) =>
        Compare(ExportCase.Open(name), "feature-ablation", "feature_ablation", false, 1e-3);

    [Theory, MemberData(nameof(Refused))]
    public void What_has_no_gradient_is_named(string name)
    {
        var export = ExportCase.Open(name);
        var error = Should.Throw<AssayException>(() => Explain(export, "integrated-gradients", false, EntryPoint.Raw));
        foreach (var part in export.Error)
            error.Message.ShouldContain(part);
        error.Message.ShouldNotContain("\n");
    }

    // Against the model's own scores of rows in which one input after the other is that of the first row.
    [Theory, MemberData(nameof(Refused))]
    public void Ablation_by_replacement_still_works(string name)
    {
        var export = ExportCase.Open(name);
        var first = export.Rows.ToDictionary(r => r.Key, r => First(r.Value));
        var features = FeatureSlot.FromInputs(export.Model);
        var settings = new ExplainSettings { Method = "feature-ablation", Baseline = Baseline.Rows(first) };
        using var explainer = Explainer.Open(export.Model, features, settings);
        using var scorer = Scorer.Open(export.Model, null, Space.Logit);
        var result = explainer.Explain(export.Rows);
        var whole = scorer.Score(export.Rows);
        var replacement = RowsOfInputs.Repeated(first, export.Model.Graph.Inputs, whole.Length, first.Keys.ToHashSet());
        for (var f = 0; f < features.Count; f++)
        {
            var without = scorer.Score(RowsOfInputs.With(export.Rows, features[f], replacement));
            for (var r = 0; r < whole.Length; r++)
                result.Attributions[r * features.Count + f].ShouldBe(whole[r] - without[r], 1e-5);
        }
    }

    private static TensorData First(TensorData rows)
    {
        var values = ElementTypes.NewArray(rows.Type, rows.Count / (int)rows.Dims[0]);
        Array.Copy(rows.Values, values, values.Length);
        return TensorData.Create(rows.Type, [1, .. rows.Dims[1..]], values);
    }

    [Theory, MemberData(nameof(Behind))]
    public void Behind_preprocessing_values_agree(string name)
    {
        var export = ExportCase.Open(name);
        var (expected, baseline) = export.Preprocessed!.Value;
        var actual = Explain(export, "integrated-gradients", true, EntryPoint.Preprocessed);
        Worst(Rows(actual), expected).ShouldBeLessThan(1e-6);
        Worst(Rows(actual.BaselineTarget), Rows(baseline)).ShouldBeLessThan(1e-6);
    }

    [Theory, MemberData(nameof(Smooth))]
    public void Attributions_of_smooth_models_are_complete(string name)
    {
        var export = ExportCase.Open(name);
        foreach (var at in Enum.GetValues<EntryPoint>())
        {
            var gap = Explain(export, "integrated-gradients", true, at, 64).CompletenessGap!.Max(Math.Abs);
            output.WriteLine($"{at}: gap {gap:e1}");
            gap.ShouldBeLessThan(1e-6, at.ToString());
        }
    }

    private void Compare(ExportCase export, bool float64, double bound)
    {
        Compare(export, "saliency", "gradient", float64, bound);
        Compare(export, "gradient-times-input", "gradient_times_input", float64, bound);
        var path = Compare(export, "integrated-gradients", "integrated_gradients", float64, bound);
        Worst(Rows(path.BaselineTarget), Rows(export.BaselineTarget)).ShouldBeLessThan(bound, "baseline target");
    }

    private Explanation Compare(ExportCase export, string method, string key, bool float64, double bound)
    {
        var result = Explain(export, method, float64, EntryPoint.Raw);
        var precision = float64 ? "float64" : "float32";
        Worst(Rows(result.Target), Rows(export.Target)).ShouldBeLessThan(bound, $"target in {precision}");
        var worst = Worst(Rows(result), export.Attributions(key));
        output.WriteLine($"{method} {precision}: worst {worst:e1}");
        worst.ShouldBeLessThan(bound, $"{method} in {precision}");
        return result;
    }

    private static Explanation Explain(ExportCase export, string method, bool float64, EntryPoint at, int? steps = null)
    {
        var settings = new ExplainSettings
        {
            Method = method,
            Head = export.Head,
            Space = export.Probability ? Space.Probability : Space.Logit,
            Steps = steps ?? export.Steps,
            // As the reference was computed.
            Rule = PathRule.GaussLegendreName,
            Float64 = float64,
            At = at,
        };
        var features = FeatureSlot.FromInputs(export.Model);
        features.Select(f => f.Name).ShouldBe(export.Features);
        using var explainer = Explainer.Open(export.Model, features, settings);
        return explainer.Explain(export.Rows);
    }

    private static double[][] Rows(Explanation e) => [.. e.Attributions.Chunk(e.Attributions.Length / e.Rows)];

    private static double[][] Rows(double[] column) => [.. column.Select(v => new[] { v })];

    private static double Worst(double[][] actual, double[][] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        return expected.Zip(actual, (e, a) => Distance(e, a)).Max();
    }

    private static double Distance(double[] expected, double[] actual)
    {
        actual.Length.ShouldBe(expected.Length);
        var scale = Math.Max(expected.Max(Math.Abs), 1e-9);
        return expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / scale;
    }
}
