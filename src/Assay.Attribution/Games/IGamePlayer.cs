namespace Assay.Attribution.Games;

/// <summary>A method that needs nothing but the values of coalitions, whatever the game is about.</summary>
internal interface IGamePlayer
{
    /// <summary>Explains games as rows.</summary>
    /// <param name="games">The games.</param>
    /// <param name="keys">For each game what names its random numbers.</param>
    /// <param name="settings">Budget, precision and seed.</param>
    Explanation Play(IGames games, ulong[] keys, ExplainSettings settings);
}
