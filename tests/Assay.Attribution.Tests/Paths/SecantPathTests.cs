using Assay.Attribution.Graphs;
using Assay.Attribution.Tests.Exports;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Paths;

/// <summary>
/// What defines the secant rule: shares sum to f(x) − f(b) up to rounding for any number of intervals, and tend to
/// integrated gradients, which are computed here by another rule in double precision.
/// </summary>
public sealed class SecantPathTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => RealCase.Models;

    public static TheoryData<string> Exports => HoistedPathTests.Exports;

    [Theory, MemberData(nameof(Models))]
    public void The_gap_is_rounding_for_any_number_of_intervals(string name)
    {
        var real = ReferenceCase.Open(name);
        foreach (var at in new[] { EntryPoint.Raw, EntryPoint.Preprocessed })
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Mean(real.Rows), Baseline.Rows(real.Replacement()) })
        {
            using var single = Open(real.Model, at, baseline, float64: false);
            using var exact = Open(real.Model, at, baseline, float64: true);
            foreach (var n in new[] { 1, 2, 3, 8 })
            {
                var rule = PathRule.Of(PathRule.SecantName, n);
                var ours = single.PathIntegral(real.Rows, rule);
                for (var r = 0; r < ours.Rows; r++)
                    Math.Abs(ours.CompletenessGap![r])
                        .ShouldBeLessThan(Math.Max(1e-5 * Math.Abs(ours.Target[r] - ours.BaselineTarget[r]), 1e-4));
                // Of the order of 2⁻⁵² times the attributions that cancel in the sum.
                exact.PathIntegral(real.Rows, rule).CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-10);
            }
        }
    }

    [Theory, MemberData(nameof(Exports))]
    public void Exports_keep_their_balance_and_tend_to_integrated_gradients(string name)
    {
        var export = ExportCase.Open(name);
        using var explained = Open(export.Model, EntryPoint.Preprocessed, Baseline.Zero, float64: true);
        Explanation Secant(int n) => explained.PathIntegral(export.Rows, PathRule.Of(PathRule.SecantName, n));
        Explanation fine;
        try
        {
            fine = Secant(256);
        }
        catch (AssayException e) when (e.Message.Contains("secant", StringComparison.Ordinal))
        {
            output.WriteLine(e.Message);
            return;
        }
        var scale = 1 + fine.Attributions.Max(Math.Abs);
        foreach (var explanation in new[] { Secant(1), Secant(3), fine })
            explanation.CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-9 * scale);
        var nodes = explained.PathIntegral(export.Rows, PathRule.Of(PathRule.GaussLegendreName, 1024));
        // A kink costs the nodes 1/1024, an interval of the secants' 256 their square.
        fine.Attributions.Zip(nodes.Attributions, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(4e-3 * scale);
        fine.Target.Zip(nodes.Target, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-10 * scale);
    }

    private static ExplainedModel Open(OnnxModel model, EntryPoint at, Baseline baseline, bool float64) =>
        new(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings
            {
                Method = "integrated-gradients",
                At = at,
                Baseline = baseline,
                Float64 = float64,
            }
        );
}
