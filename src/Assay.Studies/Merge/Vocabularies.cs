using System.Globalization;
using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Texts of ids: a JSON file that maps a vocabulary's name to its labels (a list, or an object with "labels").</summary>
internal sealed class Vocabularies
{
    private readonly Dictionary<string, string[]> labels = [];
    private readonly FeatureDictionary dictionary;

    public Vocabularies(string? path, FeatureDictionary dictionary)
    {
        this.dictionary = dictionary;
        if (path is null)
            return;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                var list =
                    entry.Value.ValueKind == JsonValueKind.Object ? entry.Value.GetProperty("labels") : entry.Value;
                labels[entry.Name] = [.. list.EnumerateArray().Select(l => l.ToString())];
            }
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or IOException
                        or UnauthorizedAccessException
                        or InvalidOperationException
                        or KeyNotFoundException
            )
        {
            throw AssayException.Input($"The vocabularies '{path}' cannot be read: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>From a segment's value to its text: labels where the segment is the column of a feature with a vocabulary.</summary>
    public Func<string, string> Labeller(SegmentDefinition segment)
    {
        var feature =
            segment.Kind == SegmentKind.Column || segment.Period?.Part == "value"
                ? dictionary.Features.FirstOrDefault(f => f.Source == segment.Column)
                : null;
        if (feature is not { HasIds: true } || !labels.TryGetValue(feature.Vocabulary ?? feature.Name, out var texts))
            return value => value;
        return value =>
            int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < texts.Length
                ? texts[id]
                : value;
    }
}
