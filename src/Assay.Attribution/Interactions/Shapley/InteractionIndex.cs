using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>
/// The Shapley interaction indices. Each is linear in the game's Möbius coefficients a(U) = Σ_{T⊆U} (−1)^{|U|−|T|} v(T):
/// I(S) = Σ_{U⊇S} c(|S|, |U|) a(U); the indices differ in c alone.
/// </summary>
internal static class InteractionIndex
{
    public const string Sii = "sii";
    public const string KSii = "k-sii";
    public const string Stii = "stii";
    public const string Fsii = "fsii";

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> All { get; } = [KSii, Sii, Stii, Fsii];

    /// <summary>Whether values of all sets up to the order sum to v(N) − v(∅).</summary>
    public static bool IsEfficient(string index) => index != Sii;

    /// <summary>Throws a usage error where there is no such index.</summary>
    public static void Require(string index)
    {
        if (!All.Contains(index))
            throw AssayException.Usage($"There is no index '{index}'; choose one of: {string.Join(", ", All)}.");
    }

    /// <summary>c(s, u) of an index of the given order, for 1 ≤ s ≤ order and u ≥ s.</summary>
    public static Fraction Coefficient(string index, int order, int s, int u) =>
        index switch
        {
            // Grabisch and Roubens 1999.
            Sii => new(1, u - s + 1),
            KSii => Aggregated(order, s, u),
            // Sundararajan, Dhamdhere and Agarwal 2020, arXiv 1902.05622.
            Stii => s < order ? Same(s, u) : new(1, Fraction.Binomial(u, order)),
            // Tsai, Yeh and Ravikumar 2023, arXiv 2203.00870.
            _ => u <= order ? Same(s, u) : Faithful(order, s, u),
        };

    /// <summary>
    /// The weight of v(T) in I(S) of a game with n players, by s = |S|, t = |T| and r = |T ∩ S|:
    /// Σ over U ⊇ S ∪ T of c(s, |U|) (−1)^{|U|−t}.
    /// </summary>
    public static double[,] Weights(string index, int order, int s, int n)
    {
        var c = new Fraction[n + 1];
        for (var u = s; u <= n; u++)
            c[u] = Coefficient(index, order, s, u);
        var weights = new double[n + 1, s + 1];
        for (var t = 0; t <= n; t++)
        for (var r = Math.Max(0, s + t - n); r <= Math.Min(s, t); r++)
        {
            var union = s + t - r;
            var sum = Fraction.Zero;
            for (var j = 0; j <= n - union; j++)
            {
                var term = Fraction.Binomial(n - union, j) * c[union + j];
                sum = (union + j - t) % 2 == 0 ? sum + term : sum - term;
            }
            weights[t, r] = sum.ToDouble();
        }
        return weights;
    }

    // Bordt and von Luxburg 2023, arXiv 2209.04012: higher orders are shared among lower ones by Bernoulli numbers.
    private static Fraction Aggregated(int order, int s, int u)
    {
        var sum = Fraction.Zero;
        for (var r = 0; r <= Math.Min(order - s, u - s); r++)
            sum += Fraction.Binomial(u - s, r) * Fraction.Bernoulli(r) * new Fraction(1, u - s - r + 1);
        return sum;
    }

    private static Fraction Same(int s, int u) => s == u ? Fraction.One : Fraction.Zero;

    private static Fraction Faithful(int order, int s, int u)
    {
        var value =
            new Fraction(s, order + s)
            * Fraction.Binomial(order, s)
            * new Fraction(Fraction.Binomial(u - 1, order), Fraction.Binomial(u + order - 1, order + s));
        return (order - s) % 2 == 0 ? value : Fraction.Zero - value;
    }
}
