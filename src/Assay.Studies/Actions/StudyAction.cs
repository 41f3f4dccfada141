namespace Assay.Studies;

/// <summary>What is proposed.</summary>
public enum ActionKind
{
    /// <summary>Mend or fill in a feature that matters and is often missing.</summary>
    EnrichFeature,

    /// <summary>Record something that most rows lack, or that the model lacks where it knows nothing.</summary>
    CollectSignal,

    /// <summary>Take a feature out of the model and of serving.</summary>
    RetireFeature,

    /// <summary>Give segments that differ a part of the model, or a model, of their own.</summary>
    SplitModelOrSegmentPart,

    /// <summary>Add the cross of two features to the network.</summary>
    AddCross,

    /// <summary>Add a module for recent, or for old, events of a history.</summary>
    AddHistoryModule,

    /// <summary>Explore more, or less, for a cohort.</summary>
    ChangeExploration,

    /// <summary>Represent or encode a feature in another way.</summary>
    ChangeRepresentation,

    /// <summary>Train for another objective.</summary>
    ReconsiderObjective,

    /// <summary>Mend the training data, or how negatives are sampled.</summary>
    MendDataOrSampling,

    /// <summary>Find out whether a feature leaks the label or stands in for something else.</summary>
    InvestigateLeakOrProxy,

    /// <summary>Have people judge whether the model may lean on a sensitive feature.</summary>
    ReviewSensitiveReliance,

    /// <summary>Fit the model again on newer rows.</summary>
    Retrain,

    /// <summary>Too little is known for anything else: the missing evidence is named.</summary>
    CollectEvidence,
}

/// <summary>Which actions come first, before any value is compared.</summary>
public enum ActionTier
{
    /// <summary>It could void what the others rest on, or must be judged by people first.</summary>
    Safeguard,

    /// <summary>It promises better ranking or cheaper serving.</summary>
    Improve,

    /// <summary>It asks for evidence.</summary>
    Evidence,

    /// <summary>It can be done, and at the study's prices surely costs more than it brings.</summary>
    NotWorthIt,
}

/// <summary>One thing a study suggests doing: an entry of <c>actions.json</c>.</summary>
public sealed record StudyAction
{
    /// <summary>kind/target, the same in every run that proposes it; evidence to collect: collect_evidence/kind/target.</summary>
    public required string Id { get; init; }

    /// <summary>What is proposed.</summary>
    public required ActionKind Kind { get; init; }

    /// <summary>Of evidence to collect, what it would decide; else null.</summary>
    public required ActionKind? Decides { get; init; }

    /// <summary>Safeguard, improve or evidence.</summary>
    public required ActionTier Tier { get; init; }

    /// <summary>Place among the actions, 1 the first: by tier, then expected value (without <c>value</c>: effect).</summary>
    public required int Rank { get; init; }

    /// <summary>The place when the lower end of the interval counts instead of the expected value.</summary>
    public required int CautiousRank { get; init; }

    /// <summary>What to do, as a request.</summary>
    public required string Title { get; init; }

    /// <summary>What it is done to.</summary>
    public required ActionTarget Target { get; init; }

    /// <summary>What it rests on.</summary>
    public required IReadOnlyList<ActionEvidence> Evidence { get; init; }

    /// <summary>The worst grade of the evidence that it needs.</summary>
    public required Grade Grade { get; init; }

    /// <summary>The steps that would lift evidence below grade B; empty otherwise.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>What it would change; null: no number says.</summary>
    public required ExpectedEffect? Effect { get; init; }

    /// <summary>What serving would save; null: nothing, or unknown.</summary>
    public required ServingSavings? Savings { get; init; }

    /// <summary>Effect and savings in the study's currency; null: none declared, or nothing to price.</summary>
    public required ActionValue? Value { get; init; }

    /// <summary>What it takes.</summary>
    public required ActionWeight Cost { get; init; }

    /// <summary>What could go wrong.</summary>
    public required ActionWeight Risk { get; init; }

    /// <summary>What would test it; null where evidence is still to be collected.</summary>
    public required ActionExperiment? Experiment { get; init; }

    /// <summary>What to do first.</summary>
    public required string First { get; init; }
}

/// <summary>What an action is done to.</summary>
/// <param name="Features">Names in the dictionary; of a cross both.</param>
/// <param name="Dimension">The dimension of the segments; "overall" for all rows.</param>
/// <param name="Segments">Segments within it; "all" for all rows.</param>
public sealed record ActionTarget(IReadOnlyList<string> Features, string Dimension, IReadOnlyList<string> Segments);

/// <summary>Something an action rests on.</summary>
/// <param name="Id">The finding; of an estimate that no finding speaks of, its question in the same form.</param>
/// <param name="IsFinding">Whether <c>findings.json</c> has it.</param>
/// <param name="IsNeeded">Whether its grade limits the action's.</param>
/// <param name="Grade">Its grade.</param>
/// <param name="Says">It in a sentence.</param>
public sealed record ActionEvidence(string Id, bool IsFinding, bool IsNeeded, Grade Grade, string Says);

/// <summary>How a number promises an effect.</summary>
public enum EffectBasis
{
    /// <summary>A refit with the change was judged on rows it had not seen.</summary>
    MeasuredByRefit,

    /// <summary>The fixed model says what the change might gain at most, if assumptions hold.</summary>
    AtMost,

    /// <summary>The size of what is observed; what a change of it would win is not known, so it is never priced.</summary>
    SizeOnly,
}

/// <summary>What an action would change.</summary>
/// <param name="Unit">auc, psi, share; a gain is positive.</param>
/// <param name="Value">Expected.</param>
/// <param name="Low">Lower end of the 95 % interval; null: none.</param>
/// <param name="High">Upper end.</param>
/// <param name="Basis">How it is known.</param>
/// <param name="Says">It in a sentence.</param>
public sealed record ExpectedEffect(
    string Unit,
    double Value,
    double? Low,
    double? High,
    EffectBasis Basis,
    string Says
);

/// <summary>What an action is worth.</summary>
/// <param name="Unit">The study's currency.</param>
/// <param name="Value">Expected.</param>
/// <param name="Low">Lower end of the 95 % interval, which is that of the effect; savings are exact.</param>
/// <param name="High">Upper end.</param>
/// <param name="Says">How it is put together.</param>
public sealed record ActionValue(string Unit, double Value, double Low, double High, string Says);

/// <summary>low, medium or high, and why.</summary>
/// <param name="Level">low, medium or high.</param>
/// <param name="Says">Why, in a sentence.</param>
public sealed record ActionWeight(string Level, string Says);
