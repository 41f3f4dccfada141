namespace Assay.Statistics;

/// <summary>
/// GAUC: the area under the curve within each group (user, request), averaged with the group's weight. Groups with one
/// class say nothing and are left out. Source: Zhu et al., "Optimized cost per click in Taobao display advertising",
/// KDD 2017; Zhou et al., DIN, KDD 2018.
/// </summary>
public static class GroupedAuc
{
    /// <summary>Σ weight · AUC / Σ weight over groups with both classes; NaN if there are none.</summary>
    /// <param name="scores">One score for each row.</param>
    /// <param name="labels">One label for each row; above ½ is positive.</param>
    /// <param name="groups">The rows of each group.</param>
    /// <param name="weights">Row weights, or none for 1 each; a group's weight is the sum of its rows'.</param>
    /// <exception cref="ArgumentException">The lengths differ, a score is NaN or a weight negative.</exception>
    public static double Of(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        RowGroups groups,
        ReadOnlySpan<double> weights = default
    )
    {
        var areas = new double[groups.Count];
        var groupWeights = new double[groups.Count];
        PerGroup(scores, labels, groups, areas, groupWeights, weights);
        double sum = 0,
            total = 0;
        for (var group = 0; group < areas.Length; group++)
        {
            if (double.IsNaN(areas[group]))
                continue;
            sum += groupWeights[group] * areas[group];
            total += groupWeights[group];
        }
        return sum / total;
    }

    /// <summary>
    /// Each group's area (NaN with one class) and weight (0 then): the parts of a ratio that <see
    /// cref="ClusterBootstrap"/> takes.
    /// </summary>
    public static void PerGroup(
        ReadOnlySpan<double> scores,
        ReadOnlySpan<double> labels,
        RowGroups groups,
        Span<double> areas,
        Span<double> groupWeights,
        ReadOnlySpan<double> weights = default
    )
    {
        Check.Length(scores.Length, groups.RowCount);
        Check.Length(labels.Length, groups.RowCount);
        Check.Length(areas.Length, groups.Count);
        Check.Length(groupWeights.Length, groups.Count);
        Check.Weights(weights, scores.Length);
        var buffer = new double[3 * groups.Largest].AsSpan();
        var third = groups.Largest;
        for (var group = 0; group < groups.Count; group++)
        {
            var groupScores = groups.Take(scores, group, buffer);
            var groupLabels = groups.Take(labels, group, buffer[third..]);
            var rowWeights = weights.IsEmpty ? default : groups.Take(weights, group, buffer[(2 * third)..]);
            areas[group] = RocAuc.Of(groupScores, groupLabels, rowWeights);
            double weight = weights.IsEmpty ? groupScores.Length : 0;
            foreach (var row in rowWeights)
                weight += row;
            groupWeights[group] = double.IsNaN(areas[group]) ? 0 : weight;
        }
    }
}
