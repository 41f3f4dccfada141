using Assay.Attribution.Games;

namespace Assay.Attribution.Counterfactuals;

/// <summary>What sets of players are looked for, and what each does.</summary>
internal interface ISetGoal
{
    /// <summary>Number of players.</summary>
    int Players { get; }

    /// <summary>Whether the budget allows these sets to be run.</summary>
    bool Affords(Coalitions sets);

    /// <summary>How far each set gets: more is nearer the goal.</summary>
    double[] Gains(Coalitions sets);

    /// <summary>Whether that reaches it.</summary>
    bool IsReached(double gain);
}

/// <summary>
/// The smallest set that reaches a goal: greedily by what each player adds to the set so far, then members that are not
/// needed put back, then every set of small size. Nothing is assumed of the goal, which need not be monotone.
/// </summary>
internal sealed class SetSearch(ISetGoal goal, CounterfactualSettings settings)
{
    private const int Chunk = 256;

    private readonly int players = goal.Players;
    private bool isBroke;

    /// <summary>Members, how far they get, and what is proven.</summary>
    public (int[]? Members, double Gain, bool IsMinimum, int Tried, int? Alternatives, bool IsBroke) Run()
    {
        if (
            Try([
                [],
            ])
            is not [var nothing]
        )
            return (null, double.NaN, false, -1, null, true);
        if (goal.IsReached(nothing))
            return ([], nothing, true, 0, 0, false);
        var singles = Try([.. Enumerable.Range(0, players).Select(p => (int[])[p])]);
        if (singles is null)
            return (null, nothing, false, 0, null, true);
        // Those that get furthest alone come first: where the budget ends early, the likely sets have been tried.
        int[] order = [.. Enumerable.Range(0, players).OrderByDescending(p => singles[p]).ThenBy(p => p)];
        var (members, gain) = Greedy(order[0], singles[order[0]]);
        var last = Math.Min(Math.Min(settings.ExactSize, players), members is null ? settings.MaxSize : members.Length);
        var tried = Math.Min(1, settings.ExactSize);
        int? alternatives = null;
        for (var size = 1; size <= last; size++)
        {
            var level = Level(order, size, singles);
            if (level.Best is not null)
            {
                (members, gain) = (level.Best, level.Gain);
                alternatives = level.IsWhole ? level.Reaching - 1 : null;
            }
            if (!level.IsWhole)
                break;
            tried = Math.Max(tried, size);
            if (level.Best is not null)
                break;
        }
        if (members is not null)
            Array.Sort(members);
        return (members, gain, members is not null && tried >= members.Length - 1, tried, alternatives, isBroke);
    }

    // From the best single player on, adding whoever gets furthest together with those already in.
    private (int[]? Members, double Gain) Greedy(int first, double gain)
    {
        List<int> set = [first];
        while (!goal.IsReached(gain))
        {
            if (set.Count >= Math.Min(settings.MaxSize, players))
                return (null, gain);
            int[] rest = [.. Enumerable.Range(0, players).Except(set)];
            if (Try([.. rest.Select(p => (int[])[.. set, p])]) is not { } gains)
                return (null, gain);
            var best = Array.IndexOf(gains, gains.Max());
            set.Add(rest[best]);
            gain = gains[best];
        }
        return PutBack(set, gain);
    }

    private (int[] Members, double Gain) PutBack(List<int> set, double gain)
    {
        while (set.Count > 1 && Try([.. set.Select(p => set.Where(q => q != p).ToArray())]) is { } gains)
        {
            var best = Array.IndexOf(gains, gains.Max());
            if (!goal.IsReached(gains[best]))
                break;
            set.RemoveAt(best);
            gain = gains[best];
        }
        return ([.. set], gain);
    }

    private (int[]? Best, double Gain, int Reaching, bool IsWhole) Level(int[] order, int size, double[] singles)
    {
        int[]? best = null;
        var gain = double.NegativeInfinity;
        var reaching = 0;
        foreach (
            var chunk in Combinations.Of(players, size).Select(c => c.Select(i => order[i]).ToArray()).Chunk(Chunk)
        )
        {
            var gains = size == 1 ? [.. chunk.Select(c => singles[c[0]])] : Try(chunk);
            if (gains is null)
                return (best, gain, reaching, false);
            for (var i = 0; i < gains.Length; i++)
            {
                if (!goal.IsReached(gains[i]))
                    continue;
                reaching++;
                if (gains[i] > gain)
                    (best, gain) = (chunk[i], gains[i]);
            }
        }
        return (best, gain, reaching, true);
    }

    // Null where the budget does not allow all of them.
    private double[]? Try(IReadOnlyList<int[]> sets)
    {
        var coalitions = new Coalitions(players);
        foreach (var set in sets)
        {
            var at = coalitions.Add();
            foreach (var player in set)
                coalitions[at, player] = true;
        }
        if (goal.Affords(coalitions))
            return goal.Gains(coalitions);
        isBroke = true;
        return null;
    }
}
