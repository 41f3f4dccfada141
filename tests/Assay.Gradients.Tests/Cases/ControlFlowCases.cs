using Assay.Onnx;
using Assay.Onnx.Wire;
using static Assay.Gradients.Tests.Operand;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Loops that carry nothing, and branches; x0, x1, … are the operands, captured ones among them.</summary>
internal static class ControlFlowCases
{
    private static readonly Operand Three = Fed(TensorData.Scalar(3L));
    private static readonly Operand True = Constant(TensorData.Scalar(true));

    public static readonly Case[] Rows =
    [
        new Case("Loop", Three, True, X(3, 2).Captured)
            .With(("body", Body("Gather x2 i -> row", "Identity go -> on", "Tanh row -> t", "Mul t row -> out")))
            .Named("over rows"),
        new Case("Loop", Three, True, X(3, 2).Captured, X(2).Captured)
            .With(("body", Body("Gather x2 i -> row", "Identity go -> on", "Mul row x3 -> p", "Tanh p -> out")))
            .Named("with shared weights") with
        {
            Order = 1,
        },
        new Case("Loop", Three, True, X(5, 2).Captured, X(2, 2).Captured)
            .With(("body", Body("Gather x2 i -> row", "Less i one -> on", "MatMul row x3 -> p", "Sin p -> out")))
            .Named("that stops early") with
        {
            Order = 1,
            // Unknown ranks are taken for 2 or more, which ONNX Runtime then refuses.
            NeedsShapes = "Rank 1 is less than",
        },
        new Case("Loop", Three, True, X(4, 2).Captured, Constant(TensorData.From([0L, 1, 3, 4], 4)).Captured)
            .With(
                (
                    "body",
                    Body(
                        "Add i one -> j",
                        "Gather x3 i -> a",
                        "Gather x3 j -> b",
                        "Unsqueeze a zeros -> from",
                        "Unsqueeze b zeros -> to",
                        "Slice x2 from to zeros -> part",
                        "Exp part -> e",
                        "ReduceSum e zeros -> sum",
                        "Log sum -> out",
                        "Identity go -> on"
                    )
                )
            )
            .Named("over parts of unequal length") with
        {
            Order = 1,
        },
        new Case("Loop", Three, True, X(3, 2).Captured, X(2).Captured)
            .With(
                (
                    "body",
                    Body([
                        SmallModel.NodeOf("Gather x2 i -> row"),
                        SmallModel.NodeOf("Less i one -> early"),
                        SmallModel.NodeOf(
                            "If early -> out",
                            ("then_branch", Branch("Mul row x3 -> t")),
                            ("else_branch", Branch("Sin x3 -> u"))
                        ),
                        SmallModel.NodeOf("Identity go -> on"),
                    ])
                )
            )
            .Named("around a branch") with
        {
            Order = 1,
        },
        new Case("If", Fed(TensorData.Scalar(true)), X(2, 3).Captured, X(3).Captured)
            .With(("then_branch", Branch("Mul x1 x2 -> t")), ("else_branch", Branch("Sin x1 -> u")))
            .Named("then"),
        new Case("If", Fed(TensorData.Scalar(false)), X(2, 3).Captured, X(3).Captured)
            .With(("then_branch", Branch("Mul x1 x2 -> t")), ("else_branch", Branch("Sin x1 -> u")))
            .Named("else"),
        new Case("If", Fed(TensorData.Scalar(false)), X(2, 3).Captured)
            .With(("then_branch", Branch("Sin x1 -> t")), ("else_branch", Branch("Identity x1 -> u")))
            .Named("that passes a value on"),
    ];

    private static GraphProto Body(params string[] nodes) => Body([.. nodes.Select(n => SmallModel.NodeOf(n))]);

    private static GraphProto Body(NodeProto[] nodes)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add(ValueInfos.Tensor("i", DataType.Int64));
        body.Input.Add(ValueInfos.Tensor("go", DataType.Bool));
        body.Initializer.Add(TensorData.Scalar(1L).ToProto("one"));
        body.Initializer.Add(TensorData.Int64s(0).ToProto("zeros"));
        body.Node.AddRange(nodes);
        body.Output.Add(ValueInfos.Tensor("on", DataType.Bool));
        body.Output.Add(ValueInfos.Tensor("out", DataType.Double, null));
        return body;
    }

    private static GraphProto Branch(string node)
    {
        var branch = new GraphProto { Name = "branch" };
        branch.Node.Add(SmallModel.NodeOf(node));
        branch.Output.Add(ValueInfos.Tensor(branch.Node[0].Output[0], DataType.Double, null));
        return branch;
    }
}
