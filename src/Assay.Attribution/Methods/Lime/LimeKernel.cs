namespace Assay.Attribution.Methods;

/// <summary>The weight of a draw: LIME's own for tables, the root of exp(−d² / width²) with d² = the features that are absent and a width of 0.75 √F.</summary>
internal static class LimeKernel
{
    /// <summary>Ridge penalty as a share of the sum of weights.</summary>
    public const double Ridge = 1e-4;

    private const double Width = 0.75;

    /// <summary>The weight of a draw with that many of the players present.</summary>
    public static double Weight(int present, int players) => Math.Exp(-(players - present) * Rate(players));

    /// <summary>
    /// What fair coins and the kernel amount to: coins that each show absence with this probability. The kernel is a product over
    /// features, so the draws are independent under it too.
    /// </summary>
    public static double Absence(int players)
    {
        var odds = Math.Exp(-Rate(players));
        return odds / (1 + odds);
    }

    private static double Rate(int players) => 1 / (2 * Width * Width * players);
}
