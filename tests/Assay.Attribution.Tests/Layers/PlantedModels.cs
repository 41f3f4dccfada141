using Assay.Attribution.Layers;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Layers;

/// <summary>
/// A world in which the label depends on 'used' and 'ignored' and on nothing else, and a network that reads 'used' and
/// 'noise': its first layer carries 'ignored' and 'idle', its second leaves both out. 'unseen' reaches no layer. Of the 11
/// hidden units one is dead and one always active.
/// </summary>
internal static class PlantedModels
{
    public static readonly string[] Names = ["used", "ignored", "noise", "idle", "unseen"];

    public static IReadOnlyList<FeatureSlot> Features =>
        [.. Names.Select((n, i) => new FeatureSlot(n, [new Gradients.InputElement("x", i)]))];

    public static LayerStudyRows Rows(int count, ulong seed = 3)
    {
        var random = new CounterRandom(seed, "planted");
        var x = new float[count * 5];
        var labels = new double[count];
        for (var r = 0; r < count; r++)
        {
            for (var f = 0; f < 5; f++)
                x[r * 5 + f] = (float)random.NextNormal();
            var logit = 1.2 * x[r * 5] + 0.9 * x[r * 5 + 1] - 0.5;
            labels[r] = random.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
        }
        return new LayerStudyRows(
            new Dictionary<string, TensorData> { ["x"] = TensorData.From(x, count, 5) },
            labels,
            []
        );
    }

    public static OnnxModel Ignoring()
    {
        // Units 2k and 2k + 1 are the positive and the negative part of feature k; 8 is used − 100, 9 is used + 100.
        var first = new float[5 * 11];
        for (var f = 0; f < 4; f++)
            (first[f * 11 + 2 * f], first[f * 11 + 2 * f + 1]) = (1, -1);
        (first[8], first[9], first[10]) = (1, 1, 0.5f);
        var bias = new float[11];
        (bias[8], bias[9]) = (-100, 100);
        var second = new float[11 * 4];
        // used and noise, each with both signs; nothing of ignored and idle.
        (second[0], second[4]) = (1, -1);
        (second[1], second[5]) = (-1, 1);
        (second[4 * 4 + 2], second[5 * 4 + 2]) = (1, -1);
        (second[4 * 4 + 3], second[5 * 4 + 3]) = (-1, 1);
        return new SmallModel()
            .Input("x", DataType.Float, "batch", 5)
            .Tensor("w1", TensorData.From(first, 5, 11))
            .Tensor("b1", TensorData.From(bias, 11))
            .Tensor("w2", TensorData.From(second, 11, 4))
            .Tensor("b2", TensorData.From<float>([0, 0, 0, 0], 4))
            .Tensor("w3", TensorData.From<float>([1.2f, -1.2f, 0.8f, -0.8f], 4, 1))
            .Tensor("b3", TensorData.From<float>([-0.5f], 1))
            .Node("Gemm x w1 b1 -> pre1")
            .Node("Relu pre1 -> hidden1")
            .Node("Gemm hidden1 w2 b2 -> pre2")
            .Node("Relu pre2 -> hidden2")
            .Node("Gemm hidden2 w3 b3 -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();
    }
}
