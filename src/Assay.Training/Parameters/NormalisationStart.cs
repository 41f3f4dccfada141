using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Training.Parameters;

/// <summary>
/// Starts the affine part of each batch normalisation so that it standardises what new weights send it, though the
/// running statistics stay those of the file (data-dependent initialisation, Salimans and Kingma, 2016, §3).
/// </summary>
internal static class NormalisationStart
{
    private const int SampleRows = 4096;

    /// <summary>Sets scale and bias of normalisations whose both are fitted, first to last; <paramref name="model"/> is changed.</summary>
    public static void Set(OnnxModel model, IReadOnlyCollection<string> fitted, TrainingRows rows)
    {
        var sample = new RowPicker(rows).Pick(Enumerable.Range(0, Math.Min(SampleRows, rows.Count)).ToArray()).Feeds;
        foreach (var node in model.Graph.Nodes.Where(n => n.OpType == "BatchNormalization").ToArray())
            if (Starts(node, fitted))
                Set(model, node, sample);
    }

    /// <summary>Whether a normalisation's scale and bias are both fitted.</summary>
    public static bool Starts(NodeProto node, IReadOnlyCollection<string> fitted) =>
        fitted.Contains(node.Input[1]) && fitted.Contains(node.Input[2]);

    private static void Set(OnnxModel model, NodeProto node, IReadOnlyDictionary<string, TensorData> sample)
    {
        var (scale, bias) = Start(
            Before(model, node.Input[0], sample),
            model.Graph.Constant(node.Input[3])!.ToDoubles(),
            model.Graph.Constant(node.Input[4])!.ToDoubles(),
            node.Float("epsilon", 1e-5f)
        );
        model.Graph.SetInitialiser(node.Input[1], TensorData.From(scale, scale.Length));
        model.Graph.SetInitialiser(node.Input[2], TensorData.From(bias, bias.Length));
    }

    /// <summary>γ and β so that γ (x − μ) / √(σ² + ε) + β has mean 0 and variance 1 over <paramref name="x"/> [rows, channels, …].</summary>
    private static (float[] Scale, float[] Bias) Start(TensorData x, double[] means, double[] variances, double epsilon)
    {
        var values = x.Span<float>();
        var channels = means.Length;
        var rows = (int)x.Dims[0];
        var inner = x.Count / rows / channels;
        var (scale, bias) = (new float[channels], new float[channels]);
        for (var c = 0; c < channels; c++)
        {
            double sum = 0,
                squares = 0;
            for (var r = 0; r < rows; r++)
            for (var k = 0; k < inner; k++)
            {
                var v = values[(r * channels + c) * inner + k];
                sum += v;
                squares += (double)v * v;
            }
            var mean = sum / rows / inner;
            var variance = Math.Max(squares / rows / inner - mean * mean, 0);
            var root = Math.Sqrt(variances[c] + epsilon);
            var gamma = root / Math.Sqrt(variance + epsilon);
            (scale[c], bias[c]) = ((float)gamma, (float)(-gamma * (mean - means[c]) / root));
        }
        return (scale, bias);
    }

    private static TensorData Before(OnnxModel model, string value, IReadOnlyDictionary<string, TensorData> sample)
    {
        var cut = model.Clone();
        cut.Proto.Graph.Output.Clear();
        cut.Graph.AddOutput(ValueInfos.Tensor(value, DataType.Float, null));
        cut.Graph.PruneUnreachable();
        using var session = Session.Open(cut);
        var read = session.Inputs.Select(i => i.Name).ToHashSet();
        return session.Run(sample.Where(f => read.Contains(f.Key)).ToDictionary())[value];
    }
}
