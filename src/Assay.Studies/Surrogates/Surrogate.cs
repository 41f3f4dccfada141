namespace Assay.Studies;

/// <summary>A simple model of what a model computes, and how far it is to be believed.</summary>
/// <param name="Kind">Tree or additive.</param>
/// <param name="FittedRows">Rows it was fitted to.</param>
/// <param name="Fidelity">On held-out rows, all of them.</param>
/// <param name="Segments">On held-out rows of each segment.</param>
/// <param name="Tree">The root, of a tree.</param>
/// <param name="Intercept">Of an additive model.</param>
/// <param name="Shapes">Of an additive model, the most important first.</param>
public sealed record Surrogate(
    SurrogateKind Kind,
    int FittedRows,
    SurrogateFidelity Fidelity,
    IReadOnlyList<SurrogateFidelity> Segments,
    TreeNode? Tree,
    double Intercept,
    IReadOnlyList<ShapeFunction> Shapes
);

/// <summary>How well a surrogate says on held-out rows what the model says.</summary>
/// <param name="Segment">Which rows; null for all.</param>
/// <param name="Rows">How many.</param>
/// <param name="RSquared">1 − Σ(f − s)² / Σ(f − mean f)²; NaN where f does not vary or rows are fewer than 2.</param>
/// <param name="RankCorrelation">Spearman's ρ; NaN where a side does not vary.</param>
public sealed record SurrogateFidelity(string? Segment, int Rows, double RSquared, double RankCorrelation)
{
    /// <summary>The least R² that is called faithful.</summary>
    public const double Least = 0.8;

    /// <summary>Fewer rows than this are not judged.</summary>
    public const int FewestRows = 30;

    /// <summary>Whether the surrogate may speak for the model here; null where there is too little to judge by.</summary>
    public bool? IsFaithful => Rows < FewestRows || double.IsNaN(RSquared) ? null : RSquared >= Least;
}

/// <summary>A node of a tree.</summary>
/// <param name="Rows">Fitted rows in it.</param>
/// <param name="Value">Their mean target.</param>
/// <param name="Split">What parts them; null in a leaf.</param>
/// <param name="Yes">Where the rule holds.</param>
/// <param name="No">Where not.</param>
public sealed record TreeNode(int Rows, double Value, SurrogateRule? Split, TreeNode? Yes, TreeNode? No);

/// <summary>A rule on one feature.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Column">What of it is asked: itself, or of lists their length or the mean effect of their members.</param>
/// <param name="Threshold">Numbers hold up to and with it; of ids null.</param>
/// <param name="Ids">Ids for which the rule holds; of numbers null. Ids that no fitted row has count as the average id.</param>
public sealed record SurrogateRule(string Feature, string Column, double? Threshold, IReadOnlyList<long>? Ids);

/// <summary>What a feature adds to an additive model.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Column">What of it is asked; see <see cref="SurrogateRule"/>.</param>
/// <param name="Importance">The standard deviation of what it adds over the held-out rows.</param>
/// <param name="Points">Of numbers: what is added up to each bound, the last being infinite. Of ids empty.</param>
/// <param name="Ids">Of ids: what each adds. Of numbers empty.</param>
public sealed record ShapeFunction(
    string Feature,
    string Column,
    double Importance,
    IReadOnlyList<(double UpTo, double Effect)> Points,
    IReadOnlyList<(long Id, int Rows, double Effect)> Ids
);
