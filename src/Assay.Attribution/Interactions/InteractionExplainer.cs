using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>Measures the interactions of a model's features. Calls may come from several threads.</summary>
public sealed class InteractionExplainer : IDisposable
{
    private readonly InteractionMethod method;
    private readonly InteractionModel model;

    private InteractionExplainer(InteractionMethod method, InteractionModel model) =>
        (this.method, this.model) = (method, model);

    /// <summary>Opens a model.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players; see <see cref="FeatureSlot.FromInputs"/>.</param>
    /// <param name="settings">Method, order and the rest.</param>
    /// <exception cref="AssayException">Usage: unknown method or option. Input: the model cannot be explained this way.</exception>
    public static InteractionExplainer Open(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        InteractionSettings settings
    )
    {
        settings.Validate();
        if (features.Count < 2)
            throw AssayException.Usage("Interactions need at least two features (or groups).");
        return new(InteractionRegistry.Find(settings.Explain.Method), new InteractionModel(model, features, settings));
    }

    /// <summary>Names of the players, to which sets refer by number.</summary>
    public IReadOnlyList<string> Features => [.. model.Features.Select(f => f.Name)];

    /// <summary>The method.</summary>
    public MethodInfo Method => method.Info;

    /// <summary>The head explained, NAME or NAME[k].</summary>
    public string Head => model.Head;

    /// <summary>Interactions of each row: graph inputs by name, the first dimension of each counting rows.</summary>
    /// <exception cref="AssayException">Usage: the method measures a population.</exception>
    public RowInteractions Explain(IReadOnlyDictionary<string, TensorData> rows) => method.Explain(model, rows);

    /// <summary>Interactions over all the rows, the strongest first.</summary>
    /// <param name="rows">Graph inputs by name.</param>
    /// <param name="clusters">For each row the key of its cluster (a user), which intervals resample whole; null where rows are independent.</param>
    public InteractionRanking Rank(IReadOnlyDictionary<string, TensorData> rows, IReadOnlyList<ulong>? clusters = null)
    {
        var count = RowsOfInputs.Count(rows, "rows");
        if (clusters is not null && clusters.Count != count)
            throw AssayException.Usage($"There are {clusters.Count} cluster keys for {count} rows.");
        return method.Rank(model, rows, RowClusters.Of(clusters, count));
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
