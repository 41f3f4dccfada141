using System.Text.Json;

namespace Assay.Server;

/// <summary>How much of a group's attribution passes a layer.</summary>
internal sealed record GroupShare(string Group, Num Share);

/// <summary>One layer of the flow.</summary>
internal sealed record LayerFlow(string Layer, string Title, string Kind, int Units, IReadOnlyList<GroupShare> Groups);

/// <summary>What can be read from a layer: the label, or a feature.</summary>
internal sealed record ProbeLine(string Layer, string Target, Num Score, Num? Control);

/// <summary>What it means.</summary>
internal sealed record DiagnosisLine(string Layer, string Says, string Severity, string Kind);

/// <summary>Where in the depth of the model features matter.</summary>
internal sealed record LayersDocument(
    string Sentence,
    IReadOnlyList<LayerFlow> Flow,
    IReadOnlyList<ProbeLine> Probes,
    IReadOnlyList<DiagnosisLine> Diagnoses,
    Truncated? Truncated
);

/// <summary>Flow of feature groups through the depth, probes, diagnoses: from layers.json.</summary>
internal static class LayersView
{
    private const int MostProbes = 400;
    private const string Ask =
        "This study did not look into layers; add 'layers: true' to study.yaml and run it again.";

    public static LayersDocument Of(RunFolder run)
    {
        var file = run.Layers;
        var layers = file.Each("layers").ToArray();
        if (layers.Length == 0)
            return new(
                file.ValueKind == JsonValueKind.Undefined
                    ? Ask
                    : file.Text("reason") ?? "The model has no layers to look into.",
                [],
                [],
                [],
                null
            );
        var probes = Probes(run, file, layers).ToArray();
        DiagnosisLine[] diagnoses =
        [
            .. file.Each("diagnoses")
                .Select(d => new DiagnosisLine(
                    d.Text("display_name") ?? d.Text("subject") ?? "",
                    d.Text("text") ?? "",
                    d.Text("severity") ?? "note",
                    d.Text("kind") ?? ""
                )),
        ];
        return new(
            Sentence(layers, diagnoses),
            [.. layers.Select(Flow)],
            probes[..Math.Min(probes.Length, MostProbes)],
            diagnoses,
            probes.Length > MostProbes ? new(MostProbes, probes.Length, "") : null
        );
    }

    private static LayerFlow Flow(JsonElement layer) =>
        new(
            layer.Text("value") ?? "",
            Title(layer),
            layer.Text("kind") ?? "",
            layer.Whole("units"),
            [
                .. layer
                    .Each("through")
                    .Select(t => new GroupShare(
                        t.Text("group") ?? "",
                        new(Rounding.Of(t.Number("share")), null, null)
                    )),
            ]
        );

    private static IEnumerable<ProbeLine> Probes(RunFolder run, JsonElement file, JsonElement[] layers)
    {
        foreach (var layer in layers)
            if (NumOf(layer.At("label_auc")) is { } auc)
                yield return new(Title(layer), "The label", auc, Just(layer.Number("control_auc")));
        foreach (var feature in file.Each("features").OrderByDescending(f => f.Number("use") ?? 0))
        {
            var title = feature.Text("display_name") ?? run.Names.Title(feature.Text("name") ?? "");
            var known = feature.Each("known").ToArray();
            var control = feature.Each("control").ToArray();
            for (var l = 0; l < Math.Min(known.Length, layers.Length); l++)
                if (known[l].ValueKind == JsonValueKind.Number)
                    yield return new(
                        Title(layers[l]),
                        title,
                        Just(known[l].GetDouble())!,
                        l < control.Length && control[l].ValueKind == JsonValueKind.Number
                            ? Just(control[l].GetDouble())
                            : null
                    );
        }
    }

    private static string Sentence(JsonElement[] layers, DiagnosisLine[] diagnoses)
    {
        var read = layers
            .Select(l => (Layer: l, Auc: NumOf(l.At("label_auc"))))
            .Where(l => l.Auc?.Value is not null)
            .ToArray();
        var text = read.Length == 0 ? $"{layers.Length} layers were followed." : Best(read);
        var warning = diagnoses.FirstOrDefault(d => d.Severity == "warning");
        return warning is null ? text : $"{text} {warning.Says}";
    }

    private static string Best((JsonElement Layer, Num? Auc)[] read)
    {
        var best = read.MaxBy(r => r.Auc!.Value);
        return $"The label can be read best from {Title(best.Layer)} ({Say.WithInterval(best.Auc!, "AUC")}).";
    }

    private static string Title(JsonElement layer) =>
        layer.Text("title") is { Length: > 0 } title ? title : layer.Text("value") ?? "";

    private static Num? Just(double? value) => Rounding.Of(value) is { } v ? new(v, null, null) : null;

    internal static Num? NumOf(JsonElement e) =>
        e.ValueKind == JsonValueKind.Object && e.Number("value") is { } value
            ? Num.Of(value, e.Number("low") ?? double.NaN, e.Number("high") ?? double.NaN)
            : null;
}
