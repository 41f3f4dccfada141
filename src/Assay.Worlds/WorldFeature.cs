namespace Assay.Worlds;

/// <summary>What values a feature takes.</summary>
public enum FeatureKind
{
    /// <summary>An id; 0 is padding, 1 unknown, the labels begin at 2.</summary>
    Categorical,

    /// <summary>A number.</summary>
    Numeric,

    /// <summary>A fixed number of ids, oldest first, padded with 0 on the left.</summary>
    Sequence,
}

/// <summary>The unit within which a feature is constant, and at which it is permuted.</summary>
public enum FeatureLevel
{
    /// <summary>Constant over a user's rows.</summary>
    User,

    /// <summary>Constant over a request's rows.</summary>
    Request,

    /// <summary>Free in every row.</summary>
    Row,
}

/// <summary>What was planted for a feature.</summary>
public enum FeatureRole
{
    /// <summary>One of the two that matter most.</summary>
    Strong,

    /// <summary>A real effect, smaller than the strong ones.</summary>
    Weak,

    /// <summary>Strong where present, and at its default in 99 % of the rows.</summary>
    Sparse,

    /// <summary>Correlated with a cause, without any effect of its own.</summary>
    Proxy,

    /// <summary>Meaningful to look at, without effect.</summary>
    None,

    /// <summary>Random numbers.</summary>
    Noise,
}

/// <summary>One column of a world, as a product person would name it, and what was planted for it.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="Group">user, item, context, history or noise.</param>
/// <param name="Level">The unit within which it is constant.</param>
/// <param name="Role">What was planted.</param>
/// <param name="Description">What it means, in one sentence.</param>
public sealed record WorldFeature(
    string Name,
    FeatureKind Kind,
    string Group,
    FeatureLevel Level,
    FeatureRole Role,
    string Description
)
{
    /// <summary>The texts of ids 2, 3, …; empty for numbers.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Values per row: 1, or the length of a sequence.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Whether a model should take log1p of it first.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The value that stands for a missing one (NaN in the column); null if none is ever missing.</summary>
    public float? MissingValue { get; init; }

    /// <summary>Number of ids, padding and unknown included; 0 for numbers.</summary>
    public int VocabularySize => Labels.Count == 0 ? 0 : Labels.Count + FirstLabel;

    /// <summary>The id of the first label.</summary>
    public const int FirstLabel = 2;
}
