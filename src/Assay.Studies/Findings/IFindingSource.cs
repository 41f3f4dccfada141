namespace Assay.Studies;

/// <summary>A kind of finding: reads the estimates it knows and says what they show. One file each in Sources/.</summary>
internal interface IFindingSource
{
    /// <summary>Its findings, in the order of the estimates.</summary>
    IEnumerable<FindingDraft> Of(FindingContext context);
}

/// <summary>What a source has to say; the context adds grade, pedigree and the sentences that all findings share.</summary>
internal sealed record FindingDraft
{
    public required Evidence Evidence { get; init; }

    /// <summary>A sentence of the form "Title claim: number."</summary>
    public required string Effect { get; init; }

    /// <summary>What to do at grade B or better.</summary>
    public required string ToDo { get; init; }

    /// <summary>For whom it holds; null: the average over all rows.</summary>
    public string? ForWhom { get; init; }

    /// <summary>Replaces the question's usual name.</summary>
    public string? Id { get; init; }

    /// <summary>What people call what it is about; null: the feature's title.</summary>
    public string? Title { get; init; }

    /// <summary>The feature; null: the estimate's.</summary>
    public string? Feature { get; init; }

    /// <summary>The segment; null: the estimate's.</summary>
    public string? Segment { get; init; }

    /// <summary>All features it is about; null: the one.</summary>
    public IReadOnlyList<string>? Features { get; init; }

    public IReadOnlyList<FindingPart> Parts { get; init; } = [];

    /// <summary>The grade where it is not that of the evidence alone.</summary>
    public Graded? Grade { get; init; }

    /// <summary>What else could explain it, before what all findings of its basis share.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    /// <summary>Whether only its own alternatives apply.</summary>
    public bool OwnAlternativesOnly { get; init; }

    /// <summary>What it takes for granted besides what all findings of its basis do.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <summary>What it does not say besides what all findings of its basis do not.</summary>
    public IReadOnlyList<string> Limitations { get; init; } = [];
}
