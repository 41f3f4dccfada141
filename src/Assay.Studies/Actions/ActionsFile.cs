using System.Text.Json;

namespace Assay.Studies;

/// <summary><c>actions.json</c>, described by docs/schemas/actions.schema.json.</summary>
internal static class ActionsFile
{
    public const string Name = "actions.json";

    public static void Write(string folder, StudyDefinition study, IReadOnlyList<StudyAction> actions) =>
        Files.WriteText(
            Path.Combine(folder, Name),
            JsonSerializer.Serialize(
                new
                {
                    Schema = 1,
                    Study = study.Name,
                    Order = Order(study),
                    study.Actions.Value,
                    study.Actions.SmallestLift,
                    actions,
                },
                FindingsFile.Options
            )
        );

    /// <summary>By what actions are ordered, in a sentence.</summary>
    public static string Order(StudyDefinition study) =>
        "What could void the rest comes first, then what promises gains, then evidence to collect; within each by expected "
        + (study.Actions.Value is { } value ? $"value in {value.Currency}" : "effect on AUC")
        + ", what no number prices last. The cautious order goes by the lower end of the interval instead.";
}
