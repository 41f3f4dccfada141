using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Attribution.Effects;
using Assay.Cli.Output;

namespace Assay.Cli.Effects;

/// <summary>Effects as one JSON document; what is not known is null.</summary>
internal static class EffectsJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
    };

    public static void Write(TextWriter to, EffectsRequest request, string head, IReadOnlyList<FeatureEffect> effects)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            Pedigree(json, request, head);
            json.WriteStartArray("features");
            foreach (var axis in effects[0].Axes)
                Axis(json, axis);
            json.WriteEndArray();
            json.WriteStartArray("effects");
            foreach (var effect in effects)
                Effect(json, effect);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        to.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n");
    }

    private static void Pedigree(Utf8JsonWriter json, EffectsRequest request, string head)
    {
        json.WriteStartObject("pedigree");
        json.WriteString("kind", request.Settings.Kind.ToString().ToLowerInvariant());
        json.WriteString("head", head);
        json.WriteString("space", request.Space.ToString().ToLowerInvariant());
        json.WriteString("segment", request.Segment);
        json.WriteString("cluster", request.Cluster);
        json.WriteNumber("confidence", request.Settings.Confidence);
        json.WriteNumber("seed", request.Settings.Seed);
        json.WriteString("model", Path.GetFileName(request.Model));
        json.WriteString("model_sha256", Output.Pedigree.Hash(request.Model));
        json.WriteString("software", $"assay {Output.Pedigree.Version}");
        json.WriteEndObject();
    }

    // The positions that all effects share.
    private static void Axis(Utf8JsonWriter json, EffectAxis axis)
    {
        json.WriteStartObject();
        json.WriteString("name", axis.Feature);
        json.WriteStartArray("positions");
        foreach (var position in axis.Positions)
            if (axis.IsNumeric)
                json.WriteNumberValue(position.Number);
            else
                json.WriteStringValue(position.Label);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Effect(Utf8JsonWriter json, FeatureEffect effect)
    {
        json.WriteStartObject();
        json.WriteString("segment", effect.Segment);
        json.WriteNumber("rows", effect.Rows);
        json.WriteNumber("clusters", effect.Clusters);
        json.WriteNumber("evaluations", effect.Evaluations);
        json.WriteNumber("mean", effect.Mean);
        Numbers(json, "values", effect.Values);
        Numbers(json, "standard_errors", effect.StandardErrors);
        Numbers(json, "low", effect.Intervals.Select(i => i.Low));
        Numbers(json, "high", effect.Intervals.Select(i => i.High));
        Numbers(json, "density", effect.Density.Select(d => (double)d));
        if (effect.Curves is { } curves)
        {
            json.WriteStartArray("curves");
            foreach (var curve in curves)
            {
                json.WriteStartObject();
                json.WriteNumber("row", curve.Row);
                Numbers(json, "values", curve.Values);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            if (double.IsFinite(value))
                json.WriteNumberValue(value);
            else
                json.WriteNullValue();
        json.WriteEndArray();
    }
}
