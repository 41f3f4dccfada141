using Assay.Attribution.Graphs;
using Assay.Attribution.Methods;
using Assay.Attribution.Tests.Exports;
using Assay.Attribution.Tests.Reference;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
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
            fine = Secant(64);
        }
        catch (AssayException e) when (e.Message.Contains("gauss-legendre", StringComparison.Ordinal))
        {
            output.WriteLine(e.Message);
            return;
        }
        var scale = 1 + fine.Attributions.Max(Math.Abs);
        foreach (var explanation in new[] { Secant(1), Secant(3), fine })
            explanation.CompletenessGap!.ShouldAllBe(g => Math.Abs(g) < 1e-9 * scale);
        // A kink costs the nodes about 1/n; a steep function takes both rules longer.
        double Apart(Explanation slopes, int n, out Explanation nodes)
        {
            nodes = explained.PathIntegral(export.Rows, PathRule.Of(PathRule.GaussLegendreName, n));
            return slopes.Attributions.Zip(nodes.Attributions, (a, b) => Math.Abs(a - b)).Max();
        }
        if (Apart(fine, 256, out var nodes) > 4e-3 * scale)
            Apart(explained.PathIntegral(export.Rows, PathRule.Of(PathRule.SecantName, 256, 1.5)), 1024, out nodes)
                .ShouldBeLessThan(4e-3 * scale);
        fine.Target.Zip(nodes.Target, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-10 * scale);
    }

    [Theory, MemberData(nameof(Models))]
    public void Refinement_reaches_the_stated_error_and_keeps_the_balance(string name)
    {
        var real = ReferenceCase.Open(name);
        var settings = new ExplainSettings
        {
            Method = "integrated-gradients",
            At = EntryPoint.Preprocessed,
            Tolerance = 0.01,
            Steps = 1024,
        };
        using var explainer = Explainer.Open(real.Model, FeatureSlot.FromInputs(real.Model), settings);
        explainer.Rule.ShouldBe(PathRule.SecantName);
        var ours = explainer.Explain(real.Rows);
        using var exact = Open(real.Model, EntryPoint.Preprocessed, Baseline.Zero, float64: true);
        var converged = exact.PathIntegral(real.Rows, PathRule.Of(PathRule.GaussLegendreName, 1024)).Attributions;
        var features = explainer.Features.Count;
        var errors = new double[ours.Rows];
        for (var r = 0; r < ours.Rows; r++)
        {
            ours.EstimatedError![r].ShouldBeLessThanOrEqualTo(0.01);
            Math.Abs(ours.CompletenessGap![r]).ShouldBeLessThan(1e-4);
            var own = Enumerable.Range(r * features, features).ToArray();
            errors[r] =
                own.Max(i => Math.Abs(ours.Attributions[i] - converged[i])) / own.Max(i => Math.Abs(converged[i]));
        }
        // An estimate, not a bound: one row in a hundred may miss it (bench/results/quadrature.md), of 24 one.
        errors.Count(e => e > 0.01).ShouldBeLessThanOrEqualTo(1);
        errors.Max().ShouldBeLessThan(0.05);
    }

    [Fact]
    public void Each_row_is_refined_by_itself()
    {
        var real = ReferenceCase.Open("dlrm");
        using var explained = new ExplainedModel(
            real.Model,
            FeatureSlot.FromInputs(real.Model),
            new()
            {
                Method = "integrated-gradients",
                Tolerance = 0.003,
                Steps = 256,
            }
        );
        var all = AdaptivePath.Explain(explained, real.Rows, 0.003);
        all.Steps!.Distinct().Count().ShouldBeGreaterThan(1);
        var batch = new RowBatch();
        for (var r = 0; r < all.Rows; r++)
        {
            var alone = AdaptivePath.Explain(explained, batch.Take(real.Rows, r, r + 1, 1), 0.003);
            alone.Steps![0].ShouldBe(all.Steps![r]);
            alone.Attributions.ShouldBe(
                all.Attributions[(r * explained.Features.Count)..((r + 1) * explained.Features.Count)]
            );
        }
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
