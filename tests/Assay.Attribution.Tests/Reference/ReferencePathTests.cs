using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Reference;

/// <summary>
/// The rest of Captum's integrated gradients: 2048 nodes, and the mean over the training rows as baseline, which the reference
/// states leaf by leaf. In float64 at the same nodes; the quadrature weights, which Captum rounds to float32, leave 1e-5.
/// </summary>
public sealed class ReferencePathTests(ITestOutputHelper output)
{
    // Categorical features come first in the reference's lists, then the numbers, then the history.
    private const int Categorical = 20;
    private const int Numeric = 13;

    public static TheoryData<string> Models => RealCase.Models;

    [Theory, MemberData(nameof(Models))]
    public void With_2048_nodes_too(string model)
    {
        var real = ReferenceCase.Open(model);
        foreach (
            var (key, at) in new[]
            {
                ("integrated_gradients/zero_2048_steps", EntryPoint.Raw),
                ("integrated_gradients/zero_normalised_2048_steps", EntryPoint.Preprocessed),
            }
        )
        {
            var (names, expected) = real.Method(key);
            using var explained = Open(real, names, at);
            Compare(model, key, explained.PathIntegral(real.Rows, Nodes(2048)).Attributions, expected, 1e-5);
            // The default rule needs an eighth of the steps to say the same, as far as the reference itself has converged.
            var slopes = explained.PathIntegral(real.Rows, explained.Rule(256)).Attributions;
            Compare(model, key + " by slopes", slopes, expected, 2e-3);
        }
    }

    [Theory, MemberData(nameof(Models))]
    public void Against_the_mean_of_the_training_rows(string model)
    {
        var real = ReferenceCase.Open(model);
        foreach (
            var (key, n) in new[] { ("integrated_gradients/mean", 128), ("integrated_gradients/mean_2048_steps", 2048) }
        )
        {
            var (names, expected) = real.Method(key);
            using var explained = Open(real, names, EntryPoint.Raw);
            var means = explained.AttributionPoints.Select((p, i) => Mean(real, explained, i)).ToArray();
            var points = new PointGraph(
                explained.Prepared,
                explained.Shapes,
                explained.Type,
                explained.AttributionPoints,
                explained.Features,
                new GraphBaseline(means, Rows: false)
            );
            var graph = HoistedPath.TryBuild(points, explained.Head, Nodes(n)).ShouldNotBeNull();
            using var evaluation = new Evaluation(graph, 8);
            var ours = evaluation.Run(explained.Feeds(real.Rows), null, AttributionGraph.Attributions);
            Compare(model, key, ours, expected, 1e-5);
        }
    }

    private static PathRule Nodes(int n) => PathRule.Of(PathRule.GaussLegendreName, n);

    private static ExplainedModel Open(ReferenceCase real, string[] names, EntryPoint at) =>
        new(
            real.Model,
            real.Slots(names),
            new ExplainSettings
            {
                Method = "integrated-gradients",
                At = at,
                Float64 = true,
            }
        );

    // [1, positions, width] of a point, made of the leaves' means.
    private static TensorData Mean(ReferenceCase real, ExplainedModel explained, int point)
    {
        var at = explained.AttributionPoints[point];
        var owners = FeatureSlot.Owners(explained.Features);
        double[] values =
        [
            .. at.Positions.SelectMany((p, i) => real.LeafMean(owners[p], at.Width, i, Categorical, Numeric)),
        ];
        return TensorData.From(values, 1, at.Positions.Count, at.Width);
    }

    private void Compare(string model, string key, double[] actual, double[][] expected, double bound)
    {
        var worst = expected
            .Select(
                (row, r) => row.Select((v, f) => Math.Abs(v - actual[r * row.Length + f])).Max() / row.Max(Math.Abs)
            )
            .Max();
        output.WriteLine($"{model} {key}: worst {worst:e1}");
        worst.ShouldBeLessThan(bound, $"{model} {key}");
    }
}
