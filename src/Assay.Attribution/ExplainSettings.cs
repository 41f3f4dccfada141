using Assay.Attribution.Graphs;
using Assay.Attribution.Interactions;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution;

/// <summary>What to explain, how, and against what.</summary>
public sealed record ExplainSettings
{
    /// <summary>Id of a method in <see cref="MethodRegistry"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The head, NAME or NAME[k]; null for column 0 of the first output.</summary>
    public string? Head { get; init; }

    /// <summary>Logit or probability.</summary>
    public Space Space { get; init; } = Space.Logit;

    /// <summary>Where numeric features enter.</summary>
    public EntryPoint At { get; init; } = EntryPoint.Raw;

    /// <summary>What a feature is compared with.</summary>
    public Baseline Baseline { get; init; } = Baseline.Zero;

    /// <summary>Nodes or intervals of a path method, 1 to 4096; with a tolerance the most of them.</summary>
    public int Steps { get; init; } = 32;

    /// <summary>
    /// For path methods: the error allowed in each feature of a row, as a share of the row's largest |attribution|, by
    /// which intervals are refined row by row; null for the same steps in all rows.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>How a path method integrates: secant, gauss-legendre, or auto to choose.</summary>
    public string Rule { get; init; } = PathRule.AutoName;

    /// <summary>Seed of sampled methods.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most model evaluations (rows through the model) that a sampled method may spend on a row; null for its own default.</summary>
    public int? Budget { get; init; }

    /// <summary>
    /// Where a sampled method may stop before its budget is spent: the largest standard error of a row's attributions, as a
    /// share of the row's largest |attribution|; null to spend the budget.
    /// </summary>
    public double? Precision { get; init; }

    /// <summary>
    /// Rows, graph inputs by name, over which methods that draw their baselines from data average; null where the method
    /// compares with <see cref="Baseline"/> alone.
    /// </summary>
    public IReadOnlyDictionary<string, TensorData>? Background { get; init; }

    /// <summary>
    /// For <c>owen</c>: groups of features that enter as wholes, name to members; features in none stand alone. Null for
    /// methods whose features all stand alone.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Structure { get; init; }

    /// <summary>
    /// The graph value whose units are explained, by its name in the user's model; VALUE[k] for one unit, where the method
    /// asks for one. Null for methods that explain features of the whole model.
    /// </summary>
    public string? Layer { get; init; }

    /// <summary>
    /// For <c>smooth-grad</c>: the standard deviation of the noise, as a share of that of each element over
    /// <see cref="Background"/>, or without one of its distance from the baseline; 0 to 10.
    /// </summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>The constants of <c>lrp</c>.</summary>
    public RelevanceOptions Relevance { get; init; } = new();

    /// <summary>Whether to compute in double precision.</summary>
    public bool Float64 { get; init; }

    /// <summary>Rows of a batch, rounded up to a multiple of <see cref="BatchPlan.Multiple"/>; null for <see cref="BatchPlan.DefaultRows"/>.</summary>
    public int? BatchRows { get; init; }

    /// <summary>Throws a usage error where an option is out of range.</summary>
    public void Validate()
    {
        if (Steps is < 1 or > 4096)
            throw AssayException.Usage($"Steps must lie between 1 and 4096, not {Steps}.");
        if (Tolerance is { } tolerance && !(tolerance >= 1e-6 && tolerance <= 1))
            throw AssayException.Usage(
                FormattableString.Invariant($"The tolerance must lie between 1e-6 and 1, not {tolerance}.")
            );
        if (Budget is < 1)
            throw AssayException.Usage($"The budget must be at least 1 evaluation a row, not {Budget}.");
        if (Precision is { } precision && !(precision >= 1e-6 && precision <= 1))
            throw AssayException.Usage(
                FormattableString.Invariant($"The precision must lie between 1e-6 and 1, not {precision}.")
            );
        var use = InteractionRegistry.Contains(Method) ? LayerUse.None : MethodRegistry.Get(Method).Layer;
        if (use == LayerUse.None && Layer is not null)
            throw AssayException.Usage(
                $"Method '{Method}' explains the features of the whole model and takes no layer; those that do: {string.Join(", ", MethodRegistry.OfLayers)}."
            );
        if (use != LayerUse.None && Layer is null)
            throw AssayException.Usage(
                $"Method '{Method}' needs a layer: name a graph value{(use == LayerUse.Units ? "" : " and its unit, VALUE[k]")}; 'assay layers' lists them."
            );
        Require(Noise, 10, "noise");
        Require(Relevance.Epsilon, 1, "epsilon");
        Require(Relevance.Gamma, 1000, "gamma");
        if (Rule is not (PathRule.SecantName or PathRule.GaussLegendreName or PathRule.AutoName))
            throw AssayException.Usage($"There is no rule '{Rule}'; choose auto, secant or gauss-legendre.");
    }

    private static void Require(double value, double most, string name)
    {
        if (!(value >= 0 && value <= most))
            throw AssayException.Usage(
                FormattableString.Invariant($"The {name} must lie between 0 and {most}, not {value}.")
            );
    }
}
