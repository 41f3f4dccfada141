using Assay.Attribution.Methods;
using Assay.Onnx;

namespace Assay.Attribution;

/// <summary>
/// How much a model's target changes to first order when one feature at a time takes another row's values: at every
/// attribution point the gradient times (other − own), summed per feature. One backward pass serves all features.
/// <see cref="Changes"/> may be called from several threads.
/// </summary>
public sealed class FirstOrder : IDisposable
{
    private readonly ExplainedModel model;

    private FirstOrder(ExplainedModel model) => this.model = model;

    /// <summary>Opens a model; method and baseline of the settings are not used.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The features, the columns of the changes.</param>
    /// <param name="settings">Head, space, where numbers enter, precision, batch.</param>
    /// <exception cref="AssayException">Usage: unknown head. Input: an operator without a gradient rule.</exception>
    public static FirstOrder Open(OnnxModel model, IReadOnlyList<FeatureSlot> features, ExplainSettings settings)
    {
        settings = settings with
        {
            Method = TaylorPermutation.Id,
            Baseline = Baseline.Rows(new Dictionary<string, TensorData>()),
            Background = null,
        };
        var opened = new ExplainedModel(model, features, settings);
        try
        {
            opened.RequireGradient();
        }
        catch
        {
            opened.Dispose();
            throw;
        }
        return new(opened);
    }

    /// <summary>Rows × features, row-major: ∂target/∂feature · (other − own), at the rows themselves.</summary>
    /// <param name="rows">Graph inputs by name, the first dimension of each counting rows.</param>
    /// <param name="others">For each row where its features would go; each feature may come from a row of its own.</param>
    public double[] Changes(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> others
    )
    {
        var toward = model.AwayFrom(rows, others);
        for (var i = 0; i < toward.Length; i++)
            toward[i] = -toward[i];
        return toward;
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}
