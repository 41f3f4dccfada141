namespace Assay.Studies;

/// <summary>What a finished study found; the same is in its run folder.</summary>
public sealed record StudyResult
{
    /// <summary>The run folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The head studied.</summary>
    public required string Head { get; init; }

    /// <summary>Every estimate, in the order of <c>estimates.parquet</c>.</summary>
    public required IReadOnlyList<Estimate> Estimates { get; init; }

    /// <summary>Whether the model beats every trivial rule, and why not.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What the estimates say and how far it may be trusted, as in <c>findings.json</c>.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What they suggest doing, in order, as in <c>actions.json</c>.</summary>
    public required IReadOnlyList<StudyAction> Actions { get; init; }

    /// <summary>The report in Markdown.</summary>
    public required string Report { get; init; }

    /// <summary>Rows explained and scored in this run; blocks found finished do not count.</summary>
    public required long RowsWorkedOn { get; init; }

    /// <summary>Seconds by stage.</summary>
    public required IReadOnlyDictionary<string, double> Timings { get; init; }
}
