using System.Globalization;

namespace Assay.Studies;

/// <summary>Reads the features out of a dictionary file.</summary>
internal static class DictionaryReader
{
    public static FeatureDictionary Read(YamlMap root, string path, string hash)
    {
        var schema = root.Integer("schema") ?? 1;
        if (schema != 1)
            throw root.ErrorAt("schema", $"schema {schema} is not known here; this version reads schema 1");
        var features = root.Maps("features").Select(Entry).ToArray();
        if (features.Length == 0)
            throw root.Error("the dictionary names no features; list them under 'features'");
        var twice = features.GroupBy(f => f.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw root.ErrorAt("features", $"feature '{twice.Key}' is listed twice");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        var vocabularies = root.Text("vocabularies") is { } file ? Path.Combine(folder, file) : null;
        return new FeatureDictionary(path, features, Groups(root, features), vocabularies, hash);
    }

    private static FeatureEntry Entry(YamlMap map)
    {
        var name = map.RequiredText("feature");
        map = map.Named($"feature '{name}'");
        map.Text("feature");
        var columns = map.Integers("columns");
        if (map.Integer("column", 0) is { } column)
            columns = columns is null ? [column] : throw map.ErrorAt("column", "give 'column' or 'columns', not both");
        var (missing, value) = Missing(map);
        var entry = new FeatureEntry
        {
            Name = name,
            Kind = Enum.Parse<FeatureKind>(
                map.Choice("kind", "categorical", "numeric", "sequence", "bag")
                    ?? throw map.Error("'kind' is missing; add categorical, numeric, sequence or bag"),
                ignoreCase: true
            ),
            Input = map.RequiredText("input"),
            Columns = columns,
            Length = map.Integer("length", 1),
            Order = map.Text("order"),
            Group = map.Text("group"),
            DisplayName = map.Text("display_name"),
            Owner = map.Text("owner"),
            IsSensitive = map.Choice("sensitive", "true", "false") == "true",
            Description = map.Text("description"),
            Source = map.Text("source") ?? name,
            Vocabulary = map.Text("dictionary"),
            VocabularySize = map.Integer("vocabulary_size", 1),
            PaddingId = map.Integer("padding_id", 0),
            OovId = map.Integer("oov_id", 0),
            AblationId = map.Integer("ablation_id", 0),
            AblationValue = map.Number("ablation_value"),
            TrainingMean = map.Number("training_mean"),
            Missing = missing,
            MissingValue = value,
        };
        // Read by other tools or only informative; named so that a misspelt field is still noticed.
        foreach (var other in (string[])["normalisation", "training_std", "training_min", "training_max"])
            map.Has(other);
        map.Has("embedding_initializers");
        map.Has("shares_its_embedding_with");
        map.RejectOthers();
        Check(map, entry);
        return entry;
    }

    private static (MissingRule, double) Missing(YamlMap map)
    {
        var text = map.Text("missing");
        return text switch
        {
            null or "error" => (MissingRule.Error, 0),
            "oov" => (MissingRule.Oov, 0),
            "padding" or "empty" => (MissingRule.Padding, 0),
            "mean" => (MissingRule.Mean, 0),
            "zero" => (MissingRule.Value, 0),
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v)
                    && double.IsFinite(v) => (MissingRule.Value, v),
            _ => throw map.ErrorAt(
                "missing",
                $"'missing' must be error, oov, padding, mean, zero or a number, not '{text}'"
            ),
        };
    }

    private static void Check(YamlMap map, FeatureEntry entry)
    {
        if (entry.Columns is { Count: 0 })
            throw map.ErrorAt("columns", "'columns' is empty");
        if (entry.Columns?.FirstOrDefault(c => c < 0) is < 0)
            throw map.ErrorAt("columns", "'columns' must not be negative");
        if (entry.Kind == FeatureKind.Categorical && entry.Columns is { Count: > 1 })
            throw map.ErrorAt("columns", "a categorical feature has one column; use kind sequence or bag for several");
        if (entry.Length is { } length && entry.Columns is { } columns && columns.Count != length)
            throw map.ErrorAt("length", $"'length' is {length} but {columns.Count} columns are listed");
        if (entry.Missing == MissingRule.Oov && entry.OovId is null)
            throw map.ErrorAt("missing", "'missing: oov' needs an 'oov_id'");
        if (entry.Missing == MissingRule.Mean && entry.TrainingMean is null)
            throw map.ErrorAt("missing", "'missing: mean' needs a 'training_mean'");
        if (entry.Missing == MissingRule.Padding && entry is { HasIds: true, PaddingId: null })
            throw map.ErrorAt("missing", "'missing: padding' needs a 'padding_id'");
        if (entry.Kind is FeatureKind.Sequence or FeatureKind.Bag && entry.PaddingId is null)
            throw map.Error("a list of ids needs a 'padding_id' to fill it up to its length");
        foreach (var key in (string[])["padding_id", "oov_id", "ablation_id"])
            if (map.Integer(key) is { } id && entry.VocabularySize is { } size && id >= size)
                throw map.ErrorAt(key, $"'{key}' {id} is outside the vocabulary of {size} ids");
    }

    private static Dictionary<string, IReadOnlyList<string>> Groups(YamlMap root, FeatureEntry[] features)
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var group in features.Where(f => f.Group is not null).GroupBy(f => f.Group!))
            groups[group.Key] = [.. group.Select(f => f.Name)];
        if (root.Map("groups") is not { } declared)
            return groups;
        foreach (var name in declared.Keys)
        {
            var members = declared.Texts(name) ?? [];
            foreach (var member in members)
                if (!features.Any(f => f.Name == member))
                    throw declared.ErrorAt(
                        name,
                        $"group '{name}' names the unknown feature '{member}'.{Nearest.Hint(member, features.Select(f => f.Name))}"
                    );
            groups[name] = members;
        }
        return groups;
    }
}
