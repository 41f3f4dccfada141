using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Attribution.Counterfactuals;
using Assay.Cli.Output;

namespace Assay.Cli.Counterfactual;

/// <summary>One JSON object a row.</summary>
internal sealed class CounterfactualJson(OutputFile? file, Terminal terminal) : CounterfactualWriter(file, terminal)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write(CounterfactualRow row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, row);
        Emit(System.Text.Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    private static void Write(Utf8JsonWriter json, CounterfactualRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("row", row.Row);
        json.WriteString("status", Name(row.Status));
        json.WriteNumber("score", row.Score);
        json.WriteNumber("candidates", row.Candidates);
        Optional(json, "rank", row.Rank);
        json.WriteNumber("players", row.Players.Count);
        Optional(json, "margin", row.Margin);
        if (row.Removed is { } removed)
            WriteSet(json, "removed", row, removed);
        if (row.Status == CounterfactualStatus.Found)
        {
            Optional(json, "rank_without", row.RankWithout);
            json.WriteBoolean("sufficient_alone", row.IsSufficientAlone!.Value);
        }
        if (row.Measured is { } measured)
        {
            json.WriteNumber("necessity", measured.Necessity);
            json.WriteNumber("sufficiency", measured.Sufficiency);
            json.WriteNumber("references", measured.References);
        }
        if (row.Kept is { } kept)
            WriteSet(json, "kept", row, kept);
        json.WriteNumber("evaluations", row.Evaluations);
        json.WriteEndObject();
    }

    public static string Name(CounterfactualStatus status) =>
        status switch
        {
            CounterfactualStatus.Found => "found",
            CounterfactualStatus.NotFound => "not-found",
            CounterfactualStatus.Out => "out",
            CounterfactualStatus.AlwaysIn => "always-in",
            _ => "nothing-to-remove",
        };

    private static void WriteSet(Utf8JsonWriter json, string name, CounterfactualRow row, FoundSet set)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("found", set.IsFound);
        if (set.IsFound)
        {
            json.WriteNumber("size", set.Players.Count);
            json.WriteStartArray("set");
            foreach (var player in set.Players)
                WritePlayer(json, row.Players[player]);
            json.WriteEndArray();
            json.WriteNumber("margin", set.Margin);
            json.WriteBoolean("minimum", set.IsMinimum);
            Optional(json, "alternatives", set.Alternatives);
        }
        json.WriteNumber("all_tried_up_to", set.TriedSize);
        json.WriteBoolean("budget_spent", set.BudgetIsSpent);
        json.WriteEndObject();
    }

    private static void WritePlayer(Utf8JsonWriter json, Removable player)
    {
        json.WriteStartObject();
        json.WriteString("feature", player.Feature);
        if (player.Id is { } id)
        {
            json.WriteNumber("id", id);
            json.WriteStartArray("positions");
            foreach (var position in player.Positions)
                json.WriteNumberValue(position);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
