using System.Globalization;
using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>
/// Worlds with a model large enough to learn what is planted, and what <c>interaction-detection</c> discovers in it from 1,000
/// rows. Every fourth world has no interactions.
/// </summary>
internal sealed class InteractionPanel(Settings settings)
{
    public const int SampleRows = 1000;

    public static bool IsAdditive(int world) => world % 4 == 3;

    public string PathOf(int world) =>
        Path.Combine(
            settings.Folder,
            "interactions",
            string.Create(CultureInfo.InvariantCulture, $"world-{world:000}.csv")
        );

    /// <summary>Makes and searches one world; does nothing if that is done.</summary>
    public void Run(int world)
    {
        var path = PathOf(world);
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Seeds 9101, 9102, …, fixed before the first run.
        var made = World.Create(
            new WorldOptions
            {
                Users = 900,
                Items = 300,
                Seed = (ulong)(9101 + world),
                InteractionStrength = IsAdditive(world) ? 0 : 1,
            }
        );
        var model = WorldModel.Train(made);
        var file = path + ".onnx";
        model.Onnx.Save(file);
        Lines.Write(path, Facts.OfInteractions(file, made, made.RowsOf(WorldSplit.Explain), SampleRows));
        File.Delete(file);
    }

    /// <summary>What the worlds done so far say.</summary>
    public Planted Tally(int worlds)
    {
        var planted = new Planted();
        foreach (var world in Enumerable.Range(0, worlds).Where(w => File.Exists(PathOf(w))))
            planted.AddInteractions(!IsAdditive(world), Lines.Read(PathOf(world)));
        return planted;
    }
}
