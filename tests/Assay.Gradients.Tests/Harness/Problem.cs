using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>
/// A function to differentiate: f(feeds) = Σ ⟨weights, output⟩ with fixed pseudo-random weights, as a model in float64.
/// </summary>
internal sealed record Problem(
    OnnxModel Model,
    string[] Outputs,
    string[] Wrt,
    IReadOnlyDictionary<string, TensorData> Feeds
)
{
    /// <summary>The weights of each output, in the shape it has for these feeds.</summary>
    public TensorData[] Weights()
    {
        using var session = Open(Model, Outputs);
        var values = session.Run(Feeds, Outputs);
        return
        [
            .. Outputs.Select(
                (o, i) =>
                {
                    var random = new CounterRandom(CaseModel.Seed, "weights", (ulong)i);
                    return TensorData.From(
                        Enumerable.Range(0, values[o].Count).Select(_ => 0.5 + random.NextDouble()).ToArray(),
                        values[o].Dims
                    );
                }
            ),
        ];
    }

    /// <summary>What is known of shapes by measuring.</summary>
    public ShapeTable Measure() => ShapeProbe.Measure(DoubleKernels.Replace(Model), Feeds);

    /// <summary>
    /// The problem whose outputs are the gradient of f with respect to <see cref="Wrt"/>, or those of them named.
    /// </summary>
    public Problem Gradient(ShapeTable shapes, params string[] wrt)
    {
        var asked = wrt.Length == 0 ? Wrt : wrt;
        var model = Model.Clone();
        var seed = model.Graph.AddInitialiser("weights", Weights()[0]);
        var gradients = ReverseMode.Differentiate(model, Outputs.Single(), asked, shapes, seed);
        model.Proto.Graph.Output.Clear();
        foreach (var gradient in gradients.Values)
            model.Graph.AddOutput(new ValueInfoProto { Name = gradient });
        ModelVerifier.Check(model).ShouldBeEmpty();
        return new Problem(model, [.. asked.Select(w => gradients[w])], Wrt, Feeds);
    }

    /// <summary>The outputs for the given feeds.</summary>
    public TensorData[] Run()
    {
        using var session = Open(Model, Outputs);
        var values = session.Run(Feeds, Outputs);
        return [.. Outputs.Select(o => values[o])];
    }

    public static Session Open(OnnxModel model, IEnumerable<string> outputs)
    {
        var runnable = DoubleKernels.Replace(model);
        foreach (var output in outputs)
            if (runnable.Proto.Graph.Output.All(o => o.Name != output))
                runnable.Graph.AddOutput(new ValueInfoProto { Name = output });
        return Session.Open(runnable, new SessionSettings { Optimise = false });
    }

    /// <summary>The same with one output: several are weighted and summed by the graph.</summary>
    public Problem Summed()
    {
        if (Outputs.Length == 1)
            return this;
        var (model, weights) = (Model.Clone(), Weights());
        var e = new Emitter(model.Graph, model.Opset, DataType.Double, "objective");
        var parts = Outputs.Select((o, i) => e.ReduceSum(e.Mul(o, e.Constant(weights[i])), [], keepDims: false));
        return new Problem(model, [parts.ToArray().Aggregate(e.Add)], Wrt, Feeds);
    }
}
