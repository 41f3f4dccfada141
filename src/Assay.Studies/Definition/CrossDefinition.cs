namespace Assay.Studies;

/// <summary>Which crosses a study looks for and tries: <c>crosses:</c> in a <c>study.yaml</c>.</summary>
public sealed record CrossDefinition
{
    /// <summary>Pairs of features that are tried whatever the scan says.</summary>
    public IReadOnlyList<(string A, string B)> Try { get; init; } = [];

    /// <summary>How many of the missing crosses that the scan finds are tried, the most worth first.</summary>
    public int Missing { get; init; } = 3;

    /// <summary>Levels of a feature at most; the rarer ids share one.</summary>
    public int Levels { get; init; } = 24;

    internal static CrossDefinition? Read(YamlMap root)
    {
        if (!root.IsMap("crosses"))
            return root.Choice("crosses", "true", "false") == "true" ? new CrossDefinition() : null;
        var map = root.Map("crosses")!;
        var pairs = new List<(string, string)>();
        foreach (var pair in map.Texts("try") ?? [])
        {
            var names = pair.Split('*', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (names.Length != 2 || names[0] == names[1])
                throw map.ErrorAt("try", $"'{pair}' is not a pair; write two features as A*B");
            pairs.Add((names[0], names[1]));
        }
        var definition = new CrossDefinition
        {
            Try = pairs,
            Missing = map.Integer("missing", 0, 1000) ?? 3,
            Levels = map.Integer("levels", 2, 256) ?? 24,
        };
        map.RejectOthers();
        return definition;
    }
}
