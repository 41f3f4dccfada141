using Assay.Onnx.Wire;
using Google.Protobuf;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class RoundTripTests
{
    private static byte[] Plain() =>
        new SmallModel()
            .Input("x", DataType.Float, "batch", 2)
            .Tensor("w", TensorData.From([1f, 2], 2))
            .Node("Add x w -> y")
            .Output("y", DataType.Float, "batch", 2)
            .Proto.ToByteArray();

    // Wire format (protobuf.dev/programming-guides/encoding): key = field number << 3 | wire type, as a varint.
    private static readonly byte[] Unknown = [0xC2, 0x3E, 0x03, 1, 2, 3]; // field 1000, length-delimited, three bytes

    [Fact]
    public void Unknown_fields_of_the_model_survive()
    {
        byte[] bytes = [.. Plain(), .. Unknown];
        OnnxModel.Load(bytes).ToBytes().ShouldBe(bytes);
    }

    [Fact]
    public void Unknown_fields_deep_inside_survive_edits()
    {
        var node = NodeProto.Parser.ParseFrom([.. SmallModel.NodeOf("Add x w -> y").ToByteArray(), .. Unknown]);
        var proto = ModelProto.Parser.ParseFrom(Plain());
        proto.Graph.Node[0] = node;
        var model = OnnxModel.Load(proto.ToByteArray());
        model.Graph.SetInitialiser("w", TensorData.From([5f, 6], 2));
        model.Clone().Graph.Nodes[0].ToByteArray().AsSpan().EndsWith(Unknown).ShouldBeTrue();
    }

    [Fact]
    public void Writing_is_byte_stable()
    {
        var once = OnnxModel.Load(Plain()).ToBytes();
        OnnxModel.Load(once).ToBytes().ShouldBe(once);
    }

    [Fact]
    public void A_clone_is_independent()
    {
        var model = OnnxModel.Load(Plain());
        var before = model.ToBytes();
        var clone = model.Clone();
        clone.Graph.Rename("y", "z");
        clone.Graph.SetInitialiser("w", TensorData.From([7f, 8], 2));
        model.ToBytes().ShouldBe(before);
    }

    [Fact]
    public void Saving_where_nothing_can_be_written_is_a_failure_of_one_line()
    {
        var error = Should.Throw<AssayException>(() => OnnxModel.Load(Plain()).Save("/nowhere/at/all.onnx"));
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldStartWith("Cannot write model '/nowhere/at/all.onnx': ");
    }

    [Fact]
    public void Initialisers_repeated_as_inputs_need_not_be_fed()
    {
        var model = new SmallModel(opset: 8, ir: 3)
            .Input("x", DataType.Float, 2)
            .Input("w", DataType.Float, 2)
            .Tensor("w", TensorData.From([1f, 2], 2))
            .Node("Add x w -> y")
            .Output("y", DataType.Float, 2)
            .Load();
        model.Graph.Inputs.Select(i => i.Name).ShouldBe(["x"]);
        model.Graph.IsInput("w").ShouldBeFalse();
        model.Graph.Constant("w")!.Values.ShouldBe(new[] { 1f, 2 });
        model.Graph.ReplaceUses("w", "x");
        model.Graph.PruneUnreachable();
        model.Proto.Graph.Input.Select(i => i.Name).ShouldBe(["x"]);
    }

    public static TheoryData<string> Models => RealCase.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Real_models_load_and_keep_every_byte_of_meaning(string name)
    {
        var path = RealCase.Model(name);
        var model = OnnxModel.Load(path);
        // PyTorch writes fields in ascending order, as this writer does, so even the bytes agree.
        model.ToBytes().ShouldBe(File.ReadAllBytes(path));
    }
}
