using Assay.Training;

namespace Assay.Worlds.Models;

/// <summary>Size and fitting of a world's model.</summary>
public sealed record WorldModelOptions
{
    /// <summary>The seed of the starting values.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Length of the embeddings.</summary>
    public int Dimension { get; init; } = 8;

    /// <summary>Widths of the hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 32];

    /// <summary>How it is fitted.</summary>
    public TrainingOptions Training { get; init; } =
        new()
        {
            BatchRows = 256,
            Epochs = 12,
            Patience = 3,
            LearningRate = 6e-3,
            LearningRateDecay = 0.7,
            WeightDecay = 0.3,
        };
}
