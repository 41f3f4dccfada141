using Assay.Attribution.Effects;

namespace Assay.Studies;

/// <summary>Positions of effects as people call them: ids by the vocabularies' texts, empty and unknown ones by what they are.</summary>
public static class EffectLabels
{
    private const int MostEntries = 3;

    /// <summary>An axis whose positions have their texts as labels.</summary>
    /// <param name="dictionary">The dictionary, whose vocabularies are used.</param>
    /// <param name="axis">The axis of a feature or group.</param>
    /// <exception cref="Onnx.AssayException">Input: the file of vocabularies cannot be read.</exception>
    public static EffectAxis Of(FeatureDictionary dictionary, EffectAxis axis) =>
        dictionary.Features.FirstOrDefault(f => f.Name == axis.Feature) is { } entry
            ? Of(entry, axis, ValueLabels.Of(dictionary, entry.Source))
            : axis;

    internal static EffectAxis Of(FeatureEntry entry, EffectAxis axis, Func<string, string> label) =>
        entry.HasIds && !axis.IsNumeric
            ? axis with
            {
                Positions = [.. axis.Positions.Select(p => p with { Label = Of(entry, p, label) })],
            }
            : axis;

    private static string Of(FeatureEntry entry, EffectPosition position, Func<string, string> label)
    {
        string One(string id) =>
            id == $"{entry.PaddingId}" ? "(empty)"
            : id == $"{entry.OovId}" ? "(unknown)"
            : label(id);
        if (position.Label == EffectPosition.Rest || !entry.IsList)
            return One(position.Text);
        string[] entries = [.. position.Text.Split(' ').Where(id => id != $"{entry.PaddingId}")];
        return entries.Length == 0
            ? "(empty)"
            : string.Join(", ", entries.Take(MostEntries).Select(One))
                + (entries.Length > MostEntries ? $" and {entries.Length - MostEntries} more" : "");
    }
}
