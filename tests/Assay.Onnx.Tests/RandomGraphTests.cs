using CsCheck;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Onnx.Tests;

public class RandomGraphTests
{
    /// <summary>For every node two earlier values (0 is the input), and whether the node also is an output.</summary>
    private static readonly Gen<(int A, int B, bool IsOutput)[]> Graphs = Gen.Int[1, 25]
        .SelectMany(n =>
            Gen.Int[0, 1000]
                .Select(Gen.Int[0, 1000], Gen.Bool, (a, b, o) => (a, b, o))
                .Array[n]
                .Select(nodes => nodes.Select((x, i) => (x.a % (i + 1), x.b % (i + 1), x.o)).ToArray())
        );

    private static OnnxModel Build((int A, int B, bool IsOutput)[] nodes)
    {
        var small = new SmallModel().Input("v0", DataType.Float, "n");
        for (var i = 0; i < nodes.Length; i++)
        {
            small.Node($"Add v{nodes[i].A} v{nodes[i].B} -> v{i + 1}");
            if (nodes[i].IsOutput || i == nodes.Length - 1)
                small.Output($"v{i + 1}", DataType.Float, "n");
        }
        return small.Load();
    }

    /// <summary>The value of every output where v0 is one: an interpreter of sums, to compare graphs by meaning.</summary>
    private static Dictionary<string, double> Evaluate(OnnxModel model)
    {
        var values = new Dictionary<string, double>();
        foreach (var input in model.Graph.Inputs)
            values[input.Name] = 1;
        foreach (var node in model.Graph.Nodes)
            values[node.Output[0]] =
                node.OpType == "Identity" ? values[node.Input[0]] : values[node.Input[0]] + values[node.Input[1]];
        return model.Graph.Outputs.ToDictionary(o => o.Name, o => values[o.Name]);
    }

    [Fact]
    public void Any_graph_survives_insertion_reversal_sorting_and_pruning() =>
        Graphs
            .Select(Gen.Int[0, 1000])
            .Sample(
                (nodes, pick) =>
                {
                    var model = Build(nodes);
                    var expected = Evaluate(model);
                    var graph = model.Graph;
                    // A detour around one value, appended behind its readers.
                    var value = $"v{pick % (nodes.Length + 1)}";
                    var detour = SmallModel.NodeOf($"Identity {value} -> {graph.FreshName("detour")}");
                    graph.Add(detour);
                    graph.ReplaceUses(value, detour.Output[0], detour);
                    var reversed = graph.Nodes.Reverse().ToArray();
                    model.Proto.Graph.Node.Clear();
                    model.Proto.Graph.Node.AddRange(reversed);
                    graph.SortTopologically();
                    graph.PruneUnreachable();
                    var again = OnnxModel.Load(model.ToBytes());
                    Evaluate(again).ShouldBe(expected);
                    again
                        .Graph.Nodes.All(n => again.Graph.Reaching(again.Graph.Outputs.Select(o => o.Name)).Contains(n))
                        .ShouldBeTrue();
                },
                iter: 300
            );

    [Fact]
    public void The_index_stays_that_of_a_fresh_one() =>
        Graphs
            .Select(Gen.Int[0, 1000].Array[1, 6])
            .Sample(
                (nodes, picks) =>
                {
                    var model = Build(nodes);
                    foreach (var pick in picks)
                    {
                        var value = $"v{pick % (nodes.Length + 1)}";
                        if (pick % 2 == 0)
                            model.Graph.ReplaceUses(value, "v0");
                        else if (model.Graph.Defines(value))
                            model.Graph.Rename(value, model.Graph.FreshName("renamed") + "!");
                        if (pick % 3 == 0)
                            model.Graph.PruneUnreachable();
                        if (!model.Graph.Defines("v0"))
                            break;
                    }
                    var fresh = new Graph(model.Proto.Graph);
                    foreach (var name in fresh.Nodes.SelectMany(n => n.Output.Concat(n.Input)).Distinct())
                    {
                        model.Graph.Producer(name).ShouldBeSameAs(fresh.Producer(name));
                        model.Graph.Defines(name).ShouldBe(fresh.Defines(name));
                        model.Graph.Consumers(name).ShouldBe(fresh.Consumers(name), ignoreOrder: true);
                    }
                },
                iter: 300
            );
}
