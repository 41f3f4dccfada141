namespace Assay.Attribution.Graphs;

/// <summary>What a rule gives along the path.</summary>
/// <param name="Levels">Rows × features for each of <see cref="PathRule.Levels"/>, the finest first.</param>
/// <param name="Target">The target of each row, where the rule visits the end of the path.</param>
/// <param name="BaselineTarget">The target at the baseline, where the rule visits the start.</param>
internal sealed record PathValues(double[][] Levels, double[]? Target, double[]? BaselineTarget);
