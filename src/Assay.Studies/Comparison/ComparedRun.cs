using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a comparison reads of one run folder.</summary>
internal sealed class ComparedRun : IDisposable
{
    private readonly string folder;
    private readonly Dictionary<string, ColumnReader?> replicates = [];
    private readonly Dictionary<string, HashSet<long>?> clusters = [];

    private ComparedRun(string folder, IReadOnlyDictionary<string, Estimate> estimates, ulong? seed) =>
        (this.folder, Estimates, Seed) = (folder, estimates, seed);

    /// <summary>Qualities and importances that have a value, by their key.</summary>
    public IReadOnlyDictionary<string, Estimate> Estimates { get; }

    public ulong? Seed { get; }

    public static ComparedRun Read(string folder)
    {
        var estimates = new Dictionary<string, Estimate>();
        foreach (var e in EstimatesFile.ReadRun(folder))
            if (!double.IsNaN(e.Value) && IsCompared(e))
                estimates.TryAdd(Key(e), e);
        return new(folder, estimates, SeedOf(folder));
    }

    public static string Key(Estimate e) => $"{e.Split}|{ReplicatesFile.Column(e)}";

    /// <summary>An estimate's replicates; null where the run keeps none.</summary>
    public float[]? Replicates(Estimate e)
    {
        if (!replicates.TryGetValue(e.Split, out var reader))
        {
            var path = ReplicatesFile.PathOf(folder, e.Split);
            replicates[e.Split] = reader = File.Exists(path) ? ColumnReader.Open(path) : null;
        }
        var column = ReplicatesFile.Column(e);
        return reader?.Has(column) == true ? reader.Read<float>(0, column) : null;
    }

    /// <summary>The keys of a split's clusters; null where the prepared rows are gone.</summary>
    public HashSet<long>? Clusters(string split)
    {
        if (!clusters.TryGetValue(split, out var keys))
            clusters[split] = keys = ReadClusters(PreparedSplit.ParquetPath(folder, split));
        return keys;
    }

    public void Dispose()
    {
        foreach (var reader in replicates.Values)
            reader?.Dispose();
    }

    // Floors are rules, not models: how the model stands to them is in each run's report.
    private static bool IsCompared(Estimate e) =>
        !Estimands.IsDescriptive(e.Estimand)
        && (e.Feature.Length > 0 || (e.Method == "model" && Estimands.Qualities.Contains(e.Estimand)));

    private static HashSet<long>? ReadClusters(string path)
    {
        if (!File.Exists(path))
            return null;
        using var reader = ColumnReader.Open(path);
        var keys = new HashSet<long>();
        for (var g = 0; g < reader.Groups; g++)
            keys.UnionWith(reader.Read<long>(g, PreparedColumns.ClusterKey));
        return keys;
    }

    private static ulong? SeedOf(string folder)
    {
        var path = Path.Combine(folder, "run.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.TryGetProperty("seed", out var seed) ? seed.GetUInt64() : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            throw AssayException.Input(
                $"'{path}' cannot be read ({e.Message.Split('\n')[0].TrimEnd('.')}); run the study again.",
                e
            );
        }
    }
}
