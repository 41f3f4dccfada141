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

    // ONNX Runtime holds the value already; a copy beside it may not fit.
    private static Array Allocate(DataType type, long count)
    {
        var bytes = count * (double)ElementTypes.Size(type);
        if (bytes > int.MaxValue)
            throw TooLarge(bytes);
        try
        {
            return ElementTypes.NewArray(type, (int)count);
        }
        catch (OutOfMemoryException)
        {
            throw TooLarge(bytes);
        }
    }

    private static AssayException TooLarge(double bytes) =>
        AssayException.Input(
            FormattableString.Invariant(
                $"The model makes a value of {bytes / (1 << 20):F0} MB for these rows, which cannot be read; give fewer rows at once."
            )
        );

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
        var values = Allocate(type, info.ElementCount);
        var count = values.Length;
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
