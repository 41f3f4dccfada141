using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Attribution.Interactions;
using Assay.Cli.Output;

namespace Assay.Cli.Interactions;

/// <summary>One document, or one object a line; what is not known is null.</summary>
internal sealed class InteractionsJson(InteractionsRequest request, InteractionExplainer explainer, Terminal terminal)
    : InteractionsWriter(request, explainer, terminal)
{
    private bool IsLines => Request.Format == InteractionsFormat.Jsonl;

    public override void Write(InteractionRanking ranking) =>
        To(to =>
        {
            if (IsLines)
            {
                foreach (var found in ranking.Interactions.Take(Request.Top))
                    to.Out.Write(Text(json => Write(json, found)));
                return;
            }
            to.Out.Write(Text(json => Write(json, ranking)));
        });

    public override void Write(RowInteractions rows, long[] numbers) =>
        To(to =>
        {
            for (var r = 0; r < rows.Rows; r++)
            {
                var row = r;
                to.Out.Write(Text(json => Write(json, rows, row, numbers[row])));
            }
        });

    private void Write(Utf8JsonWriter json, InteractionRanking ranking)
    {
        json.WriteStartObject();
        json.WriteStartObject("pedigree");
        foreach (var (name, value) in PedigreeOf())
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteString("estimand", ranking.Estimand);
        json.WriteNumber("rows", ranking.Rows);
        json.WriteNumber("clusters", ranking.Clusters);
        json.WriteNumber("evaluations", ranking.Evaluations);
        json.WriteString("null_hypothesis", ranking.Test);
        json.WriteStartArray("interactions");
        foreach (var found in ranking.Interactions.Take(Request.Top))
            Write(json, found);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, RankedInteraction found)
    {
        json.WriteStartObject();
        WriteNames(json, found.Players);
        Number(json, "value", found.Value);
        Number(json, "standard_error", found.StandardError);
        Number(json, "low", found.Interval.Low);
        Number(json, "high", found.Interval.High);
        Number(json, "mean", found.Mean);
        Number(json, "share", found.Share);
        Number(json, "p", found.PValue);
        Number(json, "p_adjusted", found.PAdjusted);
        json.WriteBoolean("discovered", found.Discovered);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, RowInteractions rows, int r, long number)
    {
        var width = rows.Sets.Count;
        json.WriteStartObject();
        json.WriteNumber("row", number);
        Number(json, "target", rows.Target[r]);
        Number(json, "baseline_target", rows.BaselineTarget[r]);
        Number(json, "completeness_gap", rows.CompletenessGap?[r] ?? double.NaN);
        if (rows.Evaluations is { } evaluations)
            json.WriteNumber("evaluations", evaluations[r]);
        json.WriteStartArray("interactions");
        foreach (
            var s in Enumerable
                .Range(0, width)
                .OrderByDescending(s => Math.Abs(rows.Values[r * width + s]))
                .Take(Request.Top)
        )
        {
            json.WriteStartObject();
            WriteNames(json, rows.Sets[s]);
            Number(json, "value", rows.Values[r * width + s]);
            if (rows.StandardErrors is { } errors)
                Number(json, "standard_error", errors[r * width + s]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteNames(Utf8JsonWriter json, IReadOnlyList<int> set)
    {
        json.WriteStartArray("features");
        foreach (var name in Names(set))
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private string Text(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = !IsLines,
        };
        using (var json = new Utf8JsonWriter(buffer, options))
            write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    private Dictionary<string, string> PedigreeOf()
    {
        var (s, e) = (Request.Settings, Request.Settings.Explain);
        string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
        return new()
        {
            ["method"] = e.Method,
            ["order"] = Text(s.Order),
            ["index"] = s.Index,
            ["head"] = Explainer.Head,
            ["space"] = e.Space.ToString().ToLowerInvariant(),
            ["at"] = e.At.ToString().ToLowerInvariant(),
            ["baseline"] = s.AgainstRows && !Explainer.Method.PerRow ? "rows" : Request.Baseline,
            ["background"] = Request.Background ?? "",
            ["budget"] = Text(e.Budget),
            ["seed"] = Text(e.Seed),
            ["level"] = Text(s.Level),
            ["least_share"] = Text(s.LeastShare),
            ["sharpness"] = Text(s.Sharpness),
            ["precision"] = e.Float64 ? "float64" : "float32",
            ["cluster"] = Request.Cluster ?? "",
            ["model"] = Path.GetFileName(Request.Model),
            ["model_sha256"] = Pedigree.Hash(Request.Model),
            ["software"] = $"assay {Pedigree.Version}",
        };
    }
}
