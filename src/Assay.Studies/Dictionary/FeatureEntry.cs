namespace Assay.Studies;

/// <summary>What a feature is, and so how its values are read and replaced.</summary>
public enum FeatureKind
{
    /// <summary>One id per row, looked up in a table.</summary>
    Categorical,

    /// <summary>One number per row (or a vector of them).</summary>
    Numeric,

    /// <summary>A list of ids whose order counts.</summary>
    Sequence,

    /// <summary>A list of ids whose order does not count.</summary>
    Bag,
}

/// <summary>What to do where the data have no value.</summary>
public enum MissingRule
{
    /// <summary>A missing value is an error (the default).</summary>
    Error,

    /// <summary>Becomes <c>oov_id</c>; ids outside the vocabulary do too.</summary>
    Oov,

    /// <summary>Becomes <c>padding_id</c> (for a list: an empty list).</summary>
    Padding,

    /// <summary>Becomes <c>training_mean</c>.</summary>
    Mean,

    /// <summary>Becomes a given number.</summary>
    Value,
}

/// <summary>One feature of a dictionary. The names of the fields of the file stand in brackets.</summary>
public sealed record FeatureEntry
{
    /// <summary>The feature's name [feature].</summary>
    public required string Name { get; init; }

    /// <summary>Its kind [kind].</summary>
    public required FeatureKind Kind { get; init; }

    /// <summary>The graph input that takes it [input].</summary>
    public required string Input { get; init; }

    /// <summary>Flat places inside one row of that input [column, columns]; null: the whole row of the input.</summary>
    public IReadOnlyList<int>? Columns { get; init; }

    /// <summary>Positions of a sequence or bag [length].</summary>
    public int? Length { get; init; }

    /// <summary>How a list is laid out [order], in words: "oldest first, padded on the left".</summary>
    public string? Order { get; init; }

    /// <summary>The group it belongs to [group].</summary>
    public string? Group { get; init; }

    /// <summary>What people call it [display_name]; null: the name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Who answers for it [owner].</summary>
    public string? Owner { get; init; }

    /// <summary>Whether people must judge reliance on it [sensitive].</summary>
    public bool IsSensitive { get; init; }

    /// <summary>What it means [description].</summary>
    public string? Description { get; init; }

    /// <summary>The column of the data it is read from [source]; by default the name.</summary>
    public required string Source { get; init; }

    /// <summary>The vocabulary its ids index [dictionary].</summary>
    public string? Vocabulary { get; init; }

    /// <summary>Number of ids [vocabulary_size].</summary>
    public long? VocabularySize { get; init; }

    /// <summary>The id of an empty position [padding_id].</summary>
    public long? PaddingId { get; init; }

    /// <summary>The id of unknown values [oov_id].</summary>
    public long? OovId { get; init; }

    /// <summary>The id that stands for "without the feature" [ablation_id].</summary>
    public long? AblationId { get; init; }

    /// <summary>The number that stands for "without the feature" [ablation_value].</summary>
    public double? AblationValue { get; init; }

    /// <summary>Mean over the training rows, as the model sees it at its input [training_mean].</summary>
    public double? TrainingMean { get; init; }

    /// <summary>What happens to missing values [missing].</summary>
    public MissingRule Missing { get; init; }

    /// <summary>The number of <see cref="MissingRule.Value"/>.</summary>
    public double MissingValue { get; init; }

    /// <summary>The name to show.</summary>
    public string Title => DisplayName ?? Name;

    /// <summary>Whether the data hold a list per row.</summary>
    public bool IsList => Kind is FeatureKind.Sequence or FeatureKind.Bag || Columns is { Count: > 1 };

    /// <summary>Whether values are ids (or, for <see cref="FeatureKind.Numeric"/>, numbers).</summary>
    public bool HasIds => Kind != FeatureKind.Numeric;

    /// <summary>Whether short lists are filled up on the left.</summary>
    public bool PadsLeft => Order?.Contains("left", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>Whether long lists keep their first entries instead of their last.</summary>
    public bool KeepsFirst => Order?.Contains("newest first", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>The id or number that stands for "without the feature".</summary>
    public double Replacement =>
        HasIds
            ? AblationId ?? (IsList ? PaddingId ?? OovId : OovId ?? PaddingId) ?? 0
            : AblationValue ?? TrainingMean ?? 0;
}
