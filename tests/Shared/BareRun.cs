using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Tests;

/// <summary>A model as a user runs it who has ONNX Runtime and nothing of Assay.</summary>
internal sealed class BareRun : IDisposable
{
    private readonly InferenceSession session;

    public BareRun(OnnxModel model) => session = new InferenceSession(model.ToBytes());

    public BareRun(string path) => session = new InferenceSession(path);

    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    public IReadOnlyDictionary<string, TensorData> Run(IReadOnlyDictionary<string, TensorData> rows)
    {
        var feeds = rows.ToDictionary(r => r.Key, r => Value(r.Value));
        try
        {
            using var options = new RunOptions();
            using var results = session.Run(options, feeds, session.OutputNames);
            return session.OutputNames.Zip(results).ToDictionary(r => r.First, r => Read(r.Second));
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }

    public void Dispose() => session.Dispose();

    private static OrtValue Value(TensorData tensor) =>
        tensor.Values switch
        {
            float[] v => OrtValue.CreateTensorValueFromMemory(v, tensor.Dims),
            double[] v => OrtValue.CreateTensorValueFromMemory(v, tensor.Dims),
            long[] v => OrtValue.CreateTensorValueFromMemory(v, tensor.Dims),
            int[] v => OrtValue.CreateTensorValueFromMemory(v, tensor.Dims),
            bool[] v => OrtValue.CreateTensorValueFromMemory(v, tensor.Dims),
            string[] v => Strings(v, tensor.Dims),
            _ => throw new NotSupportedException($"{tensor}"),
        };

    private static OrtValue Strings(string[] values, long[] dims)
    {
        var tensor = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, dims);
        for (var i = 0; i < values.Length; i++)
            tensor.StringTensorSetElementAt(values[i], i);
        return tensor;
    }

    private static TensorData Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        return info.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float => TensorData.From(
                value.GetTensorDataAsSpan<float>().ToArray(),
                info.Shape
            ),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double => TensorData.From(
                value.GetTensorDataAsSpan<double>().ToArray(),
                info.Shape
            ),
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => TensorData.From(
                value.GetTensorDataAsSpan<long>().ToArray(),
                info.Shape
            ),
            var other => throw new NotSupportedException($"{other}"),
        };
    }
}
