using System.Globalization;
using Assay.Statistics;
using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>
/// All users of a family, from which studies draw. What a study of all of them finds is the truth that the intervals of
/// studies of a few must hold.
/// </summary>
internal sealed class Population
{
    private readonly string folder;
    private readonly Settings settings;
    private readonly World world;
    private readonly int[] rows;
    private readonly int[] starts;

    private Population(string folder, Settings settings, World world)
    {
        (this.folder, this.settings, this.world) = (folder, settings, world);
        rows = [.. world.RowsOf(WorldSplit.Explain), .. world.RowsOf(WorldSplit.Holdout)];
        Array.Sort(rows);
        var first = new List<int>();
        for (var i = 0; i < rows.Length; i++)
            if (i == 0 || world.UserIds[rows[i]] != world.UserIds[rows[i - 1]])
                first.Add(i);
        starts = [.. first, rows.Length];
    }

    public string TruthPath => Path.Combine(folder, "truth.csv");

    public string DrawPath(int users, int number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"draw-{users}-{number:00000}.csv"));

    /// <summary>Simulates the users; fits the model and finds the truth unless the folder has them.</summary>
    public static async Task<Population> OpenAsync(Family family, string folder, Settings settings)
    {
        Directory.CreateDirectory(folder);
        var world = World.Create(family.World with { Users = settings.Population });
        var population = new Population(folder, settings, world);
        if (File.Exists(population.TruthPath))
            return population;
        var training = Math.Min(family.TrainingUsers, settings.Population);
        var model = WorldModel.Train(World.Create(family.World with { Users = training }), family.Model);
        model.Onnx.Save(Path.Combine(folder, WorldKit.Model));
        await File.WriteAllTextAsync(Path.Combine(folder, WorldKit.Dictionary), model.FeaturesYaml());
        await File.WriteAllTextAsync(Path.Combine(folder, WorldKit.Baseline), WorldKit.BaselineJson(world.Reference));
        var data = Path.Combine(folder, "population.parquet");
        await world.WriteParquetAsync(population.rows, data);
        var run = Path.Combine(folder, "population-run");
        Clear(run);
        var result = CampaignStudy.Run(CampaignStudy.OfAll(folder, data, settings.Seed, settings.Chain), run);
        Lines.Write(
            population.TruthPath,
            result.Estimates.Where(e => CampaignStudy.IsKept(e, settings.Chain)).Select(e => Line.Of(e, double.NaN))
        );
        Clear(run);
        File.Delete(data);
        return population;
    }

    /// <summary>Draws users to explain and as many others as a holdout, and studies them; does nothing if the draw is there.</summary>
    public async Task DrawAsync(int users, int number, TimeProvider clock)
    {
        var path = DrawPath(users, number);
        if (File.Exists(path))
            return;
        var started = clock.GetTimestamp();
        var seed = StableHash.Combine(settings.Seed, StableHash.Combine((ulong)users, (ulong)number));
        var all = Enumerable.Range(0, starts.Length - 1).ToArray();
        new CounterRandom(seed, "campaign users").Shuffle<int>(all);
        int[] Rows(IEnumerable<int> drawn) => [.. drawn.Order().SelectMany(u => rows[starts[u]..starts[u + 1]])];
        var (explain, holdout) = (Rows(all.Take(users)), Rows(all.Skip(users).Take(users)));
        var (explained, held) = (Path.Combine(folder, "draw.parquet"), Path.Combine(folder, "draw-holdout.parquet"));
        var run = Path.Combine(folder, "draw-run");
        Clear(run);
        await world.WriteParquetAsync(explain, explained);
        await world.WriteParquetAsync(holdout, held);
        var result = CampaignStudy.Run(
            CampaignStudy.Of(folder, explained, held, seed & long.MaxValue, settings.Chain),
            run
        );
        var errors = new Dictionary<string, RowErrors>
        {
            ["explain"] = new(run, "explain", Array.ConvertAll(explain, r => world.Labels[r])),
            ["holdout"] = new(run, "holdout", Array.ConvertAll(holdout, r => world.Labels[r])),
        };
        var lines = result
            .Estimates.Where(e => CampaignStudy.IsKept(e, settings.Chain))
            .Select(e => Line.Of(e, e.Dimension == "overall" ? errors[e.Split].Of(e) : double.NaN))
            .ToList();
        lines.AddRange(Facts.OfFindings(result));
        // Interactions are looked for in one world of ten.
        if (!settings.Chain && number / Family.All.Count % 10 == 0)
            lines.AddRange(Facts.OfInteractions(Path.Combine(folder, WorldKit.Model), world, explain, sample: 600));
        lines.Add(Line.Fact(Facts.Seconds, "", "", clock.GetElapsedTime(started).TotalSeconds));
        Lines.Write(path, lines);
        Clear(run);
    }

    private static void Clear(string run)
    {
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
    }
}
