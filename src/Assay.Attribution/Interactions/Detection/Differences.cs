using Assay.Attribution.Games;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Archipelago's strengths: the mean square of a set's alternating difference with the others present and with the others
/// absent, for every game.
/// </summary>
internal sealed class Differences
{
    private readonly IGames games;
    private readonly Dictionary<string, double[]> present = [];
    private readonly Dictionary<string, double[]> absent = [];

    public Differences(IGames games)
    {
        this.games = games;
        Evaluate([
            [],
            .. PlayerSets.UpTo(2, games.Players),
        ]);
    }

    /// <summary>Model evaluations spent on a game.</summary>
    public int Evaluations => (present.Count + absent.Count) * games.EvaluationsPerCoalition;

    /// <summary>(v(all) − v(none))² of each game.</summary>
    public double[] Scale() => [.. present[""].Zip(absent[""], (all, none) => (all - none) * (all - none))];

    /// <summary>Evaluates further sets, of which all subsets but the sets themselves are known.</summary>
    public void Evaluate(IReadOnlyList<IReadOnlyList<int>> sets)
    {
        var coalitions = new Coalitions(games.Players);
        foreach (var set in sets)
        {
            var (with, without) = (coalitions.Add(), coalitions.AddAll());
            foreach (var p in set)
                (coalitions[with, p], coalitions[without, p]) = (true, false);
        }
        var values = GameTable.Evaluate(games, coalitions);
        for (var s = 0; s < sets.Count; s++)
            (absent[Key(sets[s])], present[Key(sets[s])]) = (values[2 * s], values[2 * s + 1]);
    }

    /// <summary>The strength of a set in each game.</summary>
    public double[] Strength(IReadOnlyList<int> set)
    {
        double[] whole = new double[games.Count],
            alone = new double[games.Count];
        for (var mask = 0; mask < 1 << set.Count; mask++)
        {
            var subset = set.Where((_, k) => (mask >> k & 1) != 0).ToArray();
            // With the others present a subset is taken away, with the others absent it is added.
            var taken = subset.Length % 2 == 0 ? 1 : -1;
            var added = (set.Count - subset.Length) % 2 == 0 ? 1 : -1;
            var (all, none) = (present[Key(subset)], absent[Key(subset)]);
            for (var g = 0; g < whole.Length; g++)
            {
                whole[g] += taken * all[g];
                alone[g] += added * none[g];
            }
        }
        return [.. whole.Zip(alone, (w, a) => (w * w + a * a) / 2)];
    }

    private static string Key(IReadOnlyList<int> set) => string.Join(",", set);
}
