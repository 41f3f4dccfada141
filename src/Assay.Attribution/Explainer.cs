using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>Explains rows of a model by one method. <see cref="Explain"/> may be called from several threads.</summary>
public sealed class Explainer : IDisposable
{
    private readonly AttributionMethod method;
    private readonly ExplainedModel model;

    private Explainer(AttributionMethod method, ExplainedModel model) => (this.method, this.model) = (method, model);

    /// <summary>Opens a model for explanation. ONNX Runtime is used with one thread, so results never depend on threads.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players; see <see cref="FeatureSlot.FromInputs"/>.</param>
    /// <param name="settings">Method, head, baseline and the rest.</param>
    /// <exception cref="AssayException">Usage: unknown method, head or option. Input: the model cannot be explained this way.</exception>
    public static Explainer Open(OnnxModel model, IReadOnlyList<FeatureSlot> features, ExplainSettings settings)
    {
        settings.Validate();
        return new Explainer(MethodRegistry.Find(settings.Method), new ExplainedModel(model, features, settings));
    }

    /// <summary>Names of the columns of an explanation: the features, or the units of a layer where the method explains by these.</summary>
    public IReadOnlyList<string> Features => method.Columns(model);

    /// <summary>The method.</summary>
    public MethodInfo Method => method.Info;

    /// <summary>The head explained, NAME or NAME[k].</summary>
    public string Head => model.Head.Name;

    /// <summary>The rule by which a path method integrates, chosen where the settings leave it open; null for others.</summary>
    public string? Rule => method.Rule(model);

    /// <summary>The options of the method's own that it runs with, for the pedigree; none for most.</summary>
    public IReadOnlyDictionary<string, string> Options => method.Options(model.Settings);

    /// <summary>Explains rows: graph inputs by name, the first dimension of each counting rows.</summary>
    public Explanation Explain(IReadOnlyDictionary<string, TensorData> rows) => method.Explain(model, rows);

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
