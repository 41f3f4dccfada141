namespace Assay.Studies;

/// <summary>What things are called in sentences: never as columns are.</summary>
internal sealed class FeatureNames(StudyPlan plan)
{
    private readonly Dictionary<string, string> titles = plan.Features.ToDictionary(
        f => f.Entry.Name,
        f => f.Entry.DisplayName ?? Plain(f.Entry.Name)
    );

    /// <summary>The independent units, in the plural: "households" for household_id.</summary>
    public string Units { get; } = Plural(plan.Study.Cluster);

    /// <summary>The display name of a feature; of a group or position its name in plain words.</summary>
    public string Title(string feature) => titles.GetValueOrDefault(feature) ?? Plain(feature);

    /// <summary>recency_type_days → Recency type days.</summary>
    public static string Plain(string name)
    {
        var words = name.Replace('_', ' ').Trim();
        return words.Length == 0 ? name : char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static string Plural(string cluster)
    {
        var word = cluster.ToLowerInvariant();
        foreach (var end in (string[])["_id", "_key", "_hash"])
            if (word.EndsWith(end, StringComparison.Ordinal) && word.Length > end.Length)
                word = word[..^end.Length];
        word = word.Replace('_', ' ');
        return word.EndsWith('s') ? word : word + "s";
    }
}
