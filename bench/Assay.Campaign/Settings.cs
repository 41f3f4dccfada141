using System.Globalization;

namespace Assay.Campaign;

/// <summary>What the command line says.</summary>
internal sealed record Settings(
    string Folder,
    int Worlds,
    int[] Users,
    ulong Seed,
    int Population,
    int Threads,
    int Interactions,
    string? Report,
    bool Chain = false
)
{
    public const string Usage =
        "usage: FOLDER [--worlds N] [--users 100,300] [--seed S] [--population USERS] [--threads T] [--interactions WORLDS] [--report FILE] [--study importances|chain]; or --check FOLDER";

    /// <summary>Null where the arguments make no sense.</summary>
    public static Settings? Parse(string[] args)
    {
        if (args.Length % 2 == 0)
            return null;
        var given = new Dictionary<string, string>();
        for (var i = 1; i < args.Length; i += 2)
            given[args[i]] = args[i + 1];
        string[] known =
        [
            "--worlds",
            "--users",
            "--seed",
            "--population",
            "--threads",
            "--interactions",
            "--report",
            "--study",
        ];
        var study = given.GetValueOrDefault("--study", "importances");
        if (given.Keys.Except(known).Any() || study is not ("importances" or "chain"))
            return null;
        int Whole(string key, int usual) =>
            given.TryGetValue(key, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
        int[] users =
        [
            .. given
                .GetValueOrDefault("--users", "100,300")
                .Split(',')
                .Select(t => int.Parse(t, CultureInfo.InvariantCulture)),
        ];
        return new Settings(
            args[0],
            Whole("--worlds", 1008),
            users,
            (ulong)Whole("--seed", 20261124),
            Whole("--population", 10_000),
            Whole("--threads", 1),
            Whole("--interactions", 24),
            given.GetValueOrDefault("--report"),
            study == "chain"
        );
    }

    /// <summary>Whether the folder is new or holds draws of the same seed and population; others are never mixed.</summary>
    public bool Owns()
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, "campaign.txt");
        var own = string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}, population {Population}{(Chain ? ", chain" : "")}"
        );
        if (!File.Exists(path))
            File.WriteAllText(path, own);
        return File.ReadAllText(path) == own;
    }
}
