using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class RealModelTests
{
    public static TheoryData<string> Models => RealCase.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Folding_keeps_names_and_outputs(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        var folded = ConstantFolder.Fold(model);
        ModelVerifier.Check(folded).ShouldBeEmpty();
        folded.Graph.Nodes.ShouldAllBe(n => n.OpType != "Constant");
        folded.Graph.Nodes.Count.ShouldBeLessThan(model.Graph.Nodes.Count + 1);
        folded.Graph.Nodes.SelectMany(n => n.Output).ShouldBeSubsetOf(model.Graph.Nodes.SelectMany(n => n.Output));
        var feeds = Feeds(model, 16);
        using var before = Session.Open(model, new SessionSettings { Optimise = false });
        using var after = Session.Open(folded, new SessionSettings { Optimise = false });
        var expected = before.Run(feeds);
        foreach (var (output, tensor) in after.Run(feeds))
            tensor.Bytes().SequenceEqual(expected[output].Bytes()).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_value_is_measured(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        var table = ShapeProbe.Measure(model);
        foreach (var value in model.Graph.Nodes.SelectMany(n => n.Output).Where(o => o.Length > 0))
            table.TryGet(value).ShouldNotBeNull(value);
        foreach (var output in model.Graph.Outputs)
            table.TryGet(output.Name)!.Dims[0].Symbol.ShouldNotBeNull();
    }

    internal static Dictionary<string, TensorData> Feeds(OnnxModel model, long rows)
    {
        var feeds = new Dictionary<string, TensorData>();
        foreach (var input in model.Graph.Inputs)
            feeds[input.Name] = Tiling.Filled(input.ElementType(), [.. input.Shape()!.Select(d => d ?? rows)]);
        return feeds;
    }

    /// <summary>Rows that differ: ids from 0 to 3 (every table has these), numerics from 0 to 10.</summary>
    internal static Dictionary<string, TensorData> Varied(OnnxModel model, long rows)
    {
        var feeds = Feeds(model, rows);
        foreach (var (name, zeros) in feeds.ToArray())
        {
            var steps = zeros.Type == DataType.Int64 ? 4u : 1000;
            var values = new double[zeros.Count];
            for (var i = 0; i < values.Length; i++)
                // Fibonacci hashing: scattered, and the same everywhere.
                values[i] = ((uint)(i + name.Length * 7919) * 2654435761u >> 16) % steps / (steps == 4 ? 1.0 : 100);
            feeds[name] = TensorData.From(values, zeros.Dims).Cast(zeros.Type);
        }
        return feeds;
    }
}
