namespace Assay.Studies;

/// <summary>What things are called in sentences: never as columns are.</summary>
internal sealed class FeatureNames(IReadOnlyDictionary<string, string> titles, string units, string? secondUnits = null)
{
    public FeatureNames(StudyPlan plan)
        : this(
            plan.Features.ToDictionary(f => f.Entry.Name, f => f.Entry.DisplayName ?? Plain(f.Entry.Name)),
            plan.Study.Units ?? UnitWords.Of(plan.Study.Cluster),
            plan.Study.SecondCluster is { } second ? plan.Study.SecondUnits ?? UnitWords.Of(second) : null
        ) { }

    /// <summary>The features that have a title.</summary>
    public IEnumerable<string> Features => titles.Keys;

    /// <summary>The independent units, in the plural: "households" for household_id.</summary>
    public string Units => units;

    /// <summary>Those of the second kind; null: the study has one kind.</summary>
    public string? SecondUnits => secondUnits;

    /// <summary>Over which draws an interval holds, put after "the true value"; empty where there is one kind.</summary>
    public string Over(Estimate e) =>
        secondUnits is null ? ""
        : e.SecondClusters is null ? $", over other {units} and the same {secondUnits},"
        : $", over other {units} and other {secondUnits},";

    /// <summary>The display name of a feature; of a group, a position or a cross its name in plain words.</summary>
    public string Title(string feature) =>
        titles.GetValueOrDefault(feature)
        ?? (feature.Split('*') is { Length: > 1 } parts ? string.Join(" × ", parts.Select(Title)) : Plain(feature));

    /// <summary>A dimension of segments inside a sentence: age_band → age band.</summary>
    public string Dimension(string dimension) =>
        titles.TryGetValue(dimension, out var title) ? LowerFirst(title) : LowerFirst(Plain(dimension));

    /// <summary>recency_type_days → Recency type days.</summary>
    public static string Plain(string name)
    {
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    // A word in capitals is an abbreviation and stays.
    private static string LowerFirst(string text) =>
        text.Length < 2 || char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
