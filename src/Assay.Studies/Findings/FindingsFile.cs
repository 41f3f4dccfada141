using System.Text.Json;

namespace Assay.Studies;

/// <summary><c>findings.json</c>, described by docs/schemas/findings.schema.json.</summary>
internal static class FindingsFile
{
    public const string Name = "findings.json";

    public static void Write(
        string folder,
        StudyDefinition study,
        string head,
        Verdict verdict,
        IReadOnlyList<Finding> findings
    ) =>
        Files.WriteText(
            Path.Combine(folder, Name),
            JsonSerializer.Serialize(
                new
                {
                    Schema = 1,
                    Study = study.Name,
                    head,
                    study.Margin,
                    ModelBeatsTrivialRules = !verdict.LearntNothing,
                    VerdictReasons = verdict.Reasons,
                    findings,
                },
                Options
            )
        );

    /// <summary>How files with findings are written.</summary>
    public static readonly JsonSerializerOptions Options = WithGrades();

    // Grades keep their capital letter; the first converter that fits is used.
    private static JsonSerializerOptions WithGrades()
    {
        var options = new JsonSerializerOptions(Json.Options);
        options.Converters.Insert(0, new System.Text.Json.Serialization.JsonStringEnumConverter<Grade>());
        return options;
    }
}
