namespace Assay.Studies;

/// <summary>What a team declares for its actions: what quality and serving are worth, and what an experiment must be able to see.</summary>
public sealed record ActionsDefinition
{
    /// <summary>Smallest relative change of the label's rate that an experiment must see [smallest_lift].</summary>
    public double SmallestLift { get; init; } = 0.01;

    /// <summary>What things are worth [value]; null: not declared, so that actions are ordered by effect.</summary>
    public ValueDefinition? Value { get; init; }

    internal static ActionsDefinition Read(YamlMap root) =>
        new()
        {
            SmallestLift =
                root.Number("smallest_lift") is not { } lift ? 0.01
                : lift is > 0 and <= 1 ? lift
                : throw root.ErrorAt(
                    "smallest_lift",
                    $"'smallest_lift' is a share of the label's rate, above 0 and at most 1, not {root.Text("smallest_lift")}"
                ),
            Value = root.Map("value") is { } value ? ValueDefinition.Read(value) : null,
        };
}

/// <summary>What quality and serving are worth to a team, over whatever time it counts in.</summary>
/// <param name="Currency">The unit of the other three.</param>
/// <param name="PerPointOfAuc">Of 0.01 of AUC gained.</param>
/// <param name="PerLookup">Of one lookup of a row saved.</param>
/// <param name="PerMegabyte">Of 1,000,000 bytes of the model saved.</param>
public sealed record ValueDefinition(string Currency, double PerPointOfAuc, double PerLookup, double PerMegabyte)
{
    internal static ValueDefinition Read(YamlMap map)
    {
        double Worth(string key) =>
            map.Number(key) is not { } worth ? 0
            : worth >= 0 ? worth
            : throw map.ErrorAt(key, $"'{key}' is what something is worth and cannot be negative");
        var value = new ValueDefinition(
            map.RequiredText("currency"),
            Worth("per_point_of_auc"),
            Worth("per_lookup"),
            Worth("per_megabyte")
        );
        map.RejectOthers();
        return value is { PerPointOfAuc: 0, PerLookup: 0, PerMegabyte: 0 }
            ? throw map.Error("give at least one of per_point_of_auc, per_lookup, per_megabyte")
            : value;
    }
}
