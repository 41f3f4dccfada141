namespace Assay.Studies;

/// <summary>What a variant makes of one method, beside what the study itself does.</summary>
internal sealed class Tried
{
    public Tried(Variant variant, string method, Measured own, Measured other, RankingPair pair)
    {
        (Variant, Method, Own, Other, Pair) = (variant, method, own, other, pair);
        // Of another space importances are in another unit.
        Outside = variant.What == Varied.Space ? [] : own.Outside(other);
        Moved = [.. pair.Apart(Few + 1)];
        Fallen = [.. Moved.Where(d => d.First <= pair.Top && d.Second > pair.Top)];
        Turned =
        [
            .. Enumerable
                .Range(0, own.Means.Length)
                .Where(f =>
                    own.Means[f].ExcludesZero
                    && other.Means[f].ExcludesZero
                    && Math.Sign(own.Means[f].Value) != Math.Sign(other.Means[f].Value)
                ),
        ];
        Tau = pair.Tau();
    }

    public Variant Variant { get; }
    public string Method { get; }
    public Measured Own { get; }
    public Measured Other { get; }
    public RankingPair Pair { get; }

    /// <summary>Kendall's tau-b of both orders, with replicates.</summary>
    public (double Value, double[] Replicates) Tau { get; }

    /// <summary>Changes of place up to this are not worth a word: a tenth of the features, 2 or more.</summary>
    public int Few => Math.Max(2, (Own.Sizes.Length + 9) / 10);

    /// <summary>Features whose importance leaves the study's own interval.</summary>
    public IReadOnlyList<int> Outside { get; }

    /// <summary>Features that move by more than a few places, beyond chance.</summary>
    public IReadOnlyList<Disagreement> Moved { get; }

    /// <summary>Those of them that the study has among its first and the variant has not.</summary>
    public IReadOnlyList<Disagreement> Fallen { get; }

    /// <summary>Features that push the score one way in the study and the other way in the variant, both beyond chance.</summary>
    public IReadOnlyList<int> Turned { get; }

    /// <summary>A feature's place by size in the variant, 1 the strongest.</summary>
    public int Place(int feature) => Other.Sizes[feature].Rank!.Value;

    /// <summary>Its place in the study.</summary>
    public int OwnPlace(int feature) => Own.Sizes[feature].Rank!.Value;
}
