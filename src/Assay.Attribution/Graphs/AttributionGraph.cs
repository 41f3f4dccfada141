using Assay.Gradients;
using Assay.Onnx;
using Assay.Onnx.Wire;
using Assay.Runtime;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Graphs;

/// <summary>What the gradient at an attribution point is multiplied by before it is summed to one number per feature.</summary>
internal enum Weighting
{
    /// <summary>Nothing: the gradient itself, summed over the looked-up vector.</summary>
    One,

    /// <summary>The point's value.</summary>
    Input,

    /// <summary>The point's value less its baseline.</summary>
    Difference,
}

/// <summary>
/// The graph behind most methods: the user's model in which each feature i is moved to b + pᵢ·(x − b) at its attribution
/// points, p being an input ("present", [1, features]: 1 the row's own value, 0 the baseline, between them the path),
/// with the target and, if asked for, ∂target/∂point · weight summed per feature as outputs.
/// </summary>
internal static class AttributionGraph
{
    public const string Present = "assay/present";
    public const string PresentOfRow = "assay/present-of-row";
    public const string Target = "assay/target";
    public const string BaselineTarget = "assay/baseline-target";
    public const string Attributions = "assay/attributions";

    /// <summary>Conductance of a layer's units, beside the attributions that pass through it.</summary>
    public const string Units = "assay/units";

    /// <summary>The attributions of a resolution: 0 the finest, each next with half the intervals.</summary>
    public static string AttributionsOf(int level) => level == 0 ? Attributions : $"{Attributions}/{level}";

    public const string PointPrefix = "assay/point/";

    /// <summary>Rewrites a copy of a prepared model; <paramref name="weighting"/> null leaves the target alone as output.</summary>
    public static OnnxModel Build(PointGraph points, Head head, Weighting? weighting)
    {
        if (weighting is Weighting.One or Weighting.Input)
            return BuildAtRow(points, head, weighting is Weighting.Input);
        points.Model.Graph.AddInput(ValueInfos.Tensor(Present, points.Type, 1L, points.Features.Count));
        return BuildMoved(points, head, weighting is not null);
    }

    /// <summary>
    /// The target, each row with features of its own choice present (<see cref="PresentOfRow"/>, [batch, features]), and if
    /// asked for ∂target/∂point · (value less baseline) summed per feature.
    /// </summary>
    public static OnnxModel BuildPresentOfRow(PointGraph points, Head head, bool gradients = false)
    {
        points.Model.Graph.AddInput(ValueInfos.Tensor(PresentOfRow, points.Type, "batch", points.Features.Count));
        points.Emit.Named(Present, "Identity", [PresentOfRow]);
        return BuildMoved(points, head, gradients);
    }

    private static OnnxModel BuildMoved(PointGraph points, Head head, bool gradients)
    {
        var (model, emit) = (points.Model, points.Emit);
        var moved = new string[points.Points.Count];
        var differences = new string[moved.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            differences[i] = points.Difference(i);
            (moved[i], var value) = points.Moved(i, differences[i], Mask(points, i));
            model.Graph.ReplaceUses(points.Sources[i], value);
        }
        NameTarget(points, head);
        if (gradients)
        {
            var slopes = Gradients(model, moved);
            points.Collect([
                .. moved.Select((m, i) => emit.ReduceSum(emit.Mul(slopes[m], differences[i]), [2], keepDims: false)),
            ]);
        }
        return points.Finish();
    }

    // At the row itself no baseline takes part, and every feature is present.
    private static OnnxModel BuildAtRow(PointGraph points, Head head, bool timesInput)
    {
        NameTarget(points, head);
        var gradients = Gradients(points.Model, points.Sources);
        var weighted = points.Sources.Select(
            (s, i) => timesInput ? points.Emit.Mul(gradients[s], points.Points[i].Value) : gradients[s]
        );
        points.Collect([.. weighted.Select((w, i) => points.SumPerPosition(i, w))]);
        return points.Finish();
    }

    /// <summary>Layer-wise relevance of the rows themselves, and the target.</summary>
    public static OnnxModel BuildRelevance(PointGraph points, Head head, RelevanceOptions options)
    {
        NameTarget(points, head);
        var model = points.Model;
        model.Graph.SortTopologically();
        var relevance = ReverseMode.Relevance(model, Target, points.Sources, ShapeProbe.Measure(model), options);
        points.Collect([.. points.Sources.Select((s, i) => points.SumPerPosition(i, relevance[s]))]);
        return points.Finish();
    }

    private static void NameTarget(PointGraph points, Head head)
    {
        points.Emit.Named(Target, "Identity", [head.Value]);
        points.Model.Proto.Graph.Output.Clear();
        points.Model.Graph.AddOutput(ValueInfos.Tensor(Target, points.Type, "batch"));
    }

    private static IReadOnlyDictionary<string, string> Gradients(OnnxModel model, string[] sources)
    {
        model.Graph.SortTopologically();
        return ReverseMode.Differentiate(model, Target, sources, ShapeProbe.Measure(model));
    }

    /// <summary>A graph that only returns every point as [rows, positions, width], under <see cref="PointPrefix"/> and its number.</summary>
    public static OnnxModel BuildPoints(PointGraph points)
    {
        points.Model.Proto.Graph.Output.Clear();
        for (var i = 0; i < points.Points.Count; i++)
        {
            points.Emit.Named(PointPrefix + i, "Identity", [points.Rows(i)]);
            points.Model.Graph.AddOutput(ValueInfos.Tensor(PointPrefix + i, points.Type, null));
        }
        return points.Finish();
    }

    // [1, positions, 1]: the present of the feature at each position.
    internal static string Mask(PointGraph points, int point) =>
        points.Emit.Unsqueeze(PresentAt(points.Emit, points.Owners(point)), 2);

    /// <summary>
    /// The present of the feature at each position, [rows of <see cref="Present"/>, positions]; 1 where the owner is −1.
    /// </summary>
    public static string PresentAt(Emitter emit, int[] owners)
    {
        if (owners.All(o => o >= 0))
            return emit.Gather(Present, Columns(emit, owners), 1);
        var first = emit.Gather(Present, emit.Int64s(0), 1);
        var withAlways = emit.Concat([emit.FilledLike(first, 1), Present], 1);
        return emit.Gather(withAlways, Columns(emit, Array.ConvertAll(owners, o => o + 1)), 1);
    }

    private static string Columns(Emitter emit, int[] columns) => emit.Int64s(Array.ConvertAll(columns, c => (long)c));
}
