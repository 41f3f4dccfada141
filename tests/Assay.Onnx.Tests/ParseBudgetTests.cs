using Assay.Onnx.Wire;
using Google.Protobuf;

namespace Assay.Onnx.Tests;

/// <summary>Files that become many times their size in memory are refused before they are read.</summary>
public class ParseBudgetTests
{
    private const int Messages = 200_000;

    // Two bytes each in the file.
    private static byte[] EmptyMessages(Action<GraphProto> add)
    {
        var model = new ModelProto { Graph = new GraphProto() };
        for (var i = 0; i < Messages; i++)
            add(model.Graph);
        return model.ToByteArray();
    }

    public static TheoryData<string> Kinds => ["node", "value", "tensor"];

    private static byte[] Of(string kind) =>
        EmptyMessages(g =>
        {
            if (kind == "node")
                g.Node.Add(new NodeProto());
            else if (kind == "value")
                g.ValueInfo.Add(new ValueInfoProto());
            else
                g.Initializer.Add(new TensorProto());
        });

    // Truth: what the garbage collector says that parsing allocated.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_estimate_is_near_what_is_allocated(string kind)
    {
        var file = Of(kind);
        ModelProto.Parser.ParseFrom(file);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelProto.Parser.ParseFrom(file);
        var allocated = (double)(GC.GetAllocatedBytesForCurrentThread() - before);
        (ParseBudget.Estimate(new MemoryStream(file)) / allocated).ShouldBeInRange(0.5, 2);
    }

    [Fact]
    public void Weights_count_once()
    {
        var model = new SmallModel().Tensor("w", TensorData.From(new float[1 << 20], 1 << 20)).Proto.ToByteArray();
        ParseBudget.Estimate(new MemoryStream(model)).ShouldBeInRange(4 << 20, (4 << 20) + 10_000);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_line()
    {
        var file = new MemoryStream(Of("node"));
        var error = Should.Throw<AssayException>(() => ParseBudget.Require(file, available: 20 << 20));
        error.Message.ShouldStartWith("it would take more than 6 MB to read, and 20 MB are free");
        ParseBudget.Require(file, available: 1L << 30);
        file.Position.ShouldBe(0);
    }

    [Fact]
    public void A_file_that_ends_in_nonsense_is_counted_up_to_there()
    {
        var file = Of("node").Concat(Enumerable.Repeat((byte)0xff, 20)).ToArray();
        ParseBudget.Estimate(new MemoryStream(file)).ShouldBeGreaterThan(100L * Messages);
    }
}
