using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx;

/// <summary>Declared types and shapes of graph inputs and outputs.</summary>
public static class ValueInfos
{
    /// <summary>Declares a tensor. A dimension is a number, a name for a symbolic one, or null for an unknown one.</summary>
    public static ValueInfoProto Tensor(string name, DataType type, params object?[]? dims)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (dims is not null)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (var d in dims)
                tensor.Shape.Dim.Add(Dimension(d));
        }
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = tensor },
        };
    }

    /// <summary>The element type; Undefined if the value is no tensor or declares none.</summary>
    public static DataType ElementType(this ValueInfoProto info) => (DataType)(info.Type?.TensorType?.ElemType ?? 0);

    /// <summary>
    /// The declared dimensions (null where symbolic, unknown, or negative as some exporters write unknown ones), or null
    /// where no shape is declared.
    /// </summary>
    public static long?[]? Shape(this ValueInfoProto info) =>
        info
            .Type?.TensorType?.Shape?.Dim.Select(d => d.HasDimValue && d.DimValue >= 0 ? d.DimValue : (long?)null)
            .ToArray();

    /// <summary>Name of each symbolic dimension, or null.</summary>
    public static string?[]? Symbols(this ValueInfoProto info) =>
        info
            .Type?.TensorType?.Shape?.Dim.Select(d => d.HasDimParam && d.DimParam.Length > 0 ? d.DimParam : null)
            .ToArray();

    /// <summary>The declared shape as a person writes it: [batch, 20].</summary>
    public static string ShapeText(this ValueInfoProto info) =>
        info.Type?.TensorType?.Shape is { } shape
            ? "["
                + string.Join(
                    ", ",
                    shape.Dim.Select(d =>
                        d.HasDimValue ? $"{d.DimValue}"
                        : d.HasDimParam ? d.DimParam
                        : "?"
                    )
                )
                + "]"
            : "[…]";

    private static TensorShapeProto.Types.Dimension Dimension(object? d) =>
        d switch
        {
            null => new(),
            string s => new() { DimParam = s },
            _ => new() { DimValue = Convert.ToInt64(d, System.Globalization.CultureInfo.InvariantCulture) },
        };
}
