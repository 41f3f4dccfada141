namespace Assay.Studies;

/// <summary>
/// A step of a study's chain of evidence after the importances: what could be fooling us, for whom, does it hold elsewhere.
/// Steps run in the order of <see cref="EvidenceChain.Steps"/>; each sees what those before it found.
/// </summary>
internal interface IChainStep
{
    /// <summary>Its name in run.json, in snake case.</summary>
    string Name { get; }

    /// <summary>What a study that leaves it out lacks, as a noun phrase for readers.</summary>
    string Gives { get; }

    /// <summary>Whether the study asks for it.</summary>
    bool IsAsked(StudyDefinition study);

    /// <summary>Does it.</summary>
    ChainResult Run(ChainContext context);
}

/// <summary>What a step found.</summary>
internal sealed record ChainResult
{
    /// <summary>Rows for estimates.parquet, their families already adjusted.</summary>
    public IReadOnlyList<Estimate> Estimates { get; init; } = [];

    /// <summary>A section of the report in Markdown with its heading of level 2; empty: none.</summary>
    public string Section { get; init; } = "";

    /// <summary>What findings must be told, feature by feature.</summary>
    public IReadOnlyList<Remark> Remarks { get; init; } = [];

    /// <summary>A sentence for the card on how uncertain things are; null: none.</summary>
    public string? ForCard { get; init; }

    /// <summary>How it was done, for run.json; serialised as it is.</summary>
    public object? Facts { get; init; }
}

/// <summary>Something a step holds against (or adds to) findings.</summary>
/// <param name="Feature">The feature; empty: all.</param>
/// <param name="Text">A clause for "what could be wrong".</param>
/// <param name="Cap">The best grade it leaves; null: it only has to be said.</param>
internal sealed record Remark(string Feature, string Text, Grade? Cap = null)
{
    /// <summary>Of which estimates' findings it speaks; null: of all about the feature.</summary>
    public Func<Estimate, bool>? Only { get; init; }
}
