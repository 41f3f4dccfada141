using Assay.Gradients.Preparation;
using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>What a method of interactions works on: the model as the user gave it, its players, and the settings.</summary>
internal sealed class InteractionModel : IDisposable
{
    private readonly Lazy<ExplainedModel> explained;
    private readonly Lazy<string> head;
    private readonly OnnxModel model;

    public InteractionModel(OnnxModel model, IReadOnlyList<FeatureSlot> features, InteractionSettings settings)
    {
        (this.model, Features, Settings) = (model, features, settings);
        explained = new(() => Open(settings.Explain));
        head = new(() =>
        {
            var (prepared, shapes) = ModelPreparation.Prepare(model);
            return Gradients.Head.Resolve(prepared, shapes, settings.Explain.Head, settings.Explain.Space).Name;
        });
    }

    public IReadOnlyList<FeatureSlot> Features { get; }

    public InteractionSettings Settings { get; }

    /// <summary>The head explained, NAME or NAME[k].</summary>
    public string Head => head.Value;

    /// <summary>The model opened with the settings' baseline.</summary>
    public ExplainedModel Explained => explained.Value;

    /// <summary>The model opened to compare rows with those of a background; the caller's to dispose.</summary>
    public ExplainedModel Against(IReadOnlyDictionary<string, TensorData> background) =>
        Open(Settings.Explain with { Baseline = Baseline.Zero, Background = background });

    private ExplainedModel Open(ExplainSettings settings) =>
        new(model, Features, settings, InteractionRegistry.Get(settings.Method).NeedsGradient);

    public void Dispose()
    {
        if (explained.IsValueCreated)
            explained.Value.Dispose();
    }
}
