namespace Assay.Training;

/// <summary>What of a model is fitted again, and how.</summary>
public sealed record RetrainOptions
{
    /// <summary>The head to fit, NAME or NAME[k]; null for the first.</summary>
    public string? Head { get; init; }

    /// <summary>Whether fitting starts from the values in the file instead of new ones.</summary>
    public bool Warm { get; init; }

    /// <summary>The seed of the starting values and of the order of the rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Initialisers to fit that the list would leave alone.</summary>
    public IReadOnlyList<string> Train { get; init; } = [];

    /// <summary>Initialisers to leave alone that the list would fit.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Ids of empty positions; their rows stay as they are in tables where they are zero.</summary>
    public IReadOnlyList<long> PaddingIds { get; init; } = [0];

    /// <summary>Standard deviation of new table entries.</summary>
    public double TableSpread { get; init; } = 0.01;

    /// <summary>How to fit. Its seed is not used. Chosen by validation losses alone: docs/retrain.md.</summary>
    public TrainingOptions Training { get; init; } =
        new()
        {
            BatchRows = 1024,
            Epochs = 40,
            Patience = 4,
            LearningRate = 2e-3,
            WeightDecay = 1,
        };
}

/// <summary>A model fitted again.</summary>
/// <param name="Model">The user's graph with the parameters of the best epoch; nothing else of it is changed.</param>
/// <param name="Head">The head fitted.</param>
/// <param name="BestEpoch">The epoch of the least validation loss, from 1; 0 where none was run.</param>
/// <param name="Epochs">The losses of every epoch run.</param>
/// <param name="Parameters">Every float initialiser, whether it was fitted, and why.</param>
/// <param name="Caveats">In what the refit may differ from the training that made the file.</param>
public sealed record RetrainResult(
    Onnx.OnnxModel Model,
    string Head,
    int BestEpoch,
    IReadOnlyList<EpochLoss> Epochs,
    IReadOnlyList<ModelParameter> Parameters,
    IReadOnlyList<string> Caveats
);
