using Assay.Attribution.Games;
using Assay.Onnx;

namespace Assay.Attribution.Ranking;

/// <summary>Where players are absent who do not belong to the request as a whole.</summary>
/// <param name="Item">The candidate in which they are absent; the others keep them.</param>
/// <param name="Shared">For each player whether it is absent from all candidates at once: what the request has in common.</param>
public sealed record ListScope(int Item, IReadOnlyList<bool> Shared);

/// <summary>
/// A request's list as one game: v(S) is a number about the list when the absent players are at their baseline in all
/// candidates, or where a scope says so in one only. Where the candidates' games average over baselines, scores are
/// averaged before the list is looked at.
/// </summary>
public sealed class ListGames : IGames
{
    // Lists that are put together at once.
    private const int Part = 512;

    private readonly IGames candidates;
    private readonly ListTarget target;
    private readonly ListScope? scope;
    private readonly bool[] isLocal;
    private double[]? whole;

    /// <summary>The game of a list.</summary>
    /// <param name="candidates">One game for each candidate, in the order of the list.</param>
    /// <param name="target">The number that the list is worth.</param>
    /// <param name="scope">Where players are absent; from all candidates if null.</param>
    public ListGames(IGames candidates, ListTarget target, ListScope? scope = null)
    {
        (this.candidates, this.target, this.scope) = (candidates, target, scope);
        if (scope is not null && scope.Shared.Count != candidates.Players)
            throw new ArgumentException($"{scope.Shared.Count} flags for {candidates.Players} players.", nameof(scope));
        isLocal = scope is null ? new bool[candidates.Players] : [.. scope.Shared.Select(s => !s)];
    }

    /// <inheritdoc/>
    public int Count => 1;

    /// <summary>Number of candidates.</summary>
    public int Candidates => candidates.Count;

    /// <inheritdoc/>
    public int Players => candidates.Players;

    /// <inheritdoc/>
    public int EvaluationsPerCoalition => candidates.Count * candidates.EvaluationsPerCoalition;

    /// <summary>Model evaluations spent so far.</summary>
    public long Evaluations { get; private set; }

    /// <summary>Scores of the candidates with all players present.</summary>
    public IReadOnlyList<double> Scores => whole ??= ScoreWhole();

    /// <summary>
    /// Model evaluations that coalitions will take: none for candidates all of whose players are present, once these
    /// have been scored.
    /// </summary>
    public long Cost(Coalitions coalitions)
    {
        long rows = whole is null ? candidates.Count : 0;
        for (var i = 0; i < coalitions.Count; i++)
            rows += Touched(coalitions, i);
        return rows * candidates.EvaluationsPerCoalition;
    }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values)
    {
        for (var from = 0; from < game.Length; from += Part)
        {
            var count = Math.Min(Part, game.Length - from);
            var scores = Scored(coalitions, from, count);
            for (var i = 0; i < count; i++)
                values[from + i] = target.Of(scores.AsSpan(i * Candidates, Candidates));
        }
    }

    /// <summary>The candidates' scores under one coalition.</summary>
    public double[] Score(Coalitions one)
    {
        if (one.Count != 1)
            throw new ArgumentException($"{one.Count} coalitions where one is wanted.", nameof(one));
        return Scored(one, 0, 1);
    }

    // Candidates that miss nothing score as they did.
    private double[] Scored(Coalitions coalitions, int from, int count)
    {
        var full = Scores;
        var scores = new double[count * Candidates];
        var games = new List<int>();
        var places = new List<int>();
        var played = new Coalitions(Players);
        for (var i = 0; i < count; i++)
        {
            var touched = Touched(coalitions, from + i);
            for (var c = 0; c < Candidates; c++)
            {
                var place = i * Candidates + c;
                if (touched == 0 || (touched == 1 && scope is not null && c != scope.Item))
                {
                    scores[place] = full[c];
                    continue;
                }
                games.Add(c);
                places.Add(place);
                var at = played.Add(coalitions.Of(from + i));
                if (scope is not null && c != scope.Item)
                    for (var p = 0; p < Players; p++)
                        if (isLocal[p])
                            played[at, p] = true;
            }
        }
        if (games.Count == 0)
            return scores;
        var values = new double[games.Count];
        Run([.. games], played, values);
        for (var i = 0; i < values.Length; i++)
            scores[places[i]] = values[i];
        return scores;
    }

    private void Run(int[] games, Coalitions played, double[] values)
    {
        candidates.Evaluate(games, played, values);
        Evaluations += (long)games.Length * candidates.EvaluationsPerCoalition;
        var bad = Array.FindIndex(values, v => !double.IsFinite(v));
        if (bad >= 0)
            throw AssayException.Input(
                $"The model's output for candidate {games[bad]} of the list is not a finite number when some features are replaced; choose another baseline."
            );
    }

    // How many candidates miss somebody: none, the one of the scope, or all.
    private int Touched(Coalitions coalitions, int at)
    {
        var touched = 0;
        for (var p = 0; p < Players; p++)
            if (!coalitions[at, p])
            {
                if (!isLocal[p])
                    return Candidates;
                touched = 1;
            }
        return touched;
    }

    private double[] ScoreWhole()
    {
        var all = new Coalitions(Players);
        for (var c = 0; c < Candidates; c++)
            all.AddAll();
        var scores = new double[Candidates];
        Run([.. Enumerable.Range(0, Candidates)], all, scores);
        return scores;
    }
}
