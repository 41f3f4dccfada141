using Assay.Training;

namespace Assay.Studies;

/// <summary>One way to fit a network again.</summary>
public sealed record RefitVariant
{
    /// <summary>What is fitted and how, with the seed.</summary>
    public required RetrainOptions Options { get; init; }

    /// <summary>Features that are left out: they have their replacement value in every row.</summary>
    public IReadOnlyList<string> Drop { get; init; } = [];

    /// <summary>Whether labels are put in random order.</summary>
    public bool ShuffleLabels { get; init; }

    /// <summary>Share of the ids that are made unknown in training.</summary>
    public double OovDropout { get; init; }

    /// <summary>Seed with which clusters of the training rows are drawn with replacement; null: the rows as they are.</summary>
    public ulong? Resample { get; init; }

    /// <summary>What progress calls it.</summary>
    public string Title { get; init; } = "";
}
