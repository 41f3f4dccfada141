using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Attribution.Judging;
using Assay.Cli.Output;

namespace Assay.Cli.Judging;

/// <summary>The judge's tables as one JSON object; what is not known is null.</summary>
internal static class JudgementJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
    };

    public static string Of(EvaluateRequest request, Judgement judgement)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, request, judgement);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, EvaluateRequest request, Judgement judgement)
    {
        var explain = request.Settings.Explain;
        json.WriteStartObject();
        json.WriteString("model", Path.GetFileName(request.Model));
        json.WriteString("model_sha256", Pedigree.Hash(request.Model));
        json.WriteString("space", explain.Space.ToString().ToLowerInvariant());
        json.WriteString("at", explain.At.ToString().ToLowerInvariant());
        json.WriteString("baseline", request.Baseline);
        json.WriteNumber("seed", explain.Seed);
        json.WriteString("software", $"assay {Pedigree.Version}");
        json.WriteNumber("rows", judgement.Rows);
        json.WriteNumber("features", judgement.Features);
        json.WriteNumber("top", judgement.Top);
        Strings(json, "not_counted", judgement.LeftOut);
        Strings(json, "random_layers", judgement.Layers);
        json.WriteStartArray("methods");
        foreach (var method in judgement.Methods)
            Write(json, method);
        json.WriteEndArray();
        json.WriteStartArray("agreement");
        foreach (var pair in judgement.Pairs)
            Write(json, pair);
        json.WriteEndArray();
        json.WriteStartArray("not_judged");
        foreach (var skipped in judgement.Skipped)
        {
            json.WriteStartObject();
            json.WriteString("method", skipped.Id);
            json.WriteString("reason", skipped.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JudgedMethod method)
    {
        json.WriteStartObject();
        json.WriteString("method", method.Id);
        Number(json, "score", method.Score);
        json.WriteStartObject("measures");
        foreach (var measure in Measure.All)
            Mean(json, measure.Id, method.Measures[measure.Id]);
        json.WriteEndObject();
        json.WriteStartArray("random_weights");
        foreach (var stage in method.Cascade)
            Mean(json, null, stage);
        json.WriteEndArray();
        if (method.Falls is { } falls)
            json.WriteBoolean("falls", falls);
        else
            json.WriteNull("falls");
        Number(json, "milliseconds_per_row", method.MillisecondsPerRow);
        Number(json, "evaluations_per_row", method.EvaluationsPerRow);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PairAgreement pair)
    {
        json.WriteStartObject();
        json.WriteString("first", pair.First);
        json.WriteString("second", pair.Second);
        Mean(json, "feature", pair.Feature);
        Mean(json, "rank", pair.Rank);
        Mean(json, "sign", pair.Sign);
        Mean(json, "signed_rank", pair.SignedRank);
        Mean(json, "rank_correlation", pair.RankCorrelation);
        Mean(json, "pairwise_rank", pair.PairwiseRank);
        json.WriteEndObject();
    }

    private static void Mean(Utf8JsonWriter json, string? name, RowMean mean)
    {
        if (name is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(name);
        Number(json, "mean", mean.Value);
        Number(json, "standard_error", mean.StandardError);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
