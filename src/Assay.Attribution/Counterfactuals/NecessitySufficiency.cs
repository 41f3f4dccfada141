using Assay.Attribution.Ranking;

namespace Assay.Attribution.Counterfactuals;

/// <summary>
/// How needed and how sufficient a set of players is for a candidate's place, over reference rows whose values others
/// take instead (Galhotra, Pradhan and Salimi 2021, arXiv 2103.11972; Mothilal et al. 2021, arXiv 2011.04917).
/// </summary>
/// <param name="Dropped">References whose values in the set alone take the candidate out.</param>
/// <param name="Kept">References whose values everywhere but in the set leave it in.</param>
/// <param name="References">Number of references.</param>
public sealed record NecessitySufficiency(int Dropped, int Kept, int References)
{
    /// <summary>P(out | the set takes other values, the rest stays).</summary>
    public double Necessity => (double)Dropped / References;

    /// <summary>P(in | the set stays, the rest takes other values).</summary>
    public double Sufficiency => (double)Kept / References;

    /// <summary>Measures a set: one game of the same list for each reference row, 0 or more meaning in.</summary>
    public static NecessitySufficiency Of(IEnumerable<ListGames> byReference, IReadOnlyList<int> set)
    {
        var (dropped, kept, references) = (0, 0, 0);
        foreach (var games in byReference)
        {
            var (without, alone) = CounterfactualSearch.Values(games, set);
            dropped += without < 0 ? 1 : 0;
            kept += alone >= 0 ? 1 : 0;
            references++;
        }
        return new(dropped, kept, references);
    }
}
