namespace Assay.Attribution.Games;

/// <summary>
/// Random games whose odd part has interactions of three and of five players, all of an order alike. With players as ±1 such a
/// game is Σ c z_i z_j z_k + Σ c z_i z_j z_k z_l z_m, so that covariances depend only on how many players two coalitions
/// differ in, and on sizes.
/// </summary>
internal sealed class OddPolynomial
{
    // Measured on the games of eight recommenders; anything from 0 to 0.5 is within a fifth of the best.
    private const double OfFifth = 0.2;

    private readonly int players;
    private readonly double third;
    private readonly double fifth;
    private readonly double[] byDifference;
    private readonly double[] inside;
    private readonly double[] outside;

    public OddPolynomial(int players)
    {
        this.players = players;
        third = 1 / Choose(players, 3);
        fifth = players < 5 ? 0 : OfFifth / Choose(players, 5);
        byDifference = [.. Enumerable.Range(0, players + 1).Select(d => Covariance(players - d, d))];
        inside = [.. Enumerable.Range(0, players + 1).Select(s => s == 0 ? 0 : Value(s - 1, players - s))];
        outside = [.. Enumerable.Range(0, players + 1).Select(s => s == players ? 0 : -Value(s, players - s - 1))];
    }

    /// <summary>Covariance of the odd parts at two coalitions that differ in some players; 1.2 where they are the same.</summary>
    public double At(int difference) => byDifference[difference];

    /// <summary>Covariance of a player's Shapley value with the odd part at a coalition of some size.</summary>
    public double WithValue(int size, bool isMember) => isMember ? inside[size] : outside[size];

    private double Covariance(int same, int other) =>
        third * Elementary(3, same, other) + (fifth == 0 ? 0 : fifth * Elementary(5, same, other));

    // A product of d signs shares v(N) − v(∅) = 2 among its d players.
    private double Value(int plus, int minus) =>
        2.0 / 3 * third * Elementary(2, plus, minus) + (fifth == 0 ? 0 : 2.0 / 5 * fifth * Elementary(4, plus, minus));

    /// <summary>The sum of all products of d different ones of some +1 and some −1.</summary>
    private static double Elementary(int d, int plus, int minus)
    {
        var sum = 0.0;
        for (var j = 0; j <= d; j++)
            sum += (j % 2 == 0 ? 1 : -1) * Choose(minus, j) * Choose(plus, d - j);
        return sum;
    }

    private static double Choose(int n, int k)
    {
        if (k > n)
            return 0;
        var result = 1.0;
        for (var i = 1; i <= k; i++)
            result *= (n - k + i) / (double)i;
        return result;
    }
}
