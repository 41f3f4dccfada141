using System.Globalization;
using Assay.Attribution.Games;
using Assay.Attribution.Methods;

namespace Assay.ShapleyBench;

/// <summary>Estimator × budget: relative squared error (median and mean over rows and seeds) and coverage of the 95 % intervals.</summary>
internal static class ErrorTable
{
    private const int Groups = 16;
    private const string Own = "shapley";

    private static readonly int[] PerPlayer = [2, 8, 32, 128];
    private static readonly string[] Peers = ["permutation", "kernel, paired", "leverage"];
    private static readonly Dictionary<string, Func<SamplerChoice, IGameEstimator>> ByName = new()
    {
        [Peers[0]] = Samplers.Permutation,
        [Peers[1]] = Samplers.Kernel,
        [Peers[2]] = Samplers.Leverage,
        ["regression-msr"] = Samplers.Corrected,
        [Own] = Samplers.Best,
    };

    public static void Write(string folder, IEnumerable<string> models, int rows, int seeds, bool grouped)
    {
        Console.WriteLine($"| model | estimator |{string.Concat(PerPlayer.Select(b => $" {b} n |"))}");
        Console.WriteLine($"|---|---|{string.Concat(PerPlayer.Select(_ => "---|"))}");
        var logs = PerPlayer.Select(_ => new List<double>()).ToArray();
        foreach (var model in models)
        {
            using var real = new RealGames(folder, model, rows, grouped ? Groups : null);
            var (games, truth, noise) = Truth.Of(real.Games, grouped);
            var means = ByName.Keys.ToDictionary(k => k, _ => new double[PerPlayer.Length]);
            foreach (var (name, sampler) in ByName)
            {
                var cells = new string[PerPlayer.Length];
                for (var b = 0; b < cells.Length; b++)
                {
                    var budget = PerPlayer[b] * games.Players;
                    // Fewer pairs than it has unknowns tell that one nothing, and it refuses them.
                    if (name == "regression-msr" && PerPlayer[b] < 3)
                        cells[b] = "–";
                    else
                    {
                        var trial = Trial.Run(games, truth, noise, budget, seeds, sampler);
                        (cells[b], means[name][b]) = (Text(trial), trial.Mean);
                    }
                }
                var label = $"{model}, n = {games.Players}";
                if (noise is not null)
                    label += string.Create(
                        CultureInfo.InvariantCulture,
                        $" (truth {Truth.Relative(truth, noise):0.0e+0})"
                    );
                Console.WriteLine($"| {label} | {name} | {string.Join(" | ", cells)} |");
            }
            for (var b = 0; b < PerPlayer.Length; b++)
                logs[b].Add(Math.Log(means[Own][b] / Peers.Min(p => means[p][b])));
        }
        Console.WriteLine(
            $"| all | {Own} / best of the first three (means; geometric mean, largest) | {string.Join(" | ", logs.Select(l => string.Create(CultureInfo.InvariantCulture, $"{Math.Exp(l.Average()):0.00}, {Math.Exp(l.Max()):0.00}")))} |"
        );
    }

    private static string Text(Trial trial) =>
        string.Create(CultureInfo.InvariantCulture, $"{trial.Median:0.0e+0} / {trial.Mean:0.0e+0}")
        + (trial.Coverage is { } c ? string.Create(CultureInfo.InvariantCulture, $" ({100 * c:0.0} %)") : "");
}
