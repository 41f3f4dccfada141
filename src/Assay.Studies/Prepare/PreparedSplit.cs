using System.Text.Json;

namespace Assay.Studies;

/// <summary>Rows of a block: its number, where it starts in the prepared order, how many rows it has.</summary>
internal sealed record Block(int Number, int Start, int Rows);

/// <summary>At which unit a feature varies, and so at which it is permuted.</summary>
internal enum Level
{
    Row,
    Request,
    Cluster,
}

/// <summary>Labels of a segment column, by code.</summary>
internal sealed record SegmentLabels(string Dimension, IReadOnlyList<string> Labels);

/// <summary>
/// What is known of a prepared split: <c>prepared/SPLIT.json</c>. Its rows are in <c>prepared/SPLIT.parquet</c>, one
/// row group for each block, in the order block, cluster, request, original row.
/// </summary>
internal sealed record PreparedSplit
{
    public required string Name { get; init; }
    public required string PrepareHash { get; init; }
    public required string DataHash { get; init; }
    public required int Rows { get; init; }
    public required int Clusters { get; init; }

    /// <summary>Clusters of the second kind; null: the study has one kind.</summary>
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public int? SecondClusters { get; init; }
    public required int Requests { get; init; }
    public required int Positives { get; init; }

    /// <summary>Smallest and largest share of positives among requests.</summary>
    public required double LowestRequestRate { get; init; }
    public required double HighestRequestRate { get; init; }
    public required IReadOnlyList<Block> Blocks { get; init; }
    public required IReadOnlyList<SegmentLabels> Segments { get; init; }

    /// <summary>The level at which each feature varies here.</summary>
    public required IReadOnlyDictionary<string, Level> Levels { get; init; }

    public double Rate => (double)Positives / Rows;

    public static string ParquetPath(string folder, string split) =>
        Path.Combine(folder, "prepared", $"{split}.parquet");

    public static string JsonPath(string folder, string split) => Path.Combine(folder, "prepared", $"{split}.json");

    public void Save(string folder) =>
        Files.WriteText(JsonPath(folder, Name), JsonSerializer.Serialize(this, Json.Options));

    /// <summary>What an earlier start prepared with the same hash, or null.</summary>
    public static PreparedSplit? TryLoad(string folder, string split, string hash)
    {
        try
        {
            if (!File.Exists(ParquetPath(folder, split)) || !File.Exists(JsonPath(folder, split)))
                return null;
            var found = JsonSerializer.Deserialize<PreparedSplit>(
                File.ReadAllText(JsonPath(folder, split)),
                Json.Options
            );
            return found?.PrepareHash == hash ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How this project writes JSON.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Converters =
            {
                new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            },
        };
}
