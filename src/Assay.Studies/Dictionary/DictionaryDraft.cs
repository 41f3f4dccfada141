using Assay.Gradients;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// Guesses a dictionary from a model's inputs: an input with one value per row becomes a feature of its name; the
/// columns of a packed input become features named after the data column that the name of their lookup table contains,
/// else <c>input[k]</c>. Vocabulary sizes are those of the tables.
/// </summary>
internal static class DictionaryDraft
{
    public static FeatureDictionary Make(OnnxModel model, DataSource? data)
    {
        var features = new List<FeatureEntry>();
        var columns = data is null ? [] : Columns(data);
        var tables = LookupTables.Find(model);
        foreach (var info in model.Graph.Inputs)
        {
            var dims = (info.Shape() ?? [null]).Skip(1).ToArray();
            var ids = ElementTypes.IsInteger(info.ElementType());
            var width = dims.Aggregate(1L, (a, d) => a * (d ?? 0));
            LookupTable? Table(int k) => tables.GetValueOrDefault(new InputElement(info.Name, k));
            if (width == 1)
                features.Add(Sized(One(info.Name, info.Name, null, ids, Match(info.Name, columns)), Table(0)));
            else if (ids && columns.TryGetValue(info.Name, out var type) && type.EndsWith(']') || width == 0)
                features.Add(Sized(Many(info.Name, width, ids), Table(0)));
            else
                for (var k = 0; k < width; k++)
                {
                    var name = Named(Table(k), columns.Keys, features) ?? $"{info.Name}[{k}]";
                    features.Add(Sized(One(name, info.Name, k, ids, null), Table(k)));
                }
        }
        return new FeatureDictionary("draft", features, new Dictionary<string, IReadOnlyList<string>>(), null, "");
    }

    private static FeatureEntry Sized(FeatureEntry entry, LookupTable? table) =>
        table is { IsDirect: true } && entry.HasIds ? entry with { VocabularySize = table.Rows } : entry;

    // "emb.product_type.weight" names the column product_type; of several the longest counts, and none twice.
    private static string? Named(LookupTable? table, IEnumerable<string> columns, List<FeatureEntry> taken) =>
        table is null
            ? null
            : columns
                .Where(c => table.Name.Split('.', '/').Contains(c) && !taken.Any(f => f.Name == c))
                .OrderByDescending(c => c.Length)
                .FirstOrDefault();

    private static FeatureEntry One(string name, string input, int? column, bool ids, string? source) =>
        new()
        {
            Name = name,
            Kind = ids ? FeatureKind.Categorical : FeatureKind.Numeric,
            Input = input,
            Columns = column is { } c ? [c] : null,
            Source = source ?? name,
        };

    private static FeatureEntry Many(string name, long width, bool ids) =>
        new()
        {
            Name = name,
            Kind = ids ? FeatureKind.Sequence : FeatureKind.Numeric,
            Input = name,
            Length = width > 0 ? (int)width : null,
            PaddingId = ids ? 0 : null,
            Source = name,
        };

    private static string? Match(string name, Dictionary<string, string> columns) =>
        columns.Keys.FirstOrDefault(c => c.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? columns.Keys.FirstOrDefault(c => Plain(c) == Plain(name));

    private static string Plain(string name) =>
        new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static Dictionary<string, string> Columns(DataSource data)
    {
        using var duck = Duck.Open(data.Folder);
        var table = new DataTable(duck, data);
        return table.Columns.ToDictionary(c => c, c => table.Type(c, "draft"), StringComparer.OrdinalIgnoreCase);
    }
}
