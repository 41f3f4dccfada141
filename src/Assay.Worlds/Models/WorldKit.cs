using System.Globalization;
using System.Text.Json;
using Assay.Onnx;

namespace Assay.Worlds.Models;

/// <summary>Everything a study of a world needs, as files in one folder.</summary>
public static class WorldKit
{
    /// <summary>The names of the files written.</summary>
    public const string Model = "model.onnx",
        Dictionary = "features.yaml",
        Vocabularies = "vocabularies.json",
        Baseline = "baseline.json",
        Study = "study.yaml";

    /// <summary>
    /// Writes the model, its dictionary and vocabularies, the reference row as a baseline, one Parquet file per split
    /// ("train", "explain", "holdout") and a study of them.
    /// </summary>
    /// <param name="world">The world.</param>
    /// <param name="model">Its model.</param>
    /// <param name="folder">Made if it does not exist; files of the same names are replaced.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static async Task WriteAsync(
        World world,
        WorldModel model,
        string folder,
        CancellationToken cancellation = default
    )
    {
        Directory.CreateDirectory(folder);
        string In(string name) => Path.Combine(folder, name);
        model.Onnx.Save(In(Model));
        await File.WriteAllTextAsync(In(Dictionary), model.FeaturesYaml(Vocabularies), cancellation);
        await File.WriteAllTextAsync(In(Vocabularies), WorldFiles.VocabularyJson(), cancellation);
        await File.WriteAllTextAsync(In(Baseline), BaselineJson(world.Reference), cancellation);
        foreach (var split in Enum.GetValues<WorldSplit>())
            await world.WriteParquetAsync(world.RowsOf(split), In(FileOf(split)), cancellation);
        await File.WriteAllTextAsync(In(Study), StudyYaml(world), cancellation);
    }

    /// <summary>The Parquet file of a split.</summary>
    public static string FileOf(WorldSplit split) => $"{split.ToString().ToLowerInvariant()}.parquet";

    /// <summary>A row as JSON: each input's name and a batch of one.</summary>
    public static string BaselineJson(WorldRow row)
    {
        var tensors = WorldModel.Encode(row);
        return JsonSerializer.Serialize(
            tensors.ToDictionary(
                t => t.Key,
                t => t.Value.Values is long[] ids ? (object)new[] { ids } : new[] { (float[])t.Value.Values }
            )
        );
    }

    private static string StudyYaml(World world) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            schema: 1
            name: planted world {world.Options.Seed}
            model: {Model}
            dictionary: {Dictionary}
            data:
              explain: {FileOf(WorldSplit.Explain)}
              holdout: {FileOf(WorldSplit.Holdout)}
            label: {WorldFiles.Label}
            cluster: {WorldFiles.UserId}
            request: {WorldFiles.RequestId}
            time: {WorldFiles.Time}
            item: {WorldFiles.ItemId}
            popularity: {WorldFeatures.Popularity}
            sampling: every candidate shown is a row; none was sampled
            baseline:
              file: {Baseline}
            methods:
              - id: integrated-gradients
                steps: 16
              - id: permutation
              - id: conditional-permutation
                # The badge is computed from popularity: to hold it would hide what popularity gives.
                given: [{string.Join(", ", WorldFeatures.All.Select(f => f.Name).Where(n => n != WorldFeatures.Badge))}]
            segments:
              {WorldFeatures.Region}: {WorldFeatures.Region}
              {WorldFeatures.Lifecycle}:
                column: {WorldFeatures.Lifecycle}
                kind: journey
            effects:
              segments: {WorldFeatures.Region}
            layers: true
            evaluation: true
            seed: {world.Options.Seed}

            """
        );
}
