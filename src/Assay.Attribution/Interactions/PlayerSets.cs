using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>Sets of players up to an order.</summary>
internal static class PlayerSets
{
    private const long Most = 200_000;

    /// <summary>All sets of 1 to <paramref name="order"/> players, by size, then in lexicographic order.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> UpTo(int order, int players)
    {
        if (Count(order, players) > Most)
            throw AssayException.Usage(
                $"{players} features have more than {Most} sets of up to {order}; put features into groups, or lower the order."
            );
        return [.. Enumerable.Range(1, order).SelectMany(size => OfSize(size, players))];
    }

    /// <summary>All sets of one size, in lexicographic order.</summary>
    public static IEnumerable<IReadOnlyList<int>> OfSize(int size, int players)
    {
        var set = Enumerable.Range(0, size).ToArray();
        while (size <= players)
        {
            yield return [.. set];
            var at = size - 1;
            while (at >= 0 && set[at] == players - size + at)
                at--;
            if (at < 0)
                yield break;
            set[at]++;
            for (var i = at + 1; i < size; i++)
                set[i] = set[i - 1] + 1;
        }
    }

    private static double Count(int order, int players)
    {
        var (sum, binomial) = (0.0, 1.0);
        for (var size = 1; size <= order; size++)
            sum += binomial *= (players - size + 1.0) / size;
        return sum;
    }
}
