using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using Assay.Statistics;
using CsCheck;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Gradients.Tests;

/// <summary>Random graphs of smooth operators agree with finite differences.</summary>
public class ExpressionTests
{
    // Each makes a [batch, 3] value of one or two others, so that any can follow any.
    private static readonly Func<Emitter, string, string, string>[] Steps =
    [
        (e, a, b) => e.Add(a, b),
        (e, a, b) => e.Sub(a, b),
        (e, a, b) => e.Mul(Bounded(e, a), b),
        (e, a, _) => e.Node("Tanh", [a]),
        (e, a, _) => e.Node("Sigmoid", [a]),
        (e, a, _) => e.Node("Softmax", [a], ("axis", -1L)),
        (e, a, b) => e.Div(a, e.Add(e.Scalar(2), e.Mul(b, b))),
        (e, a, _) => e.MatMul(a, e.Constant(TensorData.From([0.5, -1, 0.2, 1, 0.3, -0.4, 0.1, 0.7, -0.6], 3, 3))),
        (e, a, b) => e.MatMul(Bounded(e, a), e.MatMul(e.Transpose(Bounded(e, a), 1, 0), b)),
        (e, a, b) => e.Slice(e.Concat([a, b], 1), [2], [5], [1]),
        (e, a, b) => e.Sub(a, e.Reduce("ReduceMean", b, [1], keepDims: true)),
        (e, a, b) => e.Mul(a, e.ReduceSum(Bounded(e, b), [0], keepDims: false)),
        (e, a, b) =>
            e.Squeeze(e.ReduceSum(e.Concat([e.Unsqueeze(a, 1), e.Unsqueeze(b, 1)], 1), [1], keepDims: true), 1),
        (e, a, _) => e.Gather(a, e.Int64s(2, 0, 0), 1),
        (e, a, _) => e.Reshape(e.Transpose(e.Unsqueeze(a, 2), 0, 2, 1), -1, 3),
    ];

    private static readonly Gen<(int Step, int First, int Second)[]> Programs = Gen.Select(
        Gen.Int[0, Steps.Length - 1],
        Gen.Int[0, 9],
        Gen.Int[0, 9]
    ).Array[1, 9];

    [Fact]
    public void Agree_with_finite_differences() =>
        Programs.Sample(
            program =>
            {
                var problem = Build(program);
                var expected = FiniteDifferences.Gradient(problem, problem.Wrt);
                foreach (var shapes in new[] { problem.Measure(), ShapeTable.Empty })
                {
                    if (shapes.Values.Count == 0 && program.Any(p => p.Step == 13))
                        continue; // picking columns needs ranks
                    var actual = problem.Gradient(shapes).Run();
                    for (var i = 0; i < expected.Length; i++)
                        FiniteDifferences.Error(expected[i], actual[i].ToDoubles()).ShouldBeLessThan(1e-7);
                }
            },
            iter: 60,
            threads: 1
        );

    // Powers of powers would need another step than everything else.
    private static string Bounded(Emitter e, string a) => e.Node("Tanh", [a]);

    private static Problem Build((int Step, int First, int Second)[] program)
    {
        var model = CaseModel.Model(new GraphProto { Name = "expression" }, 17);
        var feeds = new Dictionary<string, TensorData>();
        foreach (var name in new[] { "x", "z" })
        {
            model.Graph.AddInput(ValueInfos.Tensor(name, DataType.Double, "batch", 3L));
            feeds[name] = Operand.X(2, 3).Within(-1, 1).Draw(new CounterRandom(CaseModel.Seed, name));
        }
        var e = new Emitter(model.Graph, 17, DataType.Double, "step");
        var values = new List<string> { "x", "z" };
        foreach (var (step, first, second) in program)
            values.Add(Steps[step](e, values[^(1 + first % values.Count)], values[^(1 + second % values.Count)]));
        model.Graph.AddOutput(ValueInfos.Tensor(values[^1], DataType.Double, "batch", 3L));
        return new Problem(model, [values[^1]], ["x", "z"], feeds);
    }
}
