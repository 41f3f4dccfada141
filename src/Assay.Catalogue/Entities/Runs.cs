namespace Assay.Catalogue;

/// <summary>A model under its file's name; its versions differ by hash.</summary>
public sealed class Model
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>The file's name without folder; unique.</summary>
    public required string Name { get; set; }
}

/// <summary>One content of a model's file.</summary>
public sealed class ModelVersion
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>The model's <see cref="Model.Id"/>.</summary>
    public long ModelId { get; set; }

    /// <summary>The model.</summary>
    public Model? Model { get; set; }

    /// <summary>1, 2, … in the order in which the catalogue met them.</summary>
    public int Number { get; set; }

    /// <summary>SHA-256 of the file, hexadecimal; empty where the run does not say.</summary>
    public required string Sha256 { get; set; }

    /// <summary>When the catalogue met it.</summary>
    public DateTimeOffset Seen { get; set; }
}

/// <summary>An entry of a model's dictionary, as its latest imported run has it.</summary>
public sealed class FeatureEntry
{
    /// <summary>The model's <see cref="Model.Id"/>.</summary>
    public long ModelId { get; set; }

    /// <summary>The feature's name in the dictionary.</summary>
    public required string Name { get; set; }

    /// <summary>What people call it.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Its group; null where it has none.</summary>
    public string? Group { get; set; }

    /// <summary>Its kind (numeric, categorical, …); null where unknown.</summary>
    public string? Kind { get; set; }

    /// <summary>Who owns it; null where nobody is named.</summary>
    public string? Owner { get; set; }

    /// <summary>What it means.</summary>
    public string? Description { get; set; }
}

/// <summary>Runs of one name belong to one study.</summary>
public sealed class Study
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>Its name; unique.</summary>
    public required string Name { get; set; }
}

/// <summary>An imported run folder.</summary>
public sealed class Run
{
    /// <summary>The first 12 hexadecimal digits of <see cref="Sha256"/>.</summary>
    public required string Id { get; set; }

    /// <summary>SHA-256 of <c>run.json</c>.</summary>
    public required string Sha256 { get; set; }

    /// <summary>SHA-256 of what the run was computed from; empty where the run does not say.</summary>
    public required string PlanSha256 { get; set; }

    /// <summary>The folder: relative to the catalogue's root, with slashes, or absolute where it is not below it.</summary>
    public required string Folder { get; set; }

    /// <summary>The study's <see cref="Study.Id"/>.</summary>
    public long StudyId { get; set; }

    /// <summary>The study.</summary>
    public Study? Study { get; set; }

    /// <summary>The version's <see cref="ModelVersion.Id"/>.</summary>
    public long ModelVersionId { get; set; }

    /// <summary>The model's version.</summary>
    public ModelVersion? ModelVersion { get; set; }

    /// <summary>The explained output.</summary>
    public required string Head { get; set; }

    /// <summary>What the model is for; null where the study does not say.</summary>
    public string? Purpose { get; set; }

    /// <summary>The software that made the run.</summary>
    public required string SoftwareVersion { get; set; }

    /// <summary>When it was made: <c>created</c> of <c>run.json</c>, else the time of that file.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>When it was imported.</summary>
    public DateTimeOffset Imported { get; set; }

    /// <summary>Who imported it.</summary>
    public required string ImportedBy { get; set; }

    /// <summary>One sentence: why the model is not worth explaining, else the first finding; empty where there is none.</summary>
    public required string Headline { get; set; }

    /// <summary>Findings by grade.</summary>
    public int GradeA { get; set; }

    /// <inheritdoc cref="GradeA"/>
    public int GradeB { get; set; }

    /// <inheritdoc cref="GradeA"/>
    public int GradeC { get; set; }

    /// <inheritdoc cref="GradeA"/>
    public int GradeD { get; set; }

    /// <summary>Number of actions.</summary>
    public int Actions { get; set; }

    /// <summary>The latest earlier run of the same study, else of the same model.</summary>
    public string? PreviousRunId { get; set; }

    /// <summary>Why a later run makes it stale; null where none does. See <see cref="StaleReasonAt"/>.</summary>
    public string? StaleReason { get; set; }

    /// <summary>After this day the card calls it stale; null where it names none.</summary>
    public DateTimeOffset? StaleAfter { get; set; }

    /// <summary>Why it is stale at a time; null where it is not.</summary>
    public string? StaleReasonAt(DateTimeOffset now) =>
        StaleReason
        ?? (
            StaleAfter is { } day && now >= day.AddDays(1)
                ? FormattableString.Invariant($"the card calls it stale after {day:yyyy-MM-dd}")
                : null
        );
}
