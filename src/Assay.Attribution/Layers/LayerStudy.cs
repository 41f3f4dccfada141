using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Attribution.Layers;

/// <summary>
/// Studies the inside of a model on rows: which layers there are, what of each group flows through them, what they know,
/// which units idle and what pruning these does, and what all that means.
/// </summary>
public static class LayerStudy
{
    // Ids that a probe has to tell apart.
    private const int MostIds = 8;

    // Rows of a representation that CKA compares.
    private const int MostCkaRows = 2048;

    /// <summary>Finds the layers that lead to a head, in graph order.</summary>
    /// <param name="model">The user's model.</param>
    /// <param name="features">The players; see <see cref="FeatureSlot.FromInputs"/>.</param>
    /// <param name="head">NAME or NAME[k]; null for the first.</param>
    public static IReadOnlyList<ModelLayer> Find(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        string? head = null
    )
    {
        using var explained = Open(model, features, new LayerStudySettings { Head = head }, Baseline.Zero);
        return Layers(explained);
    }

    /// <summary>Studies all layers.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players.</param>
    /// <param name="groups">The group of each feature.</param>
    /// <param name="data">The rows; half of them (of their clusters) are kept for measuring.</param>
    /// <param name="settings">How.</param>
    /// <param name="progress">Told what is being done, or null.</param>
    /// <param name="stop">Asked between layers and features.</param>
    /// <exception cref="AssayException">The model has no layers, or cannot be differentiated; or there are too few rows.</exception>
    public static LayerReport Run(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        IReadOnlyList<string> groups,
        LayerStudyRows data,
        LayerStudySettings settings,
        Action<string>? progress = null,
        CancellationToken stop = default
    )
    {
        var count = RowsOfInputs.Count(data.Rows, "rows");
        if (count < 64)
            throw AssayException.Input(
                $"Layers are studied on at least 64 rows, half of them for measuring; there are {count}."
            );
        using var explained = Open(model, features, settings, settings.Baseline ?? Baseline.Mean(data.Rows));
        var layers = Layers(explained);
        if (layers.Count == 0)
            throw AssayException.Input(
                "No layer was found: the model has no product of features with weights on the way to the head."
            );
        var split = new HoldoutSplit(count, data.Clusters, settings.Seed);
        var run = new LayerStudyRun(
            model,
            explained,
            layers,
            [.. groups],
            data,
            settings,
            split,
            progress ?? (_ => { }),
            stop.ThrowIfCancellationRequested
        );
        return run.Report();
    }

    internal static double Cka(LinearCka a, LinearCka b) => a.With(b);

    internal static LinearCka Representation(double[] values, int units, int[] rows)
    {
        int[] picked = rows.Length > MostCkaRows ? rows[..MostCkaRows] : rows;
        return LinearCka.Of(HoldoutSplit.Rows(values, units, picked), picked.Length);
    }

    internal static double[][] Targets(
        IReadOnlyDictionary<string, TensorData> rows,
        FeatureSlot feature,
        IReadOnlySet<InputElement> numeric
    ) => FeatureCode.Targets(rows, feature, numeric, MostIds);

    private static IReadOnlyList<ModelLayer> Layers(ExplainedModel explained) =>
        LayerFinder.Find(
            new LayerGraph(
                explained.Prepared.Graph,
                explained.Shapes,
                explained.AttributionPoints,
                explained.Head.Value
            )
        );

    private static ExplainedModel Open(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        LayerStudySettings settings,
        Baseline baseline
    ) =>
        new(
            model,
            features,
            new ExplainSettings
            {
                Method = "integrated-gradients",
                Head = settings.Head,
                Space = settings.Space,
                Steps = settings.Steps,
                Seed = settings.Seed,
                Baseline = baseline,
            },
            keepsLayers: true
        );
}
