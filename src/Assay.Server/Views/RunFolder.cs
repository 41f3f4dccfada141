using System.Text.Json;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Server;

/// <summary>
/// A finished run as the views read it: its JSON files parsed once, its estimates in memory. Immutable, so any number of
/// readers may share one.
/// </summary>
internal sealed class RunFolder
{
    private readonly Lazy<string?> stale;

    private RunFolder(string path)
    {
        Path = path;
        var run = In("run.json");
        Id = Files.Hash(run)[..12];
        Created = File.GetLastWriteTimeUtc(run);
        Run = ViewJson.Read(run);
        FindingsFile = ViewJson.Optional(In("findings.json"));
        ActionsFile = ViewJson.Optional(In("actions.json"));
        Card = ViewJson.Optional(In("card.json"));
        HypothesesFile = ViewJson.Optional(In("hypotheses.json"));
        Dictionary = ViewJson.Optional(In("dictionary.json"));
        Effects = ViewJson.Optional(In("effects.json"));
        Layers = ViewJson.Optional(In("layers.json"));
        Evaluation = ViewJson.Optional(In("evaluation.json"));
        CardText = File.Exists(In("card.md")) ? File.ReadAllText(In("card.md")) : "";
        Findings = [.. FindingsFile.Each("findings").Select(StoredFinding.Of)];
        Actions = [.. ActionsFile.Each("actions").Select(StoredAction.Of)];
        Estimates = EstimateTable.Read(In("estimates.parquet"));
        Names = new RunNames(this);
        stale = new(WhyStale);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of run.json.</summary>
    public string Id { get; }

    /// <summary>When the study finished, UTC.</summary>
    public DateTime Created { get; }

    public JsonElement Run { get; }
    public JsonElement FindingsFile { get; }
    public JsonElement ActionsFile { get; }
    public JsonElement Card { get; }
    public JsonElement HypothesesFile { get; }

    /// <summary>dictionary.json; Undefined in runs of versions that wrote none.</summary>
    public JsonElement Dictionary { get; }

    /// <summary>effects.json; Undefined unless study.yaml asked.</summary>
    public JsonElement Effects { get; }

    /// <summary>layers.json; Undefined unless study.yaml asked.</summary>
    public JsonElement Layers { get; }

    /// <summary>evaluation.json; Undefined unless study.yaml asked.</summary>
    public JsonElement Evaluation { get; }

    public string CardText { get; }
    public IReadOnlyList<StoredFinding> Findings { get; }
    public IReadOnlyList<StoredAction> Actions { get; }
    public EstimateTable Estimates { get; }
    public RunNames Names { get; }

    /// <summary>Why the run no longer describes its model; null while it does, as far as files tell.</summary>
    public string? Stale => stale.Value;

    public string Study => Run.Text("study") ?? System.IO.Path.GetFileName(Path);

    public string ModelFile => System.IO.Path.GetFileName(Run.Text("model") ?? "");

    /// <summary>The quantity that features are ordered by, and its method.</summary>
    public (string Estimand, string Method) Primary
    {
        get
        {
            string[] order =
            [
                Estimands.Permutation + Estimands.Auc,
                Estimands.Conditional + Estimands.Auc,
                Estimands.MeanAbsAttribution,
                Estimands.Sage,
            ];
            foreach (var estimand in order)
                if (Estimates.Of(estimand).FirstOrDefault() is { Method.Length: > 0 } key)
                    return (estimand, key.Method);
            return (Estimands.MeanAbsAttribution, "");
        }
    }

    /// <summary>Whether a folder holds a finished run.</summary>
    public static bool Is(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "run.json"))
        && File.Exists(System.IO.Path.Combine(folder, "estimates.parquet"));

    /// <exception cref="AssayException">Input: not a finished run, or a file of it is broken.</exception>
    public static RunFolder Open(string folder)
    {
        var full = System.IO.Path.GetFullPath(folder);
        if (!Is(full))
            throw AssayException.Input(
                $"'{folder}' holds no finished study (no run.json and estimates.parquet); run 'assay study STUDY.yaml --out {folder}' first."
            );
        return new RunFolder(full);
    }

    public string In(string name) => System.IO.Path.Combine(Path, name);

    private string? WhyStale()
    {
        var model = Run.Text("model");
        if (model is null || Run.At("sha256").Text("model") is not { } then || !File.Exists(model))
            return null;
        // A file older than the run is the one that was studied.
        if (File.GetLastWriteTimeUtc(model) <= Created || Files.Hash(model) == then)
            return null;
        return $"{ModelFile} has changed since this study; run the study again.";
    }
}
