using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Tests;

namespace Assay.Attribution.Tests.Reference;

/// <summary>
/// Agreement with Captum 0.8's layer methods at the first ReLU of three PyTorch exports, relative to the row's largest
/// |attribution|. Captum's conductance is a left Riemann–Stieltjes sum over 129 Gauss–Legendre nodes, which leaves out
/// both ends of the path: its formula is repeated here from our gradients and agrees, and the integral itself stands
/// beside it.
/// </summary>
public sealed class LayerReferenceTests(ITestOutputHelper output)
{
    private const string Layer = "/mlp/act0/Relu_output_0";

    public static TheoryData<string> Models => ["deepfm_seed1", "deepfm_shuffled", "dcn_v2_seed1"];

    [Theory, MemberData(nameof(Models))]
    public void Internal_influence_agrees(string model) =>
        Compare(model, "internal-influence", "internal_influence/mlp.act0/zero");

    [Theory, MemberData(nameof(Models))]
    public void Layer_integrated_gradients_agree(string model) =>
        Compare(model, "layer-integrated-gradients", "layer_integrated_gradients/mlp.act0/zero");

    [Theory, MemberData(nameof(Models))]
    public void Conductance_by_the_reference_s_formula_agrees_and_the_integral_stands_beside_it(string model)
    {
        var real = ReferenceCase.Open(model);
        var expected = real.Method("layer_conductance/mlp.act0/zero").Values;
        var slots = real.Slots(real.Method("integrated_gradients/zero").Features);
        using var explained = new ExplainedModel(real.Model, slots, Settings("layer-conductance", true));
        var units = explained.Layer!.Units;
        using var gradients = new Evaluation(
            LayerNodes.Build(explained.Points(), explained.Head, explained.Layer!, LayerQuantity.Influence),
            null
        );
        using var values = new Evaluation(Values(explained), null);
        var feeds = explained.Feeds(real.Rows);
        var nodes = PathRule.Of(PathRule.GaussLegendreName, 129).Points;
        double[]? before = null,
            slope = null;
        var left = new double[24 * units];
        foreach (var node in nodes)
        {
            var value = values.Run(feeds, explained.At(node), "layer");
            for (var i = 0; before is not null && i < left.Length; i++)
                left[i] += slope![i] * (value[i] - before[i]);
            before = value;
            slope = gradients.Run(feeds, explained.At(node), AttributionGraph.Attributions);
        }
        var asPeer = Worst(left, expected);
        using var exact = Explainer.Open(
            real.Model,
            slots,
            Settings("layer-conductance", true) with
            {
                Rule = "auto",
                Steps = 2048,
            }
        );
        using var usual = Explainer.Open(
            real.Model,
            slots,
            Settings("layer-conductance", false) with
            {
                Rule = "auto",
                Steps = 32,
            }
        );
        using var byNodes = Explainer.Open(
            real.Model,
            slots,
            Settings("layer-conductance", true) with
            {
                Steps = 2048,
            }
        );
        var integral = exact.Explain(real.Rows).Attributions;
        var ofPeer = Worst(integral, expected);
        var ofUsual = Worst(usual.Explain(real.Rows).Attributions, Rows(integral));
        var ofNodes = Worst(byNodes.Explain(real.Rows).Attributions, Rows(integral));
        output.WriteLine(
            $"{model}: by the reference's own formula {asPeer:e1}; the integral (slopes over 2048 intervals) differs from the reference by {ofPeer:e1}, from 2048 nodes by {ofNodes:e1}; 32 intervals differ from it by {ofUsual:e1}"
        );
        asPeer.ShouldBeLessThan(1e-5);
        ofNodes.ShouldBeLessThan(2e-3);
        ofUsual.ShouldBeLessThan(ofPeer);
    }

    private static OnnxModel Values(ExplainedModel explained)
    {
        var points = explained.Points();
        points.Model.Graph.AddInput(
            ValueInfos.Tensor(AttributionGraph.Present, points.Type, 1L, points.Features.Count)
        );
        for (var i = 0; i < points.Points.Count; i++)
            points.Model.Graph.ReplaceUses(
                points.Sources[i],
                points.Moved(i, points.Difference(i), AttributionGraph.Mask(points, i)).Value
            );
        points.Model.Proto.Graph.Output.Clear();
        points.Emit.Named("layer", "Identity", [explained.Layer!.Value]);
        points.Model.Graph.AddOutput(ValueInfos.Tensor("layer", points.Type, null));
        return points.Finish();
    }

    private static ExplainSettings Settings(string method, bool float64) =>
        new()
        {
            Method = method,
            Layer = Layer,
            Steps = 128,
            Rule = PathRule.GaussLegendreName,
            Float64 = float64,
        };

    private void Compare(string model, string method, string key)
    {
        var real = ReferenceCase.Open(model);
        var expected = real.Method(key).Values;
        var slots = real.Slots(real.Method("integrated_gradients/zero").Features);
        foreach (var (float64, bound) in new[] { (false, 1e-3), (true, 1e-5) })
        {
            using var explainer = Explainer.Open(real.Model, slots, Settings(method, float64));
            var worst = Worst(explainer.Explain(real.Rows).Attributions, expected);
            output.WriteLine($"{model} {key} {(float64 ? "float64" : "float32")}: worst {worst:e1}");
            worst.ShouldBeLessThan(bound, $"{model} {key} float64={float64}");
        }
    }

    private static double[][] Rows(double[] values) => [.. values.Chunk(values.Length / 24)];

    private static double Worst(double[] actual, double[][] expected) =>
        expected
            .Select(
                (row, r) => row.Select((v, f) => Math.Abs(v - actual[r * row.Length + f])).Max() / row.Max(Math.Abs)
            )
            .Max();
}
