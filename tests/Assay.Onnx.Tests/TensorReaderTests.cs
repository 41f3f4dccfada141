using Assay.Onnx.Wire;
using Google.Protobuf;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class TensorReaderTests
{
    /// <summary>
    /// Which typed field holds which element type, from the comments of TensorProto in the ONNX specification.
    /// </summary>
    public static TheoryData<DataType, Array, string> Typed =>
        new()
        {
            { DataType.Float, new[] { 1.5f, -2 }, "float_data" },
            { DataType.Double, new[] { 1.5, -2 }, "double_data" },
            { DataType.Int64, new[] { long.MinValue, 2 }, "int64_data" },
            { DataType.Uint64, new ulong[] { ulong.MaxValue, 2 }, "uint64_data" },
            { DataType.Uint32, new uint[] { uint.MaxValue, 2 }, "uint64_data" },
            { DataType.Int32, new int[] { int.MinValue, 2 }, "int32_data" },
            { DataType.Int16, new short[] { short.MinValue, 2 }, "int32_data" },
            { DataType.Int8, new sbyte[] { -128, 2 }, "int32_data" },
            { DataType.Uint16, new ushort[] { 65535, 2 }, "int32_data" },
            { DataType.Uint8, new byte[] { 255, 2 }, "int32_data" },
            { DataType.Bool, new[] { true, false }, "int32_data" },
            // Half 1.0 is 0x3C00 and -2.0 is 0xC000 (IEEE 754 binary16).
            { DataType.Float16, new[] { (Half)1, (Half)(-2) }, "halves" },
            { DataType.String, new[] { "né", "" }, "string_data" },
        };

    [Theory]
    [MemberData(nameof(Typed))]
    public void Typed_and_raw_data_read_the_same(DataType type, Array values, string field)
    {
        var typed = new TensorProto { Name = "t", DataType = (int)type };
        typed.Dims.Add(2);
        switch (field)
        {
            case "float_data":
                typed.FloatData.AddRange((float[])values);
                break;
            case "double_data":
                typed.DoubleData.AddRange((double[])values);
                break;
            case "int64_data":
                typed.Int64Data.AddRange((long[])values);
                break;
            case "uint64_data":
                typed.Uint64Data.AddRange(values.Cast<object>().Select(v => Convert.ToUInt64(v, null)));
                break;
            case "int32_data":
                typed.Int32Data.AddRange(values.Cast<object>().Select(v => Convert.ToInt32(v, null)));
                break;
            case "halves":
                typed.Int32Data.AddRange([0x3C00, 0xC000]);
                break;
            default:
                typed.StringData.AddRange(((string[])values).Select(ByteString.CopyFromUtf8));
                break;
        }
        var read = TensorReader.Read(typed, null);
        read.Type.ShouldBe(type);
        read.Values.ShouldBe(values);
        TensorReader.Read(read.ToProto("t"), null).Values.ShouldBe(values);
    }

    [Fact]
    public void Raw_data_are_little_endian()
    {
        var proto = new TensorProto { Name = "t", DataType = (int)DataType.Int32 };
        proto.RawData = ByteString.CopyFrom(0x04, 0x03, 0x02, 0x01);
        TensorReader.Read(proto, null).Values.ShouldBe(new[] { 0x01020304 });
    }

    public static TheoryData<string, string> Broken =>
        new()
        {
            { "short", "Tensor 't' has 7 bytes where its shape needs 8." },
            { "few", "Tensor 't' has 1 elements where its shape needs 2." },
            { "negative", "Tensor 't' has a negative dimension (-1)." },
            { "huge", "Tensor 't' has more than 2^31 elements ([3037000500,3037000500])." },
            { "bfloat16", "Tensor 't' has element type bfloat16, which is not supported." },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_tensor_that_does_not_fit_is_named(string what, string message)
    {
        var proto = new TensorProto { Name = "t", DataType = (int)DataType.Float };
        proto.Dims.Add(2);
        switch (what)
        {
            case "short":
                proto.RawData = ByteString.CopyFrom(new byte[7]);
                break;
            case "few":
                proto.FloatData.Add(1);
                break;
            case "negative":
                proto.Dims[0] = -1;
                break;
            case "huge":
                proto.Dims[0] = 3037000500;
                proto.Dims.Add(3037000500);
                break;
            default:
                proto.DataType = (int)DataType.Bfloat16;
                break;
        }
        Should.Throw<AssayException>(() => TensorReader.Read(proto, null)).Message.ShouldBe(message);
    }

    [Fact]
    public void Constants_are_read_in_every_form()
    {
        var graph = new SmallModel()
            .Node("Constant -> tensor", ("value", TensorData.From([1.0, 2], 2)))
            .Node("Constant -> int", ("value_int", 3L))
            .Node("Constant -> float", ("value_float", 4f))
            .Node("Constant -> ints", ("value_ints", new long[] { 5, 6 }))
            .Node("Constant -> floats", ("value_floats", new[] { 7f }))
            .Node("Constant -> text", ("value_string", "é"))
            .Node("Identity ints -> same")
            .Node("Identity same -> again")
            .Node("Relu float -> computed");
        var g = new Graph(graph.Proto.Graph);
        g.Constant("tensor")!.Values.ShouldBe(new[] { 1.0, 2 });
        g.Constant("int")!.ToString().ShouldBe("int64[]");
        g.Constant("float")!.Values.ShouldBe(new[] { 4f });
        g.Constant("again")!.Values.ShouldBe(new[] { 5L, 6 });
        g.Constant("floats")!.Values.ShouldBe(new[] { 7f });
        g.Constant("text")!.Values.ShouldBe(new[] { "é" });
        g.Constant("computed").ShouldBeNull();
    }
}
