namespace Assay.Studies;

/// <summary>From which drift on the explained data count as unlike the training data: <c>parity:</c> in a <c>study.yaml</c>.</summary>
/// <param name="Warn">A population stability index from which a feature's findings must be told.</param>
/// <param name="Alarm">One from which they are no better than grade C.</param>
public sealed record ParityDefinition(double Warn = 0.1, double Alarm = 0.25)
{
    // false: left out.
    internal static ParityDefinition? Read(YamlMap root)
    {
        if (!root.IsMap("parity"))
            return root.Choice("parity", "true", "false") == "false" ? null : new();
        var map = root.Map("parity")!;
        var usual = new ParityDefinition();
        var read = new ParityDefinition(
            RetrainDefinition.Within(map, "warn", 0, 10) ?? usual.Warn,
            RetrainDefinition.Within(map, "alarm", 0, 10) ?? usual.Alarm
        );
        map.RejectOthers();
        return read.Warn <= read.Alarm
            ? read
            : throw map.ErrorAt("alarm", $"'alarm' ({read.Alarm}) lies below 'warn' ({read.Warn})");
    }
}
