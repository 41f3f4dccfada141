using Assay.Gradients.Preparation;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>The models of the real case, prepared, compute the same and can be differentiated.</summary>
public class RealModelTests
{
    public static TheoryData<string> Models => RealCase.Models;

    [Theory]
    [MemberData(nameof(Models))]
    public void Prepared_models_compute_the_same(string name)
    {
        var model = OnnxModel.Load(RealCase.Model(name));
        var (prepared, _) = ModelPreparation.Prepare(model);
        ModelVerifier.Check(prepared).ShouldBeEmpty();
        prepared
            .Graph.Reaching([model.Graph.Outputs[0].Name])
            .ShouldAllBe(n => n.OpType != "Loop" && n.OpType != "If" && n.OpType != "Scan");
        var feeds = Feeds(model, 8);
        using var before = Session.Open(model);
        using var after = Session.Open(prepared);
        var expected = before.Run(feeds);
        foreach (var (output, tensor) in after.Run(feeds))
        {
            tensor.Dims.ShouldBe(expected[output].Dims);
            var scale = expected[output].ToDoubles().Append(1).Max(Math.Abs);
            foreach (var (a, b) in tensor.ToDoubles().Zip(expected[output].ToDoubles()))
                a.ShouldBe(b, 1e-5 * scale);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Float_inputs_have_gradients_that_agree_with_finite_differences(string name)
    {
        var (prepared, _) = ModelPreparation.Prepare(OnnxModel.Load(RealCase.Model(name)));
        var model = Precision.ToDouble(prepared);
        var wrt = model.Graph.Inputs.Where(i => i.ElementType() == DataType.Double).Select(i => i.Name).ToArray();
        if (wrt.Length == 0)
            Assert.Skip($"{name} has no float input.");
        var problem = new Problem(model, [model.Graph.Outputs[0].Name], wrt, Feeds(model, 2));
        // A short step, as a long one would cross kinks of the many ReLUs.
        var expected = FiniteDifferences.Gradient(problem, wrt, step: 1e-6);
        var actual = problem.Gradient(problem.Measure()).Run();
        for (var i = 0; i < wrt.Length; i++)
            FiniteDifferences.Error(expected[i], actual[i].ToDoubles()).ShouldBeLessThan(1e-7);
    }

    private static Dictionary<string, TensorData> Feeds(OnnxModel model, long rows)
    {
        var feeds = new Dictionary<string, TensorData>();
        foreach (var input in model.Graph.Inputs)
        {
            var random = new CounterRandom(CaseModel.Seed, input.Name);
            long[] dims = [.. input.Shape()!.Select(d => d ?? rows)];
            var values = new double[dims.Aggregate(1L, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
                values[i] = ElementTypes.IsFloat(input.ElementType()) ? 0.2 + random.NextDouble() : random.NextInt(2);
            feeds[input.Name] = TensorData.From(values, dims).Cast(input.ElementType());
        }
        return feeds;
    }
}
