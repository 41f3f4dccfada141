namespace Assay.Catalogue;

/// <summary>A hypothesis: scored by a run, or written by somebody of the team.</summary>
public sealed class Hypothesis
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary>The run that scored it or that it was written for.</summary>
    public required string RunId { get; set; }

    /// <summary>Its place in <c>hypotheses.json</c>, from 0; null where a person wrote it.</summary>
    public int? Ordinal { get; set; }

    /// <summary>The feature it is about; null where it names none.</summary>
    public string? Feature { get; set; }

    /// <summary>What is expected, in a sentence.</summary>
    public required string Expected { get; set; }

    /// <summary>Why it is expected.</summary>
    public string? Reason { get; set; }

    /// <summary>Who expects it: a name in the study's file, or a user's subject id.</summary>
    public string? Author { get; set; }

    /// <summary><c>supported</c>, <c>contradicted</c>, <c>undecided</c>, …; null where no run has scored it.</summary>
    public string? Verdict { get; set; }

    /// <summary>A to D; null where no run has scored it.</summary>
    public string? Grade { get; set; }

    /// <summary>What the verdict rests on, in a sentence.</summary>
    public string? Because { get; set; }

    /// <summary>The element of the file as it is (JSON); null where a person wrote it.</summary>
    public string? Json { get; set; }

    /// <summary>When it was imported or written.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A comment.</summary>
public sealed class Comment
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary><see cref="SubjectRef.Kind"/> of what it is about.</summary>
    public required string SubjectKind { get; set; }

    /// <summary>The run's id.</summary>
    public required string RunId { get; set; }

    /// <summary><see cref="SubjectRef.Id"/> of what it is about.</summary>
    public required string SubjectId { get; set; }

    /// <summary>Who wrote it.</summary>
    public required string By { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Plain text.</summary>
    public required string Text { get; set; }

    /// <summary>Subject ids of the users named in it by <c>@name</c>.</summary>
    public required string[] Mentions { get; set; }
}

/// <summary>A decision; a later one of the same subject replaces it, none is changed.</summary>
public sealed class Decision
{
    /// <summary>Number of the row.</summary>
    public long Id { get; set; }

    /// <summary><see cref="SubjectRef.Kind"/> of what it is about.</summary>
    public required string SubjectKind { get; set; }

    /// <summary>The run's id.</summary>
    public required string RunId { get; set; }

    /// <summary><see cref="SubjectRef.Id"/> of what it is about.</summary>
    public required string SubjectId { get; set; }

    /// <summary>What was decided: <c>accepted</c>, <c>rejected</c>, <c>done</c> (which set the item's status) or other words.</summary>
    public required string Choice { get; set; }

    /// <summary>Why.</summary>
    public required string Reason { get; set; }

    /// <summary>Who decided.</summary>
    public required string By { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}
