using System.Text.Json;

namespace Assay.Catalogue;

/// <summary>A run's dictionary as rows.</summary>
internal static class FeatureRows
{
    private const int LongestName = 300;

    public static IReadOnlyList<FeatureEntry> Of(RunDocuments documents) =>
        documents.Dictionary is { } dictionary ? Entries(dictionary) : Named(documents.Findings);

    private static List<FeatureEntry> Entries(RunPart dictionary)
    {
        // A list by itself, or under "features".
        var parts =
            dictionary.Element.ValueKind == JsonValueKind.Array
                ? dictionary.Element.EnumerateArray().Select((e, i) => new RunPart(dictionary.File, $"[{i}]", e))
                : dictionary.List("features");
        return
        [
            .. parts
                .Select(part =>
                {
                    var name = part.Needed("name", LongestName);
                    return new FeatureEntry
                    {
                        Name = name,
                        DisplayName = part.Text("display_name") ?? name,
                        Group = part.Text("group"),
                        Kind = part.Text("kind"),
                        Owner = part.Text("owner"),
                        Description = part.Text("description"),
                    };
                })
                .DistinctBy(f => f.Name),
        ];
    }

    // Runs of versions that write no dictionary: what the findings name.
    private static List<FeatureEntry> Named(RunPart? findings) =>
        [
            .. (findings?.List("findings") ?? [])
                .Where(f => f.Text("feature") is { Length: > 0 and <= LongestName } && f.Texts("features").Length <= 1)
                .Select(f => new FeatureEntry
                {
                    Name = f.Text("feature")!,
                    DisplayName = f.Text("display_name") ?? f.Text("feature")!,
                })
                .DistinctBy(f => f.Name),
        ];
}
