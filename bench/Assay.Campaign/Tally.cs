using Assay.Worlds;

namespace Assay.Campaign;

/// <summary>What the draws of one sample size say, all families together.</summary>
internal sealed class Tally
{
    public const string Conditional = "conditional-permutation",
        Contrasted = "permutation_auc";
    private const string Tested = "permutation_logloss";
    private const double Level = 0.05;
    private static readonly Dictionary<string, FeatureRole> Roles = WorldFeatures.All.ToDictionary(
        f => f.Name,
        f => f.Role
    );
    private readonly SortedDictionary<Key, Cell> cells = [];
    private readonly Dictionary<FeatureRole, (int Found, int Asked)> found = [];
    private readonly List<double> seconds = [];

    public Tally(Settings settings, IReadOnlyList<Family> families, int users)
    {
        Users = users;
        foreach (var family in families)
        {
            var folder = Path.Combine(settings.Folder, family.Name);
            if (!File.Exists(Path.Combine(folder, "truth.csv")))
                continue;
            var truth = Lines.Read(Path.Combine(folder, "truth.csv")).ToDictionary(l => l.Key, l => l.Value);
            foreach (var path in Directory.GetFiles(folder, $"draw-{users}-*.csv").Order(StringComparer.Ordinal))
                Add(family, Lines.Read(path), truth, settings.Chain);
        }
    }

    public int Users { get; }
    public int Draws { get; private set; }

    /// <summary>Draws with a significant loss of at least one noise feature.</summary>
    public int WithFalse { get; private set; }

    /// <summary>Significant losses under permutation, and those of noise features.</summary>
    public int Significant { get; private set; }
    public int FalseOnes { get; private set; }
    public IReadOnlyDictionary<Key, Cell> Cells => cells;

    /// <summary>Of the features of each role, how many lost significantly when permuted.</summary>
    public IReadOnlyDictionary<FeatureRole, (int Found, int Asked)> Found => found;
    public Planted Planted { get; } = new();

    /// <summary>Half of the studies took less.</summary>
    public double MedianSeconds => seconds.Count == 0 ? double.NaN : seconds.Order().ElementAt(seconds.Count / 2);

    /// <summary>Whether permuting a feature changes nothing, whatever the model made of it.</summary>
    public static bool IsNull(string feature) => Roles[feature] is FeatureRole.Noise or FeatureRole.None;

    private void Add(Family family, Line[] lines, Dictionary<Key, double> truth, bool chain)
    {
        Draws++;
        var falseOnes = 0;
        foreach (var line in lines)
        {
            if (line.Key.Estimand == Facts.Seconds)
                seconds.Add(line.Value);
            if (!truth.TryGetValue(line.Key, out var value))
                continue;
            if (!cells.TryGetValue(line.Key, out var cell))
                cells[line.Key] = cell = new Cell();
            cell.Add(line, value);
            if (line.Key is not { Estimand: Tested, Method: RowErrors.Permutation } || line.Split != "explain")
                continue;
            var role = Roles[line.Key.Feature];
            var (hits, asked) = found.GetValueOrDefault(role);
            var isFound = line.PAdjusted < Level && line.Value > 0;
            found[role] = (hits + (isFound ? 1 : 0), asked + 1);
            Significant += isFound ? 1 : 0;
            falseOnes += isFound && IsNull(line.Key.Feature) ? 1 : 0;
        }
        FalseOnes += falseOnes;
        WithFalse += falseOnes > 0 ? 1 : 0;
        // The chain's studies keep none of the importances that planted effects are told by.
        if (!chain)
            Planted.Add(family, lines, truth);
    }
}
