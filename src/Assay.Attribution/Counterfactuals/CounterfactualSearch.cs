using Assay.Attribution.Games;
using Assay.Attribution.Ranking;

namespace Assay.Attribution.Counterfactuals;

/// <summary>
/// Counterfactuals of a place in a list: which players' removal takes a candidate out, and which alone keep it in. A
/// list's game is worth 0 or more where the candidate is in (see <see cref="ListTarget.Margin"/> and
/// <see cref="ListTarget.Above"/>). After Mothilal et al. 2021, arXiv 2011.04917; over histories Ghazimatin et al. 2020
/// (PRINCE), Tran et al. 2021 (ACCENT).
/// </summary>
public static class CounterfactualSearch
{
    /// <summary>The smallest set found whose removal takes the candidate out: v(all others) &lt; 0.</summary>
    public static FoundSet Removed(ListGames games, CounterfactualSettings settings) =>
        Run(games, settings, removes: true);

    /// <summary>The smallest set found that keeps the candidate in when all other players are removed: v(set) ≥ 0.</summary>
    public static FoundSet Kept(ListGames games, CounterfactualSettings settings) =>
        Run(games, settings, removes: false);

    /// <summary>The value with a set removed, and with nothing but the set.</summary>
    public static (double Without, double Alone) Values(ListGames games, IReadOnlyList<int> set)
    {
        var both = new Coalitions(games.Players);
        both.Add();
        foreach (var player in set)
            both[0, player] = true;
        both.AddComplement(0);
        var values = new double[2];
        games.Evaluate([0, 0], both, values);
        return (values[1], values[0]);
    }

    private static FoundSet Run(ListGames games, CounterfactualSettings settings, bool removes)
    {
        settings.Validate();
        var goal = new Goal(games, games.Evaluations + settings.Budget, removes);
        var found = new SetSearch(goal, settings).Run();
        return new FoundSet(
            found.Members ?? [],
            found.Members is not null,
            found.Members is null ? double.NaN
                : removes ? -found.Gain
                : found.Gain,
            found.IsMinimum,
            Math.Max(0, found.Tried),
            found.Alternatives,
            found.IsBroke
        );
    }

    private sealed class Goal(ListGames games, long budget, bool removes) : ISetGoal
    {
        public int Players => games.Players;

        public bool Affords(Coalitions sets) => games.Evaluations + games.Cost(Present(sets)) <= budget;

        public double[] Gains(Coalitions sets)
        {
            var values = new double[sets.Count];
            games.Evaluate(new int[sets.Count], Present(sets), values);
            return removes ? [.. values.Select(v => -v)] : values;
        }

        public bool IsReached(double gain) => removes ? gain > 0 : gain >= 0;

        private Coalitions Present(Coalitions sets)
        {
            if (!removes)
                return sets;
            var present = new Coalitions(sets.Players);
            for (var i = 0; i < sets.Count; i++)
            {
                var at = present.AddAll();
                for (var p = 0; p < sets.Players; p++)
                    if (sets[i, p])
                        present[at, p] = false;
            }
            return present;
        }
    }
}
