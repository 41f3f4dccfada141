using System.Text.Json.Nodes;

namespace Assay.Studies.Tests;

/// <summary>The tiny world's study with all files for readers, run once for all tests of a class.</summary>
public sealed class ViewedRun : IDisposable
{
    public const string Asked = """
        effects: {segments: country, rows: 3000}
        layers: {rows: 2000, flow_rows: 64}
        evaluation: {rows: 40}
        replicates:
        """;

    public ViewedRun()
    {
        World = new TinyWorld();
        Result = World.Run("views", study: Study(Asked));
    }

    internal TinyWorld World { get; }

    internal StudyResult Result { get; }

    internal StudyDefinition Study(string asked) => World.With("replicates:", asked);

    internal JsonNode Read(string name) => Read(Result, name);

    internal static JsonNode Read(StudyResult result, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(result.Folder, name + ".json")))!;

    internal static double[] Numbers(JsonNode? list) => [.. list!.AsArray().Select(v => (double)v!)];

    internal static JsonNode Named(JsonNode? list, string name) =>
        list!.AsArray().Single(f => (string?)f!["name"] == name)!;

    public void Dispose() => World.Dispose();
}
