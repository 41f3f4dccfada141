using CsCheck;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class FuzzTests
{
    private static readonly byte[] Seed = new SmallModel()
        .Input("x", DataType.Float, "n", 2)
        .Input("c", DataType.Bool)
        .Tensor("w", TensorData.From([1f, 2], 2))
        .Tensor("s", TensorData.From(["a", "b"], 2))
        .Node("Constant -> k", ("value", TensorData.From([3f], 1)))
        .Node("Identity k -> same")
        .Node("Add x w -> h")
        .Node(
            "If c -> y",
            ("then_branch", new SmallModel().Node("Neg h -> t").Output("t", DataType.Float).Proto.Graph),
            ("else_branch", new SmallModel().Node("Add h same -> u").Output("u", DataType.Float).Proto.Graph)
        )
        .Output("y", DataType.Float, "n", 2)
        .Load()
        .ToBytes();

    // Position and new byte of up to four mutations, then how many bytes to keep, duplicate or drop.
    private static readonly Gen<byte[]> Mutations = Gen.Select(
        Gen.Select(Gen.Int[0, Seed.Length - 1], Gen.Byte).Array[0, 4],
        Gen.Int[0, 3],
        Gen.Int[0, Seed.Length - 1],
        Gen.Int[1, 16],
        (changes, kind, at, length) =>
        {
            var bytes = Seed.ToArray();
            foreach (var (position, value) in changes)
                bytes[position] = value;
            var end = Math.Min(bytes.Length, at + length);
            return kind switch
            {
                0 => bytes,
                1 => bytes[..at],
                2 => [.. bytes[..at], .. bytes[end..]],
                _ => [.. bytes[..end], .. bytes[at..]],
            };
        }
    );

    /// <summary>Whatever is read, whether it is then refused or used, no other exception escapes. CsCheck prints the seed.</summary>
    [Fact]
    public void Only_AssayException_escapes() => Mutations.Sample(Survive, iter: 20_000);

    [Fact]
    public void Random_bytes_are_refused() => Gen.Byte.Array[0, 300].Sample(Survive, iter: 2_000);

    private static void Survive(byte[] bytes)
    {
        try
        {
            var model = OnnxModel.Load(bytes);
            foreach (var name in model.Graph.Nodes.SelectMany(n => n.Output).ToArray())
                model.Graph.Constant(name);
            foreach (var tensor in model.Proto.Graph.Initializer)
                model.Graph.Constant(tensor.Name);
            model.Graph.SortTopologically();
            model.Graph.PruneUnreachable();
            OnnxModel.Load(model.ToBytes());
        }
        catch (AssayException e)
        {
            e.Message.Any(char.IsControl).ShouldBeFalse(e.Message);
        }
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var graph = new SmallModel().Node("Neg x -> y").Output("y", DataType.Float).Proto.Graph;
        for (var depth = 0; depth < 200; depth++)
            graph = new SmallModel()
                .Node("If c -> y", ("then_branch", graph), ("else_branch", new Wire.GraphProto()))
                .Output("y", DataType.Float)
                .Proto.Graph;
        var small = new SmallModel();
        small.Proto.Graph = graph;
        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(small.Proto);
        Should.Throw<AssayException>(() => OnnxModel.Load(bytes)).Fault.ShouldBe(Fault.Input);
    }

    [Fact]
    public void A_long_chain_does_not_exhaust_the_stack()
    {
        var small = new SmallModel().Tensor("v0", TensorData.Scalar(1f));
        for (var i = 0; i < 50_000; i++)
            small.Node($"Identity v{i} -> v{i + 1}");
        var model = small.Output("v50000", DataType.Float).Load();
        model.Graph.Constant("v50000")!.Values.ShouldBe(new[] { 1f });
    }
}
