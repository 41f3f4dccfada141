namespace Assay.Attribution.Games;

/// <summary>How pairs of complementary coalitions are drawn, and what each then weighs.</summary>
internal interface IPairDesign
{
    /// <summary>Draws pairs until the sample has that many different ones, or no more are to be had.</summary>
    void Draw(PairSample sample, int pairs);

    /// <summary>
    /// What a pair counts for in sums over all pairs that weigh coalitions by the Shapley kernel, up to a common factor: its
    /// stratum's mass shared among the pairs drawn there.
    /// </summary>
    double Weight(PairSample sample, int pair);

    /// <summary>The share of a pair's stratum that has not been drawn: 1 for draws with replacement.</summary>
    double Unseen(PairSample sample, int pair);

    /// <summary>Number of strata.</summary>
    int Strata { get; }
}
