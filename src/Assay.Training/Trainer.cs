using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Training;

/// <summary>
/// Fits a graph's initialisers to labels: mini-batch Adam or gradient descent on gradients that the graph's own rewriting yields. One thread
/// computes, so that the same rows, options and starting values give the same bytes.
/// </summary>
public static class Trainer
{
    /// <summary>Fits and returns a copy of the model; the given one is not changed.</summary>
    /// <param name="model">The forward graph; its initialisers are the starting values.</param>
    /// <param name="logit">The value that holds one log-odds per row.</param>
    /// <param name="parameters">The float initialisers to fit; all others stay.</param>
    /// <param name="training">The rows to fit.</param>
    /// <param name="validation">The rows whose loss decides when to stop and which epoch is kept.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told the losses after each epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="AssayException">An operator has no gradient rule, an id is outside its table, the loss is not finite.</exception>
    public static TrainingResult Fit(
        OnnxModel model,
        string logit,
        IReadOnlyList<string> parameters,
        TrainingRows training,
        TrainingRows validation,
        TrainingOptions? options = null,
        IProgress<EpochLoss>? progress = null,
        CancellationToken cancellation = default
    ) => Fit(model, logit, parameters, null, training, validation, options, progress, cancellation);

    internal static TrainingResult Fit(
        OnnxModel model,
        string logit,
        IReadOnlyList<string> parameters,
        IReadOnlyDictionary<string, IReadOnlyList<int>>? frozenRows,
        TrainingRows training,
        TrainingRows validation,
        TrainingOptions? options,
        IProgress<EpochLoss>? progress,
        CancellationToken cancellation
    )
    {
        options ??= new TrainingOptions();
        options.Validate();
        using var run = new TrainingRun(model, logit, parameters, training, options, frozenRows);
        var losses = new List<EpochLoss>();
        var best = 0;
        Dictionary<string, TensorData>? kept = null;
        for (var epoch = 1; epoch <= options.Epochs && epoch - best <= options.Patience; epoch++)
        {
            var start = options.Clock.GetTimestamp();
            var trained = run.Epoch(epoch, cancellation);
            var duration = options.Clock.GetElapsedTime(start);
            var loss = new EpochLoss(epoch, trained, run.Loss(validation, cancellation)) { Duration = duration };
            losses.Add(loss);
            if (!double.IsFinite(loss.Validation))
                throw AssayException.Failed(
                    $"The validation loss of epoch {epoch} is {loss.Validation}; lower the learning rate or check the inputs."
                );
            progress?.Report(loss);
            if (best == 0 || loss.Validation < losses[best - 1].Validation)
            {
                best = epoch;
                kept = run.Snapshot();
            }
        }
        var fitted = model.Clone();
        foreach (var (name, value) in kept ?? run.Snapshot())
            fitted.Graph.SetInitialiser(name, value);
        return new TrainingResult(fitted, best, losses);
    }
}
