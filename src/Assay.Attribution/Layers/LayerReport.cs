namespace Assay.Attribution.Layers;

/// <summary>What <see cref="LayerStudy"/> found out.</summary>
public sealed record LayerReport
{
    /// <summary>The head explained.</summary>
    public required string Head { get; init; }

    /// <summary>Rows on which probes and fits were made, and rows on which all was measured.</summary>
    public required (int Fit, int Holdout) Rows { get; init; }

    /// <summary>Rows whose paths were followed.</summary>
    public required int FlowRows { get; init; }

    /// <summary>The area under the curve of the model itself on the holdout, and its standard error; NaN without labels.</summary>
    public required (double Value, double Error) Auc { get; init; }

    /// <summary>Log loss of the model and of the best constant on the holdout, nats per row; NaN without labels.</summary>
    public required (double Model, double Constant) LogLoss { get; init; }

    /// <summary>
    /// The loss, in nats per row, from which on something is worth a remark: 2 % of what the model gains over the constant, at
    /// least 0.1 % of the constant's.
    /// </summary>
    public double Margin => Math.Max(0.02 * (LogLoss.Constant - LogLoss.Model), 0.001 * LogLoss.Constant);

    /// <summary>The layers in graph order.</summary>
    public required IReadOnlyList<LayerFacts> Layers { get; init; }

    /// <summary>The features.</summary>
    public required IReadOnlyList<FeatureFacts> Features { get; init; }

    /// <summary>Groups of features in the order of <see cref="LayerFacts.Through"/>.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Debiased linear CKA between layers, on the holdout; row by row.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Cka { get; init; }

    /// <summary>What pruning did to the holdout.</summary>
    public required IReadOnlyList<PruningResult> Prunings { get; init; }

    /// <summary>What all this means, in words.</summary>
    public required IReadOnlyList<LayerDiagnosis> Diagnoses { get; init; }
}

/// <summary>A layer and what is known of it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Through">
/// For each group the share of its attribution that passes the layer: Σ pᵣ sign(tᵣ) / Σ |tᵣ| over the rows r, t the group's
/// integrated gradient and p the part of it that passes. Branches beside one another sum to 1.
/// </param>
/// <param name="ThroughAll">The same for all features together.</param>
/// <param name="LabelAuc">Held-out area under the curve of a linear probe for the label; NaN without labels.</param>
/// <param name="LabelAucError">Its standard error.</param>
/// <param name="LabelControlAuc">The same of a probe for labels drawn at random (Hewitt and Liang 2019).</param>
/// <param name="Dimension">The participation ratio of the covariance.</param>
/// <param name="States">How many units are in each state.</param>
/// <param name="Dead">The numbers of the units that never do anything.</param>
public sealed record LayerFacts(
    ModelLayer Layer,
    IReadOnlyList<double> Through,
    double ThroughAll,
    double LabelAuc,
    double LabelAucError,
    double LabelControlAuc,
    double Dimension,
    IReadOnlyDictionary<UnitState, int> States,
    IReadOnlyList<int> Dead
);

/// <summary>A feature: what layers know of it, what the score makes of it, and what it is worth.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Group">Its group.</param>
/// <param name="Use">Share of the sum of mean |attribution| over all features.</param>
/// <param name="Loss">Log loss added by permuting the feature, nats per row on the holdout; NaN without labels.</param>
/// <param name="LossError">Its standard error.</param>
/// <param name="Left">Log loss that the feature would still take off if the score were corrected by it, nats per row on the holdout.</param>
/// <param name="LeftError">Its standard error.</param>
/// <param name="Agreement">
/// The correlation of that correction with the feature's attributions: −1 where it takes back what the score gives, NaN where
/// the score gives nothing.
/// </param>
/// <param name="Known">For each layer the held-out share of the feature's variance that a linear probe explains.</param>
/// <param name="Control">The same of random labels.</param>
/// <param name="Through">For each layer the share of the feature's attribution that passes it.</param>
public sealed record FeatureFacts(
    string Name,
    string Group,
    double Use,
    double Loss,
    double LossError,
    double Left,
    double LeftError,
    double Agreement,
    IReadOnlyList<double> Known,
    IReadOnlyList<double> Control,
    IReadOnlyList<double> Through
)
{
    /// <summary>For each layer what is known beyond the control.</summary>
    public IReadOnlyList<double> Selectivity => [.. Known.Zip(Control, (k, c) => k - Math.Max(0, c))];
}

/// <summary>What taking units away did, measured on the holdout.</summary>
/// <param name="What">Which units.</param>
/// <param name="Units">How many.</param>
/// <param name="Of">Of how many hidden units.</param>
/// <param name="Cut">How many of them were cut out of the weights; the others are held at their mean.</param>
/// <param name="Auc">Area under the curve afterwards; NaN without labels.</param>
/// <param name="AucChange">By how much it changed.</param>
/// <param name="MeanChange">Mean |change of the logit|.</param>
/// <param name="LargestChange">Largest |change of the logit|.</param>
/// <param name="Bytes">Size of the model before and after.</param>
/// <param name="Seconds">Time of the holdout before and after, the best of several.</param>
public sealed record PruningResult(
    string What,
    int Units,
    int Of,
    int Cut,
    double Auc,
    double AucChange,
    double MeanChange,
    double LargestChange,
    (long Before, long After) Bytes,
    (double Before, double After) Seconds
);

/// <summary>What a diagnosis is about.</summary>
public enum DiagnosisKind
{
    /// <summary>A feature tells of the label what the score leaves out.</summary>
    UnderusedSignal,

    /// <summary>The score leans on a feature that improves nothing.</summary>
    OveremphasisedNoise,

    /// <summary>The score needs a feature and makes too much of it.</summary>
    Overemphasised,

    /// <summary>A layer loses what the one before it knew of the label.</summary>
    Bottleneck,

    /// <summary>A layer knows more of the label than the score says.</summary>
    UnreadKnowledge,

    /// <summary>Units that do nothing.</summary>
    IdleUnits,
}

/// <summary>A conclusion in words.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Subject">The feature or layer.</param>
/// <param name="Text">A sentence with the numbers behind it.</param>
public sealed record LayerDiagnosis(DiagnosisKind Kind, string Subject, string Text);
