using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>SAGE of rows of a model; a study puts the rows together. <see cref="Explain"/> may be called from several threads.</summary>
public sealed class SageExplainer : IDisposable
{
    private readonly ExplainedModel model;

    private SageExplainer(ExplainedModel model) => this.model = model;

    /// <summary>Opens a model; the method of the settings is not used.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players.</param>
    /// <param name="settings">Head, space, baseline or background, seed, batch.</param>
    /// <exception cref="AssayException">Usage: unknown head or option. Input: the model cannot be explained this way.</exception>
    public static SageExplainer Open(OnnxModel model, IReadOnlyList<FeatureSlot> features, ExplainSettings settings)
    {
        settings = settings with { Method = "sage" };
        settings.Validate();
        return new(new ExplainedModel(model, features, settings));
    }

    /// <summary>What each feature saves of the loss of rows.</summary>
    /// <param name="rows">Graph inputs by name, the first dimension of each counting rows.</param>
    /// <param name="loss">The loss of a row, by its number, at a target.</param>
    /// <param name="keys">What names the random numbers of each row.</param>
    public SageValues Explain(
        IReadOnlyDictionary<string, TensorData> rows,
        Func<int, double, double> loss,
        IReadOnlyList<ulong> keys
    ) => SageValues.Of(model.Games(rows), loss, keys, model.Settings.Seed);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
