namespace Assay.Attribution.Games;

/// <summary>
/// Plays many games at once: what their estimators want next goes to <see cref="IGames"/> in one large batch, a coalition
/// that a game asked for before is not evaluated again, and no game spends more than the budget.
/// </summary>
internal static class GameDriver
{
    // Games that are in memory at once.
    private const int Window = 64;

    /// <summary>Runs an estimator on every game.</summary>
    /// <param name="games">The games.</param>
    /// <param name="budget">The most coalitions of a game, those of nobody and of all included; at least 2.</param>
    /// <param name="precision">Where a game may stop before; see <see cref="ExplainSettings.Precision"/>.</param>
    /// <param name="make">Makes the estimator of a game.</param>
    /// <returns>For each game its estimate, v(nobody), v(all) and the coalitions evaluated.</returns>
    public static PlayedGame[] Run(IGames games, int budget, double? precision, Func<int, IGameEstimator> make)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 2);
        var played = new PlayedGame[games.Count];
        for (var first = 0; first < games.Count; first += Window)
        {
            var open = new List<Game>();
            for (var g = first; g < Math.Min(games.Count, first + Window); g++)
                open.Add(new Game(g, games.Players, make(g)));
            var window = open.ToArray();
            Round(games, open, game => game.AskForEnds());
            while (open.Count > 0)
                Round(games, open, game => game.Ask(budget, precision));
            foreach (var game in window)
                played[game.Number] = game.Result;
        }
        return played;
    }

    private static void Round(IGames games, List<Game> open, Action<Game> ask)
    {
        Parallel.ForEach(open, ask);
        open.RemoveAll(g => g.IsDone);
        var batch = new Coalitions(games.Players);
        var owners = new List<int>();
        foreach (var game in open)
            for (var i = 0; i < game.New.Count; i++)
            {
                batch.Add(game.New.Of(i));
                owners.Add(game.Number);
            }
        var values = new double[owners.Count];
        if (values.Length > 0)
            games.Evaluate(owners.ToArray(), batch, values);
        var offsets = new int[open.Count];
        for (var i = 1; i < open.Count; i++)
            offsets[i] = offsets[i - 1] + open[i - 1].New.Count;
        Parallel.For(0, open.Count, i => open[i].Tell(values.AsSpan(offsets[i], open[i].New.Count)));
    }

    /// <summary>A game on its way.</summary>
    private sealed class Game(int number, int players, IGameEstimator estimator)
    {
        private readonly KnownValues known = new(players);
        private readonly Coalitions wanted = new(players);
        private readonly List<int> numbers = [];
        private int before;
        private bool began;

        public int Number => number;

        public bool IsDone { get; private set; }

        /// <summary>Of the coalitions wanted those without a value.</summary>
        public Coalitions New { get; } = new(players);

        public PlayedGame Result => new(estimator.Estimate(), known[0], known[1], known.Count);

        public void AskForEnds()
        {
            wanted.Add();
            wanted.AddAll();
            Look();
        }

        public void Ask(int budget, double? precision)
        {
            var affordable = budget - known.Count;
            if (precision is { } share && known.Count > 2 && estimator.Estimate().IsWithin(share))
                IsDone = true;
            else
                estimator.Ask(wanted, affordable);
            IsDone |= wanted.Count == 0;
            Look();
            if (New.Count > affordable)
                throw new InvalidOperationException(
                    $"The estimator asked for {New.Count} coalitions with {affordable} to spend."
                );
        }

        public void Tell(ReadOnlySpan<double> values)
        {
            for (var i = 0; i < values.Length; i++)
                known[before + i] = values[i];
            if (!began)
                estimator.Begin(known[0], known[1]);
            else
                estimator.Tell(wanted, numbers.ConvertAll(n => known[n]).ToArray());
            began = true;
            wanted.Clear();
        }

        private void Look()
        {
            New.Clear();
            numbers.Clear();
            before = known.Count;
            for (var i = 0; i < wanted.Count; i++)
            {
                numbers.Add(known.Find(wanted.Of(i), out var isNew));
                if (isNew)
                    New.Add(wanted.Of(i));
            }
        }
    }
}

/// <summary>A game that has been played.</summary>
/// <param name="Estimate">Values of its players.</param>
/// <param name="Nobody">v(nobody).</param>
/// <param name="All">v(all).</param>
/// <param name="Coalitions">Different coalitions that were evaluated.</param>
internal readonly record struct PlayedGame(ShapleyEstimate Estimate, double Nobody, double All, int Coalitions);
