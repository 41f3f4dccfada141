using System.Globalization;
using System.Text;

namespace Assay.Worlds.Models;

/// <summary>Writes the feature dictionary of a world's model.</summary>
internal static class DictionaryText
{
    public static string Write(Normalisation scale, string? vocabularies)
    {
        var text = new StringBuilder("schema: 1\n");
        if (vocabularies is not null)
            text.Append(CultureInfo.InvariantCulture, $"vocabularies: {vocabularies}\n");
        text.Append("features:\n");
        foreach (var feature in WorldFeatures.All)
        {
            Line(text, "- feature", feature.Name);
            Line(text, "  kind", feature.Kind.ToString().ToLowerInvariant());
            Line(text, "  group", feature.Group);
            Line(text, "  display_name", feature.Name.Replace('_', ' '));
            Line(text, "  description", $"\"{feature.Description.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
            Line(text, "  owner", "simulation");
            switch (feature.Kind)
            {
                case FeatureKind.Numeric:
                    Number(text, feature, scale);
                    break;
                case FeatureKind.Categorical:
                    Place(text, ModelLayout.Ids, ModelLayout.Categorical, feature);
                    Ids(text, feature, ablation: 1);
                    break;
                default:
                    Line(text, "  input", ModelLayout.History);
                    Line(text, "  columns", $"[{string.Join(", ", Enumerable.Range(0, feature.Width))}]");
                    Line(text, "  length", feature.Width);
                    Line(text, "  order", "oldest first, padded on the left");
                    Ids(text, feature, ablation: 0);
                    break;
            }
        }
        return text.ToString();
    }

    private static void Number(StringBuilder text, WorldFeature feature, Normalisation scale)
    {
        var column = Place(text, ModelLayout.Dense, ModelLayout.Numeric, feature);
        Line(text, "  normalisation", "");
        Line(text, "    inside_the_graph", "true");
        Line(text, "    formula", feature.Logarithmic ? "\"(log1p(x) - mean) / std\"" : "\"(x - mean) / std\"");
        Line(text, "    mean", scale.Mean[column]);
        Line(text, "    std", scale.Spread[column]);
        Line(text, "  training_mean", scale.RawMean[column]);
        Line(text, "  ablation_value", scale.RawMean[column]);
        if (feature.MissingValue is { } missing)
            Line(text, "  missing", missing);
    }

    private static void Ids(StringBuilder text, WorldFeature feature, int ablation)
    {
        Line(text, "  dictionary", feature.Name);
        Line(text, "  vocabulary_size", feature.VocabularySize);
        Line(text, "  padding_id", 0);
        Line(text, "  oov_id", 1);
        Line(text, "  ablation_id", ablation);
        Line(
            text,
            "  embedding_initializers",
            $"[{ModelLayout.Embedding(feature)}, {ModelLayout.FirstOrder(feature)}]"
        );
    }

    private static int Place(
        StringBuilder text,
        string input,
        IReadOnlyList<WorldFeature> columns,
        WorldFeature feature
    )
    {
        var column = columns.Select(c => c.Name).ToList().IndexOf(feature.Name);
        Line(text, "  input", input);
        Line(text, "  column", column);
        return column;
    }

    private static void Line(StringBuilder text, string key, object value) =>
        text.Append(string.Create(CultureInfo.InvariantCulture, $"  {key}: {value}").TrimEnd()).Append('\n');
}
