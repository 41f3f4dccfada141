namespace Assay.Attribution.Games;

/// <summary>
/// Cooperative games with the same players, one for each row: v(S) is what the row's target is, on average over the
/// baselines, when only the players in S have their own values.
/// </summary>
public interface IGames
{
    /// <summary>Number of games.</summary>
    int Count { get; }

    /// <summary>Number of players of each.</summary>
    int Players { get; }

    /// <summary>Model evaluations that the value of one coalition costs: the number of baselines it is averaged over.</summary>
    int EvaluationsPerCoalition { get; }

    /// <summary>Values of coalitions, each in a game of its own choice; many at once cost less.</summary>
    /// <param name="game">For each coalition the number of its game, from 0 to <see cref="Count"/> − 1.</param>
    /// <param name="coalitions">As many coalitions.</param>
    /// <param name="values">Takes as many values.</param>
    void Evaluate(ReadOnlySpan<int> game, Coalitions coalitions, Span<double> values);
}
