using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Surrogates;

/// <summary>A surrogate as one JSON object; what is not known, and the bound of a last step, is null.</summary>
internal static class SurrogateJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        MaxDepth = 2048,
    };

    public static string Of(SurrogateRequest request, string head, Surrogate surrogate)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, request, head, surrogate);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, SurrogateRequest request, string head, Surrogate surrogate)
    {
        json.WriteStartObject();
        json.WriteString("model", Path.GetFileName(request.Model));
        json.WriteString("model_sha256", Pedigree.Hash(request.Model));
        json.WriteString("head", head);
        json.WriteString("space", request.Space.ToString().ToLowerInvariant());
        json.WriteString("kind", surrogate.Kind.ToString().ToLowerInvariant());
        json.WriteNumber("seed", request.Settings.Seed);
        json.WriteString("software", $"assay {Pedigree.Version}");
        json.WriteNumber("fitted_rows", surrogate.FittedRows);
        json.WritePropertyName("fidelity");
        Fidelity(json, surrogate.Fidelity);
        json.WriteStartArray("segments");
        foreach (var segment in surrogate.Segments)
            Fidelity(json, segment);
        json.WriteEndArray();
        if (surrogate.Tree is { } root)
        {
            json.WritePropertyName("tree");
            Node(json, root);
        }
        else
        {
            json.WriteNumber("intercept", surrogate.Intercept);
            json.WriteStartArray("shapes");
            foreach (var shape in surrogate.Shapes)
                Shape(json, shape);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Fidelity(Utf8JsonWriter json, SurrogateFidelity fidelity)
    {
        json.WriteStartObject();
        if (fidelity.Segment is { } segment)
            json.WriteString("segment", segment);
        json.WriteNumber("rows", fidelity.Rows);
        Number(json, "r2", fidelity.RSquared);
        Number(json, "rank_correlation", fidelity.RankCorrelation);
        if (fidelity.IsFaithful is { } faithful)
            json.WriteBoolean("faithful", faithful);
        else
            json.WriteNull("faithful");
        json.WriteEndObject();
    }

    private static void Node(Utf8JsonWriter json, TreeNode node)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", node.Rows);
        json.WriteNumber("value", node.Value);
        if (node is { Split: { } rule, Yes: { } yes, No: { } no })
        {
            json.WriteString("feature", rule.Feature);
            json.WriteString("column", rule.Column);
            if (rule.Threshold is { } threshold)
                json.WriteNumber("at_most", threshold);
            if (rule.Ids is { } ids)
            {
                json.WriteStartArray("ids");
                foreach (var id in ids)
                    json.WriteNumberValue(id);
                json.WriteEndArray();
            }
            json.WritePropertyName("yes");
            Node(json, yes);
            json.WritePropertyName("no");
            Node(json, no);
        }
        json.WriteEndObject();
    }

    private static void Shape(Utf8JsonWriter json, ShapeFunction shape)
    {
        json.WriteStartObject();
        json.WriteString("feature", shape.Feature);
        json.WriteString("column", shape.Column);
        json.WriteNumber("importance", shape.Importance);
        json.WriteStartArray(shape.Ids.Count > 0 ? "ids" : "steps");
        foreach (var (upTo, effect) in shape.Points)
        {
            json.WriteStartObject();
            Number(json, "up_to", upTo);
            json.WriteNumber("effect", effect);
            json.WriteEndObject();
        }
        foreach (var (id, rows, effect) in shape.Ids)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteNumber("rows", rows);
            json.WriteNumber("effect", effect);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
