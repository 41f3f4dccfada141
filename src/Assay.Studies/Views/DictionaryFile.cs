using System.Text.Json;

namespace Assay.Studies;

/// <summary><c>dictionary.json</c>: features and dimensions by their names for people.</summary>
internal static class DictionaryFile
{
    public const string Name = "dictionary.json";

    public static void Write(StudyPlan plan, SplitData explained)
    {
        var names = new FeatureNames(plan);
        var file = new
        {
            Schema = 1,
            Study = plan.Study.Name,
            Features = plan.Features.Select(f => new
            {
                f.Entry.Name,
                DisplayName = names.Title(f.Entry.Name),
                f.Entry.Group,
                f.Entry.Kind,
                f.Entry.Owner,
                f.Entry.Description,
                f.Entry.IsSensitive,
                f.Entry.Source,
            }),
            Dimensions = plan.Segments.Select(d => new
            {
                d.Name,
                DisplayName = names.Title(d.Name),
                Kind = DimensionKinds.Of(d, plan.Segments, plan.Dictionary),
                By = d.Kind,
                Feature = DimensionKinds.FeatureOf(d, plan.Dictionary)?.Name,
                Segments = explained
                    .Segments.Where(s => s.Dimension == d.Name)
                    .Select(s => new
                    {
                        s.Name,
                        s.Label,
                        Rows = s.Rows.Length,
                        Clusters = s.Clusters.Length,
                        IsShown = explained.IsShown(s),
                    }),
            }),
        };
        Files.WriteText(Path.Combine(plan.Folder, Name), JsonSerializer.Serialize(file, Json.Options) + "\n");
    }
}
