using Assay.Onnx.Wire;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class VerifierTests
{
    private static SmallModel Valid() =>
        new SmallModel()
            .Input("x", DataType.Float, "n")
            .Tensor("w", TensorData.From([1f], 1))
            .Node("Add x w -> h")
            .Node("Relu h -> y")
            .Output("y", DataType.Float, "n");

    public static TheoryData<string, Action<ModelProto>, string> Breaches =>
        new()
        {
            {
                "old opset",
                m => m.OpsetImport[0].Version = 6,
                "opset: the model needs ai.onnx opset 6; 7 to 24 are understood. Export it with one of these."
            },
            { "wrapping opset", m => m.OpsetImport[0].Version = (1L << 32) + 17, "opset: *" },
            { "no opset", m => m.OpsetImport.Clear(), "opset: *" },
            { "nameless input", m => m.Graph.Input[0].Name = "", "inputs: an input has no name." },
            { "untyped input", m => m.Graph.Input[0].Type = null, "inputs: input 'x' declares no type." },
            { "input twice", m => m.Graph.Input.Add(m.Graph.Input[0].Clone()), "inputs: 'x' is an input twice." },
            { "no outputs", m => m.Graph.Output.Clear(), "outputs: the graph has no outputs." },
            { "unknown output", m => m.Graph.Output[0].Name = "z", "outputs: output 'z' is produced by no node." },
            { "output twice", m => m.Graph.Output.Add(m.Graph.Output[0].Clone()), "outputs: 'y' is an output twice." },
            { "no operator", m => m.Graph.Node[0].OpType = "", "operators: a node named 'n_h' has no operator." },
            {
                "unknown domain",
                m => m.Graph.Node[0].Domain = "acme",
                "operators: acme.Add 'n_h' (output 'h') is of domain 'acme', which the model does not import."
            },
            {
                "assigned twice",
                m => m.Graph.Node[1].Output.Add("h"),
                "single assignment: 'h' is assigned twice, the second time by Relu 'n_y' (output 'y')."
            },
            {
                "initialiser assigned",
                m => m.Graph.Node[0].Output.Add("w"),
                "single assignment: 'w' is assigned twice, the second time by Add 'n_h' (output 'h')."
            },
            {
                "initialiser twice",
                m => m.Graph.Initializer.Add(m.Graph.Initializer[0].Clone()),
                "single assignment: 'w' is an initialiser twice."
            },
            {
                "cycle",
                m => m.Graph.Node[0].Input[1] = "y",
                "acyclic: The graph has a cycle through Add 'n_h' (output 'h'); ONNX graphs must be acyclic."
            },
            {
                "undefined",
                m => m.Graph.Node[0].Input[1] = "gone",
                "defined before use: Add 'n_h' (output 'h') reads 'gone', which nothing before it defines."
            },
            {
                "out of order",
                m => (m.Graph.Node[0], m.Graph.Node[1]) = (m.Graph.Node[1], m.Graph.Node[0]),
                "defined before use: Relu 'n_y' (output 'y') reads 'h', which nothing before it defines."
            },
            {
                "initialiser too short",
                m => m.Graph.Initializer[0].Dims[0] = 2,
                "initialisers: Tensor 'w' has 4 bytes where its shape needs 8."
            },
        };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Each_rule_says_what_broke_it(string what, Action<ModelProto> breach, string message)
    {
        var proto = Valid().Proto;
        ModelVerifier.Check(new OnnxModel(proto)).ShouldBeEmpty(what);
        breach(proto);
        var problem = ModelVerifier.Check(new OnnxModel(proto))[0];
        if (message.EndsWith('*'))
            problem.ShouldStartWith(message[..^1]);
        else
            problem.ShouldBe(message);
        Should
            .Throw<AssayException>(() => OnnxModel.Load(new OnnxModel(proto).ToBytes()))
            .Message.ShouldStartWith("Model '(bytes)' is invalid: " + problem);
    }

    [Fact]
    public void The_node_named_lies_on_the_cycle_and_not_behind_it()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float)
            .Node("Neg b -> behind")
            .Node("Add x b -> a")
            .Node("Neg a -> b")
            .Output("behind", DataType.Float);
        ModelVerifier.Check(new OnnxModel(small.Proto))[0].ShouldNotContain("behind");
    }

    [Fact]
    public void A_subgraph_may_capture_what_stands_before_its_node_and_no_more()
    {
        SmallModel Branches(string captured) =>
            new SmallModel()
                .Input("x", DataType.Float, "n")
                .Input("c", DataType.Bool)
                .Node("Neg x -> before")
                .Node(
                    "If c -> y",
                    (
                        "then_branch",
                        new SmallModel().Node($"Neg {captured} -> t").Output("t", DataType.Float).Proto.Graph
                    ),
                    ("else_branch", new SmallModel().Node("Neg x -> u").Output("u", DataType.Float).Proto.Graph)
                )
                .Node("Neg y -> after")
                .Output("after", DataType.Float, "n");

        Branches("before").Load();
        Should.Throw<AssayException>(() => Branches("after").Load()).Message.ShouldContain("cycle");
        Should.Throw<AssayException>(() => Branches("gone").Load()).Message.ShouldContain("reads 'gone'");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public void A_cut_off_file_is_one(int bytes)
    {
        var whole = new OnnxModel(Valid().Proto).ToBytes();
        var error = Should.Throw<AssayException>(() => OnnxModel.Load(whole.AsSpan(0, bytes)));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Should
            .Throw<AssayException>(() => OnnxModel.Load("nowhere.onnx"))
            .Message.ShouldBe("Model 'nowhere.onnx' does not exist.");
}
