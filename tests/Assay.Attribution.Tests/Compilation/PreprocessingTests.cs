using Assay.Attribution.Compilation;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using Google.Protobuf;
using AttributeType = Assay.Onnx.Wire.AttributeProto.Types.AttributeType;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Compilation;

/// <summary>Preprocessing of the domain ai.onnx.ml, text included, stays in front of a compiled model.</summary>
public sealed class PreprocessingTests
{
    private static readonly Dictionary<string, TensorData> Rows = new()
    {
        ["country"] = TensorData.From(["be", "nl", "??"], 3, 1),
        ["age"] = TensorData.From<float>([30, 41, -2], 3, 1),
    };

    public static TheoryData<string> Methods => [.. MethodRegistry.Compilable];

    [Theory, MemberData(nameof(Methods))]
    public void Text_is_looked_up_and_numbers_scaled(string method)
    {
        foreach (var baseline in new[] { Baseline.Zero, Baseline.Rows(Agreement.Take(Rows, 1)) })
        {
            var model = Model();
            var features = FeatureSlot.FromInputs(model);
            var settings = new ExplainSettings
            {
                Method = method,
                Baseline = baseline,
                At = EntryPoint.Preprocessed,
            };
            using var explainer = Explainer.Open(model, features, settings);
            using var bare = new BareRun(ModelCompiler.Explain(model, features, settings, new CompileOptions()));
            Agreement.Check(explainer.Explain(Rows), Rows, bare, 1e-5);
        }
    }

    [Fact]
    public void Text_is_suppressed()
    {
        var model = Model();
        var treated = ModelCompiler.Rescale(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = "feature-ablation", Baseline = Baseline.Rows(Agreement.Take(Rows, 1)) },
            new Dictionary<string, double> { ["country"] = 0 },
            new Dictionary<string, string>()
        );
        using var bare = new BareRun(treated);
        using var original = new BareRun(model);
        var replaced = new Dictionary<string, TensorData>(Rows)
        {
            ["country"] = TensorData.From(["be", "be", "be"], 3, 1),
        };
        bare.Run(Rows)["score"].ToDoubles().ShouldBe(original.Run(replaced)["score"].ToDoubles(), 1e-6);
    }

    // score = Σ tanh(E[code of country] + (age − 35) / 10 · w).
    private static OnnxModel Model()
    {
        var small = new SmallModel()
            .Input("country", DataType.String, "batch", 1)
            .Input("age", DataType.Float, "batch", 1)
            .Tensor("table", TensorData.From<float>([0.1f, -0.2f, 0.7f, 0.4f, -0.5f, 0.3f], 3, 2))
            .Tensor("w", TensorData.From<float>([0.6f, -0.9f], 1, 2))
            .Tensor("one", TensorData.Int64s(1))
            .Node("LabelEncoder country -> code", ("values_int64s", new long[] { 1, 2 }), ("default_int64", 0L))
            .Node("Gather table code -> looked")
            .Node("Squeeze looked one -> e")
            .Node("Scaler age -> scaled", ("offset", new[] { 35f }), ("scale", new[] { 0.1f }))
            .Node("MatMul scaled w -> a")
            .Node("Add e a -> u")
            .Node("Tanh u -> t")
            .Node("ReduceSum t one -> score", ("keepdims", 0L))
            .Output("score", DataType.Float, "batch");
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        foreach (var node in small.Proto.Graph.Node.Where(n => n.OpType is "LabelEncoder" or "Scaler"))
            node.Domain = "ai.onnx.ml";
        var keys = new AttributeProto { Name = "keys_strings", Type = AttributeType.Strings };
        keys.Strings.AddRange(new[] { "be", "nl" }.Select(ByteString.CopyFromUtf8));
        small.Proto.Graph.Node[0].Attribute.Add(keys);
        return small.Load();
    }
}
