using System.Runtime.InteropServices;
using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime;

/// <summary>
/// A tensor as ONNX Runtime sees it: over the same managed array, which stays pinned until this is disposed. Only
/// strings are copied.
/// </summary>
internal sealed class OrtTensor : IDisposable
{
    private GCHandle pin;

    public OrtTensor(TensorData tensor)
    {
        if (tensor.Values is string[] strings)
        {
            Value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Dims);
            for (var i = 0; i < strings.Length; i++)
                Value.StringTensorSetElementAt(strings[i].AsSpan(), i);
            return;
        }
        pin = GCHandle.Alloc(tensor.Values, GCHandleType.Pinned);
        Value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            // ONNX Runtime numbers its element types as ONNX does.
            (TensorElementType)(int)tensor.Type,
            tensor.Dims,
            pin.AddrOfPinnedObject(),
            (long)tensor.Count * ElementTypes.Size(tensor.Type)
        );
    }

    public OrtValue Value { get; }

    public void Dispose()
    {
        Value.Dispose();
        if (pin.IsAllocated)
            pin.Free();
    }

    /// <summary>A copy of a value; null where it is no tensor, or of an element type that is not supported.</summary>
    public static TensorData? Read(OrtValue value)
    {
        if (!value.IsTensor)
            return null;
        var info = value.GetTensorTypeAndShape();
        var type = (DataType)(int)info.ElementDataType;
        if (!ElementTypes.IsSupported(type))
            return null;
        if (type == DataType.String)
            return TensorData.From(value.GetStringTensorAsArray(), info.Shape);
        var count = checked((int)info.ElementCount);
        var values = ElementTypes.NewArray(type, count);
        if (count > 0)
            MemoryMarshal
                .CreateReadOnlySpan(
                    ref MemoryMarshal.GetReference(value.GetTensorMutableRawData()),
                    count * ElementTypes.Size(type)
                )
                .CopyTo(
                    MemoryMarshal.CreateSpan(
                        ref MemoryMarshal.GetArrayDataReference(values),
                        count * ElementTypes.Size(type)
                    )
                );
        return TensorData.Create(type, info.Shape, values);
    }
}
