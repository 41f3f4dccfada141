using Assay.Statistics;

namespace Assay.Attribution.Effects;

/// <summary>A value of a feature at which effects are given.</summary>
/// <param name="Label">The value as text; "(rest)" for the levels that are not told apart.</param>
/// <param name="Number">The value of a number; NaN of a category or group.</param>
public sealed record EffectPosition(string Label, double Number)
{
    /// <summary>The label of the levels that are not told apart.</summary>
    public const string Rest = "(rest)";

    /// <summary>The value as text in full; of lists their entries with a space between.</summary>
    public string Text { get; init; } = Label;
}

/// <summary>Some of the rows.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Rows">Their numbers among the rows given, ascending.</param>
public sealed record EffectSegment(string Name, IReadOnlyList<int> Rows);

/// <summary>A feature and the values at which its effect is given.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="IsNumeric">Whether positions are numbers, ascending; else levels, the most frequent first.</param>
/// <param name="Positions">The values.</param>
public sealed record EffectAxis(string Feature, bool IsNumeric, IReadOnlyList<EffectPosition> Positions);

/// <summary>The curve of one row.</summary>
/// <param name="Row">The row's number among those given.</param>
/// <param name="Values">Its score at every position less that at the first (centred ICE).</param>
public sealed record IceCurve(int Row, double[] Values);

/// <summary>The effect of one feature, or the joint one of two, in one segment.</summary>
/// <param name="Segment">Its label; null for all rows.</param>
/// <param name="Axes">One or two.</param>
/// <param name="Rows">Rows used.</param>
/// <param name="Clusters">Clusters they fall into.</param>
/// <param name="Mean">The mean that effects are relative to: a partial dependence is mean + effect.</param>
/// <param name="Values">Effects, of all positions of the first axis × those of the second, row-major, centred at the rows' mean.
/// Two-way ALE has the main effects taken out too.</param>
/// <param name="StandardErrors">By bootstrap over clusters; NaN with fewer than two.</param>
/// <param name="Intervals">By the same bootstrap.</param>
/// <param name="Density">Rows near each position: of a number under PDP those nearest to it, under ALE those of the step that ends there; of a level those that have it.</param>
public sealed record FeatureEffect(
    string? Segment,
    IReadOnlyList<EffectAxis> Axes,
    int Rows,
    int Clusters,
    double Mean,
    double[] Values,
    double[] StandardErrors,
    Interval[] Intervals,
    int[] Density
)
{
    /// <summary>Of ICE: the curves of some rows.</summary>
    public IReadOnlyList<IceCurve>? Curves { get; init; }

    /// <summary>Model evaluations spent.</summary>
    public long Evaluations { get; init; }
}
