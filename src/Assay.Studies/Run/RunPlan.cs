using System.Reflection;
using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// What a run folder belongs to: <c>plan.json</c>, hashes of everything its results depend on. Another study in the
/// same folder is refused; the same one continues.
/// </summary>
internal sealed class RunPlan
{
    private const string FileName = "plan.json";
    private readonly string path;
    private readonly SortedDictionary<string, string> parts;

    public RunPlan(string folder, StudyDefinition study, FeatureDictionary dictionary, string modelHash)
    {
        path = Path.Combine(folder, FileName);
        parts = new(StringComparer.Ordinal)
        {
            ["version"] = Version,
            ["model"] = modelHash,
            ["dictionary"] = dictionary.Hash,
            ["study options"] = Files.HashText(Options(study)),
            ["explain data"] = DataPart(study.Explain),
        };
        if (study.Holdout is { } holdout)
            parts["holdout data"] = DataPart(holdout);
        if ((study.Vocabularies ?? dictionary.VocabularyFile) is { } vocabularies)
            parts["vocabularies"] = Files.Hash(vocabularies);
        if (study.Baseline.Path is { } baseline)
            parts["baseline file"] = Files.Hash(baseline);
    }

    /// <summary>The software's version, with the commit it was built from where known.</summary>
    public static string Version { get; } =
        typeof(RunPlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "0";

    /// <summary>Hash over all parts.</summary>
    public string Hash => Files.HashText(string.Join('\n', parts.Select(p => $"{p.Key}={p.Value}")));

    /// <summary>The parts by name.</summary>
    public IReadOnlyDictionary<string, string> Parts => parts;

    /// <summary>Whether the folder holds no plan yet.</summary>
    public bool IsNew => !File.Exists(path);

    /// <summary>Throws if the folder holds another plan.</summary>
    public void Check()
    {
        if (Saved() is not { } saved)
            return;
        var differing = parts
            .Keys.Union(saved.Keys)
            .Where(k =>
                parts.GetValueOrDefault(k) != saved.GetValueOrDefault(k)
                && !k.EndsWith("rows", StringComparison.Ordinal)
            )
            .ToArray();
        if (differing.Length > 0)
            Refuse(differing);
    }

    /// <summary>Adds what was found in the data behind a query, checks again, and writes the plan.</summary>
    public void Settle(IReadOnlyList<PreparedSplit> splits)
    {
        foreach (var split in splits)
            parts[$"{split.Name} rows"] = split.DataHash;
        if (Saved() is { } saved)
            foreach (var split in splits)
                if (saved.TryGetValue($"{split.Name} rows", out var old) && old != split.DataHash)
                    Refuse([$"{split.Name} data"]);
        Files.WriteText(path, JsonSerializer.Serialize(parts, Json.Options));
    }

    /// <summary>SHA-256 of the data files of a source; null for a query.</summary>
    public static string? DataHash(DataSource source)
    {
        if (source.Format == DataFormat.Sql)
            return null;
        using var duck = Duck.Open(source.Folder);
        return Files.HashText(string.Join('\n', source.Files(duck).Select(Files.Hash)));
    }

    private static string DataPart(DataSource source) =>
        Files.HashText($"{source.Format}|{source.Where}|{source.Query}|{DataHash(source)}");

    private static string Options(StudyDefinition study) =>
        JsonSerializer.Serialize(
            new
            {
                study.Label,
                // As it was before there could be two, so that runs of one go on.
                Cluster = (object)(
                    study.SecondCluster is null ? study.Cluster : new[] { study.Cluster, study.SecondCluster }
                ),
                study.Request,
                study.Weight,
                study.Item,
                study.Popularity,
                study.Head,
                study.Space,
                study.At,
                Baseline = study.Baseline.Kind,
                study.Methods,
                Segments = study.Segments.Select(s => new
                {
                    s.Name,
                    s.Kind,
                    s.Column,
                    s.Edges,
                    s.Quantiles,
                    s.Cross,
                    Parts = s.Parts.Select(p => new[] { p.Name, p.Predicate }),
                    s.Period,
                }),
                // The rest of a confounder's options is of the chain alone.
                Confounders = study
                    .Confounders.Where(c => c.IsHeld)
                    .Select(c => new
                    {
                        c.Name,
                        c.Feature,
                        c.Column,
                        c.Bins,
                    }),
                study.MinimumClusters,
                study.MinimumRows,
                study.Replicates,
                study.Seed,
            },
            Json.Options
        );

    private SortedDictionary<string, string>? Saved()
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Refuse(IEnumerable<string> differing) =>
        throw AssayException.Usage(
            $"The run folder '{Path.GetDirectoryName(path)}' holds another study (different: {string.Join(", ", differing)}); "
                + "choose another folder, or delete this one."
        );
}
