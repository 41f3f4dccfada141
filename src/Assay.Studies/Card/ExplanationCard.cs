namespace Assay.Studies;

/// <summary>
/// What a team must know before it relies on a study, in one place: <c>card.json</c> and <c>card.md</c>. Modelled on model
/// cards (Mitchell et al. 2019, arXiv 1810.03993) and datasheets for datasets (Gebru et al. 2018, arXiv 1803.09010).
/// </summary>
public sealed record ExplanationCard
{
    /// <summary>Version of the format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The study's name.</summary>
    public required string Study { get; init; }

    /// <summary>What it is for; null: not declared.</summary>
    public required string? Purpose { get; init; }

    /// <summary>The model and whether it knows anything.</summary>
    public required CardModel Model { get; init; }

    /// <summary>The rows, by split.</summary>
    public required IReadOnlyList<CardData> Data { get; init; }

    /// <summary>How the explained rows compare with those of training, in a sentence; null: not compared.</summary>
    public required string? Parity { get; init; }

    /// <summary>How negatives were sampled, as declared; null: not declared.</summary>
    public required string? Sampling { get; init; }

    /// <summary>The methods and why they were chosen.</summary>
    public required IReadOnlyList<CardMethod> Methods { get; init; }

    /// <summary>What the study takes for granted.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>What it does not say.</summary>
    public required IReadOnlyList<string> Limitations { get; init; }

    /// <summary>Steps of evidence that were left out.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Where the uncertainty comes from and how it is stated.</summary>
    public required IReadOnlyList<string> Uncertainty { get; init; }

    /// <summary>The findings, best grade first.</summary>
    public required IReadOnlyList<CardResult> Results { get; init; }

    /// <summary>What the team wrote in the workshop, besides notes on results.</summary>
    public required IReadOnlyList<Annotation> Written { get; init; }

    /// <summary>Who must review it and why.</summary>
    public required IReadOnlyList<CardReviewer> Reviewers { get; init; }

    /// <summary>When it no longer holds.</summary>
    public required IReadOnlyList<string> StaleWhen { get; init; }

    /// <summary>Hashes of all that the results depend on.</summary>
    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }

    /// <summary>The software's version.</summary>
    public required string SoftwareVersion { get; init; }
}

/// <summary>The model of a card.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="Head">The head studied.</param>
/// <param name="Features">Number of features.</param>
/// <param name="Auc">AUC on the explained rows.</param>
/// <param name="BeatsTrivialRules">Whether it beats every trivial rule.</param>
/// <param name="Reasons">Why not.</param>
public sealed record CardModel(
    string File,
    string Head,
    int Features,
    double Auc,
    bool BeatsTrivialRules,
    IReadOnlyList<string> Reasons
);

/// <summary>The rows of a split.</summary>
/// <param name="Split">explain or holdout.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Clusters">Independent units.</param>
/// <param name="Lists">Lists.</param>
/// <param name="PositiveShare">Share of positives.</param>
/// <param name="First">The earliest time, as the data write it; null: no time column.</param>
/// <param name="Last">The latest time.</param>
public sealed record CardData(
    string Split,
    int Rows,
    int Clusters,
    int Lists,
    double PositiveShare,
    string? First,
    string? Last
);

/// <summary>A method of a card.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its name in the literature.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Why">The question it answers.</param>
/// <param name="Satisfies">Properties that hold exactly.</param>
/// <param name="Cost">Its cost.</param>
public sealed record CardMethod(
    string Id,
    string Title,
    string Paper,
    string Why,
    IReadOnlyList<string> Satisfies,
    string Cost
);

/// <summary>A finding on a card.</summary>
/// <param name="Id">The finding.</param>
/// <param name="Grade">Its grade.</param>
/// <param name="Says">Its effect in words.</param>
/// <param name="Interval">The 95 % interval; null: none.</param>
/// <param name="Note">What people have written of it; null: nothing.</param>
public sealed record CardResult(string Id, Grade Grade, string Says, FindingInterval? Interval, string? Note);

/// <summary>Someone who must look at it.</summary>
/// <param name="Who">A role or name.</param>
/// <param name="Why">The reason.</param>
public sealed record CardReviewer(string Who, string Why);
