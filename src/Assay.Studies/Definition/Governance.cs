using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a study declares for the people who answer for the model; no number depends on it.</summary>
public sealed record Governance
{
    /// <summary>What the model is for and what the study is to decide [purpose]; null: not declared.</summary>
    public string? Purpose { get; init; }

    /// <summary>Who must review the findings [reviewers]; empty: by the findings' content.</summary>
    public IReadOnlyList<string> Reviewers { get; init; } = [];

    /// <summary>Days after the last explained row at which the findings are stale [stale_after]; null: not declared.</summary>
    public int? StaleAfterDays { get; init; }

    /// <summary>Features on which reliance must be reviewed, besides those the dictionary calls so [sensitive].</summary>
    public IReadOnlyList<string> Sensitive { get; init; } = [];

    internal static Governance Read(YamlMap root) =>
        new()
        {
            Purpose = root.Text("purpose")?.Trim(),
            Reviewers = root.Texts("reviewers") ?? [],
            StaleAfterDays = root.Integer("stale_after", 1, 36_500),
            Sensitive = root.Texts("sensitive") ?? [],
        };

    /// <summary>What the study or the dictionary calls sensitive, in the order of the features.</summary>
    internal IEnumerable<FeatureEntry> SensitiveOf(IEnumerable<FeatureEntry> features) =>
        features.Where(f => f.IsSensitive || Sensitive.Contains(f.Name));

    /// <summary>Refuses names that the dictionary does not have.</summary>
    /// <exception cref="AssayException">Input: a sensitive feature that does not exist.</exception>
    internal void Check(FeatureDictionary dictionary)
    {
        var known = dictionary.Features.Select(f => f.Name).ToArray();
        if (Sensitive.FirstOrDefault(s => !known.Contains(s)) is { } unknown)
            throw AssayException.Input(
                $"The study lists '{unknown}' under 'sensitive', but the dictionary has no such feature.{Nearest.Hint(unknown, known)}"
            );
    }
}
