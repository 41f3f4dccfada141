using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests;

/// <summary>Trees have no gradient: the error says which methods work all the same, and they do.</summary>
public class TreeEnsembleTests
{
    // x₀ ≤ 0.5 ? 1 : 3, plus x₁.
    private static OnnxModel Model()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "batch", 2L)
            .Tensor("second", TensorData.Int64s(1))
            .Node(
                "TreeEnsembleRegressor x -> tree",
                ("n_targets", 1L),
                ("nodes_treeids", new[] { 0L, 0, 0 }),
                ("nodes_nodeids", new[] { 0L, 1, 2 }),
                ("nodes_featureids", new[] { 0L, 0, 0 }),
                ("nodes_values", new[] { 0.5f, 0, 0 }),
                ("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", "LEAF" }),
                ("nodes_truenodeids", new[] { 1L, 0, 0 }),
                ("nodes_falsenodeids", new[] { 2L, 0, 0 }),
                ("target_treeids", new[] { 0L, 0 }),
                ("target_nodeids", new[] { 1L, 2 }),
                ("target_ids", new[] { 0L, 0 }),
                ("target_weights", new[] { 1f, 3 })
            )
            .Node("Gather x second -> x1", ("axis", 1L))
            .Node("Add tree x1 -> y")
            .Output("y", DataType.Float, "batch", 1L);
        small.Proto.Graph.Node[0].Domain = "ai.onnx.ml";
        small.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 1 });
        return small.Load();
    }

    private static readonly Dictionary<string, TensorData> Rows = new()
    {
        ["x"] = TensorData.From([1f, 5, 0, 7], 2, 2),
    };

    private static Explanation Explain(string method)
    {
        var model = Model();
        using var explainer = Explainer.Open(
            model,
            FeatureSlot.FromInputs(model),
            new ExplainSettings { Method = method }
        );
        return explainer.Explain(Rows);
    }

    [Theory]
    [InlineData("gradient-times-input")]
    [InlineData("integrated-gradients")]
    [InlineData("saliency")]
    public void Gradients_are_refused(string method) =>
        Should
            .Throw<AssayException>(() => Explain(method))
            .Message.ShouldBe(
                "No gradient through ai.onnx.ml.TreeEnsembleRegressor 'n_tree' (output 'tree'): operator TreeEnsembleRegressor has no gradient rule. "
                    + "Methods that need no gradient still work: feature-ablation, shapley, permutation."
            );

    // At 0 the tree says 1.
    [Fact]
    public void Ablation_works() => Explain("feature-ablation").Attributions.ShouldBe([2, 5, 0, 7], 1e-6);
}
