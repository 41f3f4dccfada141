using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Tests;

/// <summary>Bags are rewritten where they are bags, and then compute what ONNX Runtime computed of the loop.</summary>
public class EmbeddingBagTests
{
    private static readonly Dictionary<string, TensorData> Feeds = new()
    {
        ["ids"] = TensorData.From([0L, 3, 4, 1, 1, 2], 2, 3),
        ["weights"] = TensorData.From([0.5f, -1, 2, 1, 0.25f, 3], 2, 3),
    };

    [Theory]
    [InlineData("ReduceSum", false, 17)]
    [InlineData("ReduceSum", true, 17)]
    [InlineData("ReduceSum", true, 13)]
    [InlineData("ReduceMean", false, 17)]
    [InlineData("ReduceMean", false, 18)]
    [InlineData("ReduceMax", false, 17)]
    [InlineData("ReduceMax", false, 20)]
    public void A_bag_becomes_a_lookup(string reduction, bool weighted, int opset) =>
        ShouldBeRewritten(
            new()
            {
                Reduction = reduction,
                Weighted = weighted,
                Opset = opset,
            }
        );

    [Fact]
    public void The_length_may_be_free() => ShouldBeRewritten(new() { Length = "length" });

    [Fact]
    public void The_length_may_be_a_constant_that_fits() => ShouldBeRewritten(new() { Step = 3 });

    [Fact]
    public void Rewritten_bags_can_be_differentiated()
    {
        var (model, shapes) = ModelPreparation.Prepare(new BagModel { Weighted = true }.Build());
        var gradients = ReverseMode.Differentiate(model, "out", ["weights", "table"], shapes);
        foreach (var name in gradients.Values)
            model.Graph.AddOutput(new Onnx.Wire.ValueInfoProto { Name = name });
        using var session = Session.Open(model);
        var values = session.Run(Feeds);
        // ∂/∂weight = the sum of the looked-up row; table rows are −1, −.5; 0, .5; 1, 1.5; 2, 2.5; 3, 3.5.
        values[gradients["weights"]].ShouldBeNear(-1.5, 4.5, 6.5, 0.5, 0.5, 2.5);
        values[gradients["table"]].ShouldBeNear(0.5, 0.5, 1.25, 1.25, 3, 3, -1, -1, 2, 2);
    }

    [Fact]
    public void Bags_of_other_lengths_than_the_rows_become_sums_by_segment()
    {
        var bag = new BagModel { Step = 2 };
        var (prepared, _) = ModelPreparation.Prepare(bag.Build());
        prepared.Graph.Nodes.ShouldAllBe(n => n.OpType != "Loop");
        Output(prepared, bag).Dims.ShouldBe([3, 2]);
        Output(prepared, bag).ShouldBeNear(Output(bag.Build(), bag).ToDoubles());
    }

    [Fact]
    public void Offsets_that_end_before_the_last_are_left_alone() => ShouldBeLeftAlone(new() { LastBagOpen = true });

    [Fact]
    public void Loops_that_carry_state_are_left_alone() => ShouldBeLeftAlone(new() { CarriesState = true });

    [Fact]
    public void Loops_that_stop_early_are_left_alone() => ShouldBeLeftAlone(new() { StopsEarly = true });

    [Fact]
    public void Reductions_that_keep_the_axis_are_left_alone() => ShouldBeLeftAlone(new() { KeepDims = 1 });

    private static void ShouldBeRewritten(BagModel bag)
    {
        var model = bag.Build();
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldAllBe(n => n.OpType != "Loop");
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        shapes.TryGet("out")!.ToString().ShouldBe("float32 [batch, 2]");
        Output(prepared, bag).ShouldBeNear(Output(model, bag).ToDoubles());
    }

    private static void ShouldBeLeftAlone(BagModel bag)
    {
        var model = bag.Build();
        var (prepared, shapes) = ModelPreparation.Prepare(model);
        prepared.Graph.Nodes.ShouldContain(n => n.OpType == "Loop");
        Output(prepared, bag).ShouldBeNear(Output(model, bag).ToDoubles());
        if (!bag.CarriesState)
        {
            ReverseMode.Differentiate(prepared, "out", ["table"], shapes).ShouldHaveSingleItem();
            return;
        }
        var error = Should.Throw<AssayException>(() => ReverseMode.Differentiate(prepared, "out", ["table"], shapes));
        error.Message.ShouldStartWith("No gradient through Loop");
    }

    private static TensorData Output(OnnxModel model, BagModel bag)
    {
        using var session = Session.Open(model);
        return session.Run(Feeds.Where(f => bag.Weighted || f.Key == "ids").ToDictionary())["out"];
    }
}
