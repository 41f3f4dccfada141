using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Attribution;

namespace Assay.Cli.Output;

/// <summary>One JSON object a line; numbers are the shortest that read back as the same double.</summary>
internal sealed class JsonlWriter(IReadOnlyList<string> features, OutputFile? file, Terminal terminal)
    : AttributionWriter(features)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Finish() => file?.Finish();

    public override void Dispose() => file?.Dispose();

    protected override void WritePart(long first, Explanation explanation)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, Options);
        for (var r = 0; r < explanation.Rows; r++)
        {
            WriteRow(json, first, explanation, r);
            json.Flush();
            json.Reset();
            buffer.WriteByte((byte)'\n');
        }
        if (file is null)
            terminal.Out.Write(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        else
            file.Write(() => buffer.WriteTo(file.Stream));
    }

    private void WriteRow(Utf8JsonWriter json, long first, Explanation explanation, int r)
    {
        json.WriteStartObject();
        json.WriteNumber("row", first + r);
        json.WriteNumber("target", explanation.Target[r]);
        json.WriteNumber("baseline_target", explanation.BaselineTarget[r]);
        if (explanation.CompletenessGap is { } gap)
            json.WriteNumber("completeness_gap", gap[r]);
        else
            json.WriteNull("completeness_gap");
        if (explanation is { Steps: { } steps, EstimatedError: { } errors })
        {
            json.WriteNumber("steps", steps[r]);
            json.WriteNumber("estimated_error", errors[r]);
        }
        if (explanation.Evaluations is { } evaluations)
            json.WriteNumber("evaluations", evaluations[r]);
        if (explanation.Fidelity is { } fidelity)
            if (double.IsNaN(fidelity[r]))
                json.WriteNull("fidelity");
            else
                json.WriteNumber("fidelity", fidelity[r]);
        WriteFeatures(json, "attributions", explanation.Attributions, r);
        if (explanation.StandardErrors is { } standardErrors)
            WriteFeatures(json, "standard_errors", standardErrors, r);
        if (Sequences is { } sequences)
            SequenceJson.Write(json, sequences[r]);
        json.WriteEndObject();
    }

    // What is not known is null, which JSON has instead of NaN.
    private void WriteFeatures(Utf8JsonWriter json, string name, double[] values, int r)
    {
        json.WriteStartObject(name);
        for (var f = 0; f < Features.Count; f++)
            if (double.IsNaN(values[r * Features.Count + f]))
                json.WriteNull(Features[f]);
            else
                json.WriteNumber(Features[f], values[r * Features.Count + f]);
        json.WriteEndObject();
    }
}
