using System.Text.Json;
using Assay.Attribution.Sequences;

namespace Assay.Cli.Output;

/// <summary>What the positions of sequences sum to, as a property "sequences" of a row.</summary>
internal static class SequenceJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<SequenceAttribution> sequences)
    {
        json.WriteStartObject("sequences");
        foreach (var sequence in sequences)
        {
            json.WriteStartObject(sequence.Feature);
            json.WriteNumber("attribution", sequence.Total);
            json.WriteNumber("empty", sequence.Empty);
            if (sequence is { ShortTerm: { } recent, LongTerm: { } older })
            {
                json.WriteNumber("short_term", recent);
                json.WriteNumber("long_term", older);
                if (sequence.ShortTermShare is { } share)
                    json.WriteNumber("short_term_share", share);
                else
                    json.WriteNull("short_term_share");
            }
            json.WriteStartArray("items");
            foreach (var item in sequence.Items)
            {
                json.WriteStartObject();
                json.WriteNumber("id", item.Id);
                json.WriteStartArray("positions");
                foreach (var position in item.Positions)
                    json.WriteNumberValue(position);
                json.WriteEndArray();
                json.WriteNumber("attribution", item.Attribution);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
