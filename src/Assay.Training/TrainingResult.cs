using Assay.Onnx;

namespace Assay.Training;

/// <summary>The losses after one pass over the rows: mean binary cross-entropy in nats.</summary>
/// <param name="Epoch">The pass, from 1.</param>
/// <param name="Training">Mean over the pass, each batch before its own step.</param>
/// <param name="Validation">Over the validation rows, after the pass.</param>
public sealed record EpochLoss(int Epoch, double Training, double Validation)
{
    /// <summary>How long the pass took, without validation.</summary>
    public TimeSpan Duration { get; init; }
}

/// <summary>A fitted graph.</summary>
/// <param name="Model">A copy of the graph whose initialisers hold the parameters of the best epoch.</param>
/// <param name="BestEpoch">The epoch of the least validation loss, from 1; 0 where none was run.</param>
/// <param name="Epochs">The losses of every epoch run.</param>
public sealed record TrainingResult(OnnxModel Model, int BestEpoch, IReadOnlyList<EpochLoss> Epochs)
{
    /// <summary>The validation loss of the parameters kept; NaN where no epoch was run.</summary>
    public double ValidationLoss => BestEpoch == 0 ? double.NaN : Epochs[BestEpoch - 1].Validation;
}
