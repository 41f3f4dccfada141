using System.Numerics;

namespace Assay.Attribution.Interactions;

/// <summary>An exact fraction: the weights of interaction indices are alternating sums that cancel in floating point.</summary>
internal readonly struct Fraction
{
    private readonly BigInteger above;
    private readonly BigInteger below;

    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        (above, below) = (numerator / common, denominator / common);
    }

    public static Fraction Zero { get; } = new(0, 1);

    public static Fraction One { get; } = new(1, 1);

    public static Fraction operator +(Fraction a, Fraction b) =>
        new(a.above * b.below + b.above * a.below, a.below * b.below);

    public static Fraction operator -(Fraction a, Fraction b) =>
        new(a.above * b.below - b.above * a.below, a.below * b.below);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.above * b.above, a.below * b.below);

    public static Fraction operator /(Fraction a, Fraction b) => new(a.above * b.below, a.below * b.above);

    public static implicit operator Fraction(BigInteger whole) => new(whole, 1);

    public static implicit operator Fraction(int whole) => new(whole, 1);

    public double ToDouble()
    {
        if (above.IsZero)
            return 0;
        // Brought to 64 significant bits each, so that neither overflows.
        var (n, d) = (BigInteger.Abs(above), below);
        var (up, down) = ((int)Math.Max(0, n.GetBitLength() - 64), (int)Math.Max(0, d.GetBitLength() - 64));
        return above.Sign * Math.ScaleB((double)(n >> up) / (double)(d >> down), up - down);
    }

    /// <summary>n over k.</summary>
    public static BigInteger Binomial(int n, int k)
    {
        if (k < 0 || k > n)
            return 0;
        var result = BigInteger.One;
        for (var i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }

    /// <summary>The Bernoulli number Bᵣ with B₁ = −½, for r up to 4.</summary>
    public static Fraction Bernoulli(int r) =>
        r switch
        {
            0 => One,
            1 => new(-1, 2),
            2 => new(1, 6),
            3 => Zero,
            4 => new(-1, 30),
            _ => throw new ArgumentOutOfRangeException(nameof(r)),
        };
}
