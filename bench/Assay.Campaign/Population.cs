using Assay.Statistics;
using Assay.Studies;
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

    private string TruthPath => Path.Combine(folder, "truth.csv");

    /// <summary>Simulates the users; fits the model and finds the truth unless the folder has them.</summary>
    public static async Task<Population> OpenAsync(Family family, string folder, Settings settings)
    {
        Directory.CreateDirectory(folder);
        var world = World.Create(family.World with { Users = settings.Population });
        var population = new Population(folder, settings, world);
        if (File.Exists(population.TruthPath))
            return population;
        var model = WorldModel.Train(World.Create(family.World with { Users = family.TrainingUsers }), family.Model);
        model.Onnx.Save(Path.Combine(folder, WorldKit.Model));
        await File.WriteAllTextAsync(Path.Combine(folder, WorldKit.Dictionary), model.FeaturesYaml());
        await File.WriteAllTextAsync(Path.Combine(folder, WorldKit.Baseline), WorldKit.BaselineJson(world.Reference));
        var data = Path.Combine(folder, "population.parquet");
        await world.WriteParquetAsync(population.rows, data);
        // Only the values count, so few replicates do; two permutations of so many rows are exact beside a sample's error.
        var study = population.Study(data, settings.Seed) with
        {
            Replicates = 50,
        };
        study = study with
        {
            Methods = [.. study.Methods.Select(m => m.Id == "permutation" ? m with { Repeats = 2 } : m)],
        };
        var run = Path.Combine(folder, "population-run");
        Clear(run);
        var result = Run(study, run);
        Lines.Write(population.TruthPath, result.Estimates.Where(IsKept).Select(e => Line.Of(e, double.NaN)));
        Clear(run);
        File.Delete(data);
        return population;
    }

    /// <summary>Draws users without replacement and studies them; does nothing if the draw is there.</summary>
    public async Task DrawAsync(int users, int number)
    {
        var path = Path.Combine(folder, $"draw-{users}-{number:00000}.csv");
        if (File.Exists(path))
            return;
        var seed = StableHash.Combine(settings.Seed, StableHash.Combine((ulong)users, (ulong)number));
        var all = Enumerable.Range(0, starts.Length - 1).ToArray();
        new CounterRandom(seed, "campaign users").Shuffle<int>(all);
        int[] drawn = [.. all.Take(users).Order().SelectMany(u => rows[starts[u]..starts[u + 1]])];
        var data = Path.Combine(folder, "draw.parquet");
        var run = Path.Combine(folder, "draw-run");
        Clear(run);
        await world.WriteParquetAsync(drawn, data);
        var result = Run(Study(data, seed & long.MaxValue), run);
        var labels = Array.ConvertAll(drawn, r => world.Labels[r]);
        var errors = new RowErrors(run, labels);
        Lines.Write(path, result.Estimates.Where(IsKept).Select(e => Line.Of(e, errors.Of(e))));
        Clear(run);
    }

    private static void Clear(string run)
    {
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
    }

    private static bool IsKept(Estimate e) => !e.Method.StartsWith("floor", StringComparison.Ordinal);

    private static StudyResult Run(StudyDefinition study, string run) =>
        StudyRunner.Run(study, run, new RunOptions { Threads = 1 });

    private StudyDefinition Study(string data, ulong seed) =>
        new()
        {
            Name = "campaign",
            Model = Path.GetFullPath(Path.Combine(folder, WorldKit.Model)),
            Dictionary = Path.GetFullPath(Path.Combine(folder, WorldKit.Dictionary)),
            Explain = DataSource.FromFile(Path.GetFullPath(data)),
            Label = WorldFiles.Label,
            Cluster = WorldFiles.UserId,
            Request = WorldFiles.RequestId,
            Baseline = new(BaselineKind.File, Path.GetFullPath(Path.Combine(folder, WorldKit.Baseline))),
            Methods =
            [
                new() { Id = RowErrors.Attribution, Steps = 8 },
                new() { Id = RowErrors.Permutation, GivenPresence = true },
                new() { Id = "taylor-permutation" },
            ],
            Seed = seed,
        };
}
