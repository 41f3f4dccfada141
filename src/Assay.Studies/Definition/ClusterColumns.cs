namespace Assay.Studies;

/// <summary>What tells independent units apart [cluster, units]: one column, or two, of which rows share the values of either.</summary>
internal sealed record ClusterColumns(string First, string? Second, string? Units, string? SecondUnits)
{
    public static ClusterColumns Read(YamlMap root)
    {
        var columns = root.Texts("cluster") ?? throw root.Error("'cluster' is missing; add it");
        if (columns.Count is not (1 or 2) || columns.Any(string.IsNullOrWhiteSpace))
            throw root.ErrorAt(
                "cluster",
                $"'cluster' is one column, or two such as [user_id, item_id], not {columns.Count}; name that of users, then that of items"
            );
        var second = columns.Count == 2 ? columns[1] : null;
        if (second == columns[0])
            throw root.ErrorAt("cluster", $"'cluster' names '{second}' twice; name it once, or another second column");
        var units = root.Texts("units") ?? [];
        if (units.Count > columns.Count)
            throw root.ErrorAt(
                "units",
                $"'units' has {units.Count} names for {columns.Count} column{(columns.Count == 1 ? "" : "s")} of 'cluster'; give one for each"
            );
        return new(columns[0], second, units.ElementAtOrDefault(0), units.ElementAtOrDefault(1));
    }
}
