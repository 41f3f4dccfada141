namespace Assay.Attribution.Games;

/// <summary>
/// An estimate of one game in the making. It names coalitions and takes their values, so that the coalitions of many games
/// can be evaluated together; it knows nothing of models. Driven by <see cref="GameDriver"/>.
/// </summary>
internal interface IGameEstimator
{
    /// <summary>Takes the values of the coalitions of nobody and of all, which every game pays for first.</summary>
    void Begin(double nobody, double all);

    /// <summary>Adds the coalitions wanted next; adding none ends the game.</summary>
    /// <param name="wanted">Empty.</param>
    /// <param name="affordable">The most coalitions, not asked for before, that the budget still allows.</param>
    void Ask(Coalitions wanted, int affordable);

    /// <summary>Takes the values of the coalitions that <see cref="Ask"/> named.</summary>
    void Tell(Coalitions asked, ReadOnlySpan<double> values);

    /// <summary>The estimate so far.</summary>
    ShapleyEstimate Estimate();
}
