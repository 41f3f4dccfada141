using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>What is known of a method before it runs.</summary>
/// <param name="Id">Public name.</param>
/// <param name="Title">Name in the literature.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Axioms">Properties that hold exactly, up to rounding and quadrature.</param>
/// <param name="Cost">Model evaluations per row, F being the number of features and n of steps.</param>
/// <param name="PerRow">Whether it explains rows; a population method has only importances.</param>
/// <param name="NeedsGradient">Whether every operator on the way needs a gradient rule.</param>
/// <param name="Complete">Whether attributions claim to sum to target − baseline target.</param>
public sealed record MethodInfo(
    string Id,
    string Title,
    string Paper,
    IReadOnlyList<string> Axioms,
    string Cost,
    bool PerRow,
    bool NeedsGradient,
    bool Complete
)
{
    /// <summary>Whether values are sampled: they carry standard errors and obey a budget.</summary>
    public bool Sampled { get; init; }

    /// <summary>What the method wants of <see cref="ExplainSettings.Layer"/>.</summary>
    public LayerUse Layer { get; init; }
}

/// <summary>What a method does with a layer inside the model.</summary>
public enum LayerUse
{
    /// <summary>Nothing: it explains the model's features and takes no layer.</summary>
    None,

    /// <summary>It explains the head by the layer's units, which are the columns of its result, named 0, 1, …</summary>
    Units,

    /// <summary>It explains one unit of the layer by the features.</summary>
    TargetUnit,

    /// <summary>It explains the head by the features, as far as they act through one unit of the layer.</summary>
    ThroughUnit,
}

/// <summary>An attribution method. A class with a parameterless constructor is found by <see cref="MethodRegistry"/>.</summary>
internal abstract class AttributionMethod
{
    /// <summary>What is known of the method.</summary>
    public abstract MethodInfo Info { get; }

    /// <summary>Whether it compares rows with those of a background, where there is one, at the attribution points.</summary>
    public virtual bool DrawsBaselines => false;

    /// <summary>The options of its own that it ran with, for the pedigree.</summary>
    public virtual IReadOnlyDictionary<string, string> Options(ExplainSettings settings) =>
        new Dictionary<string, string>();

    /// <summary>How it integrates along a path, where it does; else null.</summary>
    public virtual string? Rule(ExplainedModel model) => null;

    /// <summary>Names of the columns of an explanation.</summary>
    public IReadOnlyList<string> Columns(ExplainedModel model) =>
        Info.Layer == LayerUse.Units ? model.Layer!.UnitNames : [.. model.Features.Select(f => f.Name)];

    /// <summary>Explains rows; population methods refuse.</summary>
    public virtual Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        throw AssayException.Usage(
            $"Method '{Info.Id}' measures a population and has no answer for single rows; run it with 'assay study'."
        );

    /// <summary>
    /// A graph of the same explanation, for methods that have one: it reads the model's inputs (and, if it likes,
    /// <c>assay/present</c> and <c>baseline/NAME</c>) and returns <c>assay/attributions</c>; also <c>assay/target</c> and
    /// <c>assay/baseline-target</c> where they cost it nothing. A method that overrides this can be compiled.
    /// </summary>
    public virtual OnnxModel Compile(ExplainedModel model) => throw new NotSupportedException(Info.Id);
}
