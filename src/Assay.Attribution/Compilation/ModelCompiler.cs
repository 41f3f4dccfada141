using System.Globalization;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Compilation;

/// <summary>
/// Writes explanations into models: the results are ordinary ONNX models of standard operators that run wherever ONNX
/// runs, with the inputs and outputs of the model they were made of.
/// </summary>
public static class ModelCompiler
{
    /// <summary>Name of the output [rows, features] with each feature's share of the target.</summary>
    public const string Attributions = "attributions";

    /// <summary>Name of the output [rows]: Σ attributions − (target − target at the baseline).</summary>
    public const string Gap = "completeness_gap";

    /// <summary>Name of the output [rows, K] with the numbers of the top features, the largest |attribution| first.</summary>
    public const string TopFeatures = "top_features";

    /// <summary>Name of the output [rows, K] with the attributions of the top features.</summary>
    public const string TopAttributions = "top_attributions";

    /// <summary>
    /// A model that returns, beside all outputs of the given one, the attributions of its head. Where the model uses one
    /// of the names itself, another like it is chosen and said in the metadata (<see cref="CompiledMetadata"/>).
    /// </summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players, the columns of the attributions.</param>
    /// <param name="settings">Method, head, baseline (one for all rows) and the rest; batches are the caller's matter.</param>
    /// <param name="options">What to return.</param>
    /// <exception cref="AssayException">
    /// Usage: the method cannot be compiled, a name is unknown, a number out of range. Input: the model cannot be
    /// explained this way.
    /// </exception>
    public static OnnxModel Explain(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        ExplainSettings settings,
        CompileOptions options
    )
    {
        settings.Validate();
        options.Validate(features.Count);
        var method = MethodRegistry.Find(settings.Method);
        if (!MethodRegistry.Compilable.Contains(method.Info.Id))
            throw AssayException.Usage(
                $"Method '{settings.Method}' cannot be compiled; choose one of: {string.Join(", ", MethodRegistry.Compilable)}."
            );
        using var explained = new ExplainedModel(model, features, settings);
        BaselineInputs.RequireOne(explained);
        var graph = new CompiledGraph(explained);
        var part = graph.Add(method.Compile(explained));
        var outputs = Return(graph, explained, part, options);
        return Checked(graph.Finish(), CompiledMetadata.OfExplanation(explained, outputs, options));
    }

    /// <summary>
    /// The model itself with some features replaced by their baseline or scaled where they enter: the treatments of
    /// experiments. At its attribution points a feature becomes b + scale · (x − b): 0 suppresses it, 1 leaves it.
    /// </summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">What may be scaled.</param>
    /// <param name="settings">Baseline (one for all rows), entry point and precision; the method plays no part.</param>
    /// <param name="scales">Scale of each feature named; others stay.</param>
    /// <param name="pedigree">Further entries of the file's metadata.</param>
    /// <exception cref="AssayException">Usage: there is no such feature, or a scale is no number.</exception>
    public static OnnxModel Rescale(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        ExplainSettings settings,
        IReadOnlyDictionary<string, double> scales,
        IReadOnlyDictionary<string, string> pedigree
    )
    {
        foreach (var (name, scale) in scales)
            Require(features, name, scale);
        // A method that moves points: the baseline is then taken where the features enter, and not at the inputs.
        using var explained = new ExplainedModel(model, features, settings with { Method = "gradient-times-input" });
        BaselineInputs.RequireOne(explained);
        foreach (var output in explained.Prepared.Graph.Outputs)
            Gradients.AttributionPoints.RequireFollowed(explained.Prepared, explained.Shapes, output.Name);
        var points = explained.Points();
        MovedPoints.Move(points, [.. features.Select(f => scales.GetValueOrDefault(f.Name, 1))]);
        var moved = EqualNodes.Join(ConstantFolder.Fold(BaselineInputs.Embed(points.Finish(), explained)));
        return Checked(moved, CompiledMetadata.OfTreatment(explained, scales, pedigree));
    }

    private static Dictionary<string, string> Return(
        CompiledGraph graph,
        ExplainedModel explained,
        IReadOnlyDictionary<string, string> part,
        CompileOptions options
    )
    {
        var outputs = new Dictionary<string, string>();
        var attributions = part[AttributionGraph.Attributions];
        var emit = graph.Emit;
        if (options.TopK is { } k)
        {
            var top = emit.Nodes("TopK", [emit.Node("Abs", [attributions]), emit.Int64s(k)], 2)[1];
            outputs[TopFeatures] = graph.Return(TopFeatures, top, isIndex: true, (long)k);
            var values = emit.Node("GatherElements", [attributions, top], ("axis", 1L));
            outputs[TopAttributions] = graph.Return(TopAttributions, values, isIndex: false, (long)k);
        }
        else
            outputs[Attributions] = graph.Return(
                Attributions,
                attributions,
                isIndex: false,
                (long)explained.Features.Count
            );
        if (options.Gap)
        {
            var target = part.GetValueOrDefault(AttributionGraph.Target, explained.Head.Value);
            var baseline =
                part.GetValueOrDefault(AttributionGraph.BaselineTarget)
                ?? graph.Add(BaselineTarget.Build(explained))[AttributionGraph.Target];
            var sum = emit.ReduceSum(attributions, [1], keepDims: false);
            outputs[Gap] = graph.Return(Gap, emit.Sub(sum, emit.Sub(target, baseline)), isIndex: false);
        }
        return outputs;
    }

    private static void Require(IReadOnlyList<FeatureSlot> features, string name, double scale)
    {
        if (features.All(f => f.Name != name))
            throw AssayException.Usage(
                $"There is no feature '{name}'; there are {string.Join(", ", features.Take(20).Select(f => f.Name))}{(features.Count > 20 ? " and others" : "")}."
            );
        if (!double.IsFinite(scale))
            throw AssayException.Usage(
                $"Feature '{name}' cannot be scaled by {scale.ToString(CultureInfo.InvariantCulture)}; name a finite number."
            );
    }

    // Whatever is wrong with the result must show here and not where it is deployed.
    private static OnnxModel Checked(OnnxModel model, IReadOnlyDictionary<string, string> metadata)
    {
        CompiledMetadata.Write(model, metadata);
        ModelVerifier.Require(model, "compiled");
        using var session = Session.Open(model);
        return model;
    }
}
