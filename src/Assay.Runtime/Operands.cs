using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>Named tensors pinned for the length of one run.</summary>
internal sealed class Operands : IDisposable
{
    private readonly OrtTensor[] tensors;

    public Operands(IReadOnlyDictionary<string, TensorData> named)
    {
        Names = new string[named.Count];
        Values = new OrtValue[named.Count];
        tensors = new OrtTensor[named.Count];
        var i = 0;
        foreach (var (name, tensor) in named)
        {
            tensors[i] = new OrtTensor(tensor);
            (Names[i], Values[i]) = (name, tensors[i].Value);
            i++;
        }
    }

    public string[] Names { get; }

    public OrtValue[] Values { get; }

    public void Dispose()
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
