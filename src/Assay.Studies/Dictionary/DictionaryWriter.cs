using System.Globalization;
using System.Text;

namespace Assay.Studies;

/// <summary>Writes a dictionary as YAML.</summary>
internal static class DictionaryWriter
{
    public static string Write(FeatureDictionary dictionary)
    {
        var text = new StringBuilder("schema: 1\n");
        if (dictionary.VocabularyFile is { } file)
            text.Append("vocabularies: ").Append(Quote(file)).Append('\n');
        text.Append("features:\n");
        foreach (var f in dictionary.Features)
        {
            text.Append("  - feature: ").Append(Quote(f.Name)).Append('\n');
            Line(text, "kind", f.Kind.ToString().ToLowerInvariant());
            Line(text, "group", f.Group);
            Line(text, "input", f.Input);
            if (f.Columns is { Count: 1 } one)
                Line(text, "column", one[0].ToString(CultureInfo.InvariantCulture));
            else if (f.Columns is { } many)
                text.Append("    columns: [").Append(string.Join(", ", many)).Append("]\n");
            Line(text, "length", Number(f.Length));
            Line(text, "order", f.Order);
            if (f.Source != f.Name)
                Line(text, "source", f.Source);
            Line(text, "dictionary", f.Vocabulary);
            Line(text, "vocabulary_size", Number(f.VocabularySize));
            Line(text, "padding_id", Number(f.PaddingId));
            Line(text, "oov_id", Number(f.OovId));
            Line(text, "ablation_id", Number(f.AblationId));
            Line(text, "ablation_value", Number(f.AblationValue));
            Line(text, "training_mean", Number(f.TrainingMean));
            Line(text, "missing", Missing(f));
            Line(text, "display_name", f.DisplayName);
            Line(text, "owner", f.Owner);
            Line(text, "sensitive", f.IsSensitive ? "true" : null);
            Line(text, "description", f.Description);
        }
        return text.ToString();
    }

    private static string? Missing(FeatureEntry f) =>
        f.Missing switch
        {
            MissingRule.Error => null,
            MissingRule.Value => Number(f.MissingValue),
            var rule => rule.ToString().ToLowerInvariant(),
        };

    private static string? Number(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string key, string? value)
    {
        if (value is not null)
            text.Append("    ").Append(key).Append(": ").Append(Quote(value)).Append('\n');
    }

    // Plain where YAML reads it back as the same text, double-quoted otherwise.
    private static string Quote(string value) =>
        value.Length > 0
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '+')
        && value is not ("null" or "~")
            ? value
            : "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\"";
}
