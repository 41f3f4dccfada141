using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class GraphEditTests
{
    private static OnnxModel WithBranches() =>
        new SmallModel()
            .Input("x", DataType.Float, "n")
            .Input("c", DataType.Bool)
            .Tensor("w", TensorData.From([1f], 1))
            .Node("Mul x w -> h")
            .Node(
                "If c -> y",
                ("then_branch", new SmallModel().Node("Neg h -> inner").Output("inner", DataType.Float).Proto.Graph),
                ("else_branch", new SmallModel().Output("h", DataType.Float).Proto.Graph)
            )
            .Node("Relu h -> r")
            .Output("y", DataType.Float, "n")
            .Output("r", DataType.Float, "n")
            .Load();

    [Fact]
    public void A_captured_value_is_consumed_by_the_node_that_holds_the_subgraph()
    {
        var graph = WithBranches().Graph;
        graph.Consumers("h").Select(n => n.OpType).ShouldBe(["If", "Relu"]);
        graph.Downstream(["x"]).ShouldBe(["x", "h", "y", "r"], ignoreOrder: true);
        graph.Reaching(["y"]).Select(n => n.OpType).ShouldBe(["If", "Mul"], ignoreOrder: true);
    }

    [Fact]
    public void Uses_are_replaced_also_inside_subgraphs()
    {
        var model = WithBranches();
        var relu = model.Graph.Producer("r")!;
        model.Graph.ReplaceUses("h", "x", relu);
        relu.Input[0].ShouldBe("h");
        model.Graph.Consumers("h").ShouldBe([relu]);
        model.Graph.Consumers("x").Select(n => n.OpType).ShouldBe(["Mul", "If"], ignoreOrder: true);
        var branches = model.Graph.Producer("y")!.Subgraphs().ToArray();
        branches[0].Node[0].Input[0].ShouldBe("x");
        branches[1].Output[0].Name.ShouldBe("x");
        ModelVerifier.Check(model).ShouldBeEmpty();
    }

    [Fact]
    public void Fresh_names_avoid_every_name_also_inside_subgraphs()
    {
        var graph = WithBranches().Graph;
        new[] { "x", "h", "w", "inner", "new", "new", "new" }
            .Select(graph.FreshName)
            .ShouldBe(["x_1", "h_1", "w_1", "inner_1", "new", "new_1", "new_2"]);
    }

    [Fact]
    public void A_value_is_renamed_wherever_it_occurs()
    {
        var model = WithBranches();
        foreach (var value in new[] { "x", "w", "h", "y" })
            model.Graph.Rename(value, value + "2");
        var again = OnnxModel.Load(model.ToBytes());
        again.Graph.Inputs.Select(i => i.Name).ShouldBe(["x2", "c"]);
        again.Graph.Outputs.Select(o => o.Name).ShouldBe(["y2", "r"]);
        again.Graph.Constant("w2")!.Values.ShouldBe(new[] { 1f });
        again.Graph.Consumers("h2").Count.ShouldBe(2);
        (model.Graph.Producer("h2"), model.Graph.Producer("h")).ShouldBe((model.Graph.Nodes[0], null));
        foreach (var taken in new[] { "r", "inner", "" })
            Should.Throw<AssayException>(() => model.Graph.Rename("h2", taken)).Fault.ShouldBe(Fault.Usage);
        Should.Throw<AssayException>(() => model.Graph.Rename("gone", "z"));
    }

    [Fact]
    public void What_no_output_needs_is_pruned()
    {
        var model = WithBranches();
        model.Graph.AddInitialiser("unused", TensorData.Scalar(1f));
        model.Graph.Add(SmallModel.NodeOf("Neg r -> dead"));
        model.Proto.Graph.Output.RemoveAt(0);
        model.Graph.PruneUnreachable();
        model.Graph.Nodes.Select(n => n.OpType).ShouldBe(["Mul", "Relu"]);
        model.Proto.Graph.Initializer.Select(t => t.Name).ShouldBe(["w"]);
        model.Graph.Consumers("h").Count.ShouldBe(1);
        model.Graph.Inputs.Select(i => i.Name).ShouldBe(["x", "c"]);
    }

    [Fact]
    public void Sorting_keeps_file_order_where_it_can()
    {
        var model = WithBranches();
        var graph = model.Graph;
        graph.Add(SmallModel.NodeOf("Abs x -> a"));
        graph.ReplaceUses("x", "a", graph.Producer("a")!);
        graph.SortTopologically();
        graph.Nodes.Select(n => n.OpType).ShouldBe(["Abs", "Mul", "If", "Relu"]);
        ModelVerifier.Check(model).ShouldBeEmpty();
    }

    [Fact]
    public void A_cut_makes_a_value_an_input()
    {
        var model = WithBranches();
        model.Graph.CutAt(ValueInfos.Tensor("h", DataType.Float, "n"));
        var again = OnnxModel.Load(model.ToBytes());
        again.Graph.Inputs.Select(i => i.Name).ShouldBe(["x", "c", "h"]);
        again.Graph.Nodes.Select(n => n.OpType).ShouldBe(["If", "Relu"]);
        again.Proto.Graph.Initializer.ShouldBeEmpty();
        Should.Throw<AssayException>(() => model.Graph.CutAt(ValueInfos.Tensor("x", DataType.Float)));
    }

    [Fact]
    public void A_cut_spares_the_other_outputs_of_the_producer()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "n", 4)
            .Node("Split x -> a b", ("axis", 1L))
            .Node("Add a b -> y")
            .Output("y", DataType.Float, "n", 2)
            .Load();
        model.Graph.CutAt(ValueInfos.Tensor("a", DataType.Float, "n", 2));
        var again = OnnxModel.Load(model.ToBytes());
        again.Graph.Producer("b")!.OpType.ShouldBe("Split");
        again.Graph.IsInput("a").ShouldBeTrue();
    }

    [Fact]
    public void A_part_is_extracted_as_a_model_of_its_own()
    {
        var model = WithBranches();
        var before = model.ToBytes();
        var tail = model.Extract(["h", "c"], ["y"], v => v == "h" ? ValueInfos.Tensor(v, DataType.Float, "n") : null);
        model.ToBytes().ShouldBe(before);
        tail = OnnxModel.Load(tail.ToBytes());
        tail.Graph.Nodes.Select(n => n.OpType).ShouldBe(["If"]);
        tail.Graph.Inputs.Select(i => (i.Name, i.ShapeText())).ShouldBe([("h", "[n]"), ("c", "[]")]);
        tail.Proto.Graph.Initializer.ShouldBeEmpty();
        var head = OnnxModel.Load(model.Extract(["x"], ["h"]).ToBytes());
        head.Graph.Nodes.Select(n => n.OpType).ShouldBe(["Mul"]);
        head.Proto.Graph.Initializer.Count.ShouldBe(1);
        var weight = OnnxModel.Load(model.Extract(["x", "w"], ["h"]).ToBytes());
        weight.Graph.Inputs.Select(i => (i.Name, i.ShapeText())).ShouldBe([("x", "[n]"), ("w", "[1]")]);
    }

    [Theory]
    [InlineData("h", "y", "The type of value 'h' is not declared in the model; say what it is.")]
    [InlineData("c", "y", "What is to be extracted also depends on input 'x'; name it among the inputs.")]
    [InlineData("gone", "y", "The graph has no value 'gone' to extract at.")]
    public void An_extraction_that_cannot_be_is_refused(string input, string output, string message) =>
        Should
            .Throw<AssayException>(() => WithBranches().Extract(input == "h" ? ["h", "c"] : [input], [output]))
            .Message.ShouldBe(message);
}
