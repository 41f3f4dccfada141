using System.Numerics.Tensors;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The donor is one of the k units most like this one in the other features, each weighted by what it says of the feature.</summary>
internal static class NeighbourDraw
{
    private const int MostPool = 2048;
    private const int MostColumns = 32;

    public static Draw Of(Covariates covariates, Regression regression, int neighbours, ulong seed, ulong stream)
    {
        var n = covariates.Codes.Count;
        var pool = Sampling.Of(n, MostPool, seed, StableHash.Combine(stream, 4));
        var k = Math.Min(neighbours, pool.Length - 1);
        var points = Points(regression, n, out var width);
        var half = Array.ConvertAll(pool, p => TensorPrimitives.SumOfSquares(points.AsSpan(p * width, width)) / 2);
        var donors = new int[n];
        var codes = covariates.Codes.Columns;
        var (missed, all) = (0.0, 0.0);
        var nearest = new int[Math.Max(k, 1)];
        var distance = new float[nearest.Length];
        for (var u = 0; u < n; u++)
        {
            var own = points.AsSpan(u * width, width);
            Array.Fill(distance, float.PositiveInfinity);
            for (var j = 0; j < pool.Length; j++)
            {
                if (pool[j] == u)
                    continue;
                // Half the squared distance, less what is the same for all.
                var far = half[j] - TensorPrimitives.Dot(own, points.AsSpan(pool[j] * width, width));
                if (!(far < distance[^1]))
                    continue;
                var at = nearest.Length - 1;
                for (; at > 0 && distance[at - 1] > far; at--)
                    (distance[at], nearest[at]) = (distance[at - 1], nearest[at - 1]);
                (distance[at], nearest[at]) = (far, pool[j]);
            }
            donors[u] = k < 1 ? u : nearest[CounterRandom.IntAt(seed, StableHash.Combine(stream, 5), (ulong)u, k)];
            foreach (var code in codes)
            {
                var mean = 0.0;
                for (var i = 0; i < k; i++)
                    mean += code[nearest[i]] / k;
                missed += (code[u] - mean) * (code[u] - mean);
                all += code[u] * code[u];
            }
        }
        return new(donors, 1 - missed / all, "neighbours");
    }

    private static float[] Points(Regression regression, int n, out int width)
    {
        var weights = regression.Weights();
        var largest = weights.DefaultIfEmpty().Max();
        int[] used =
        [
            .. Enumerable
                .Range(0, weights.Length)
                .Where(c => weights[c] > 0.02 * largest)
                .OrderByDescending(c => weights[c])
                .Take(MostColumns),
        ];
        width = used.Length;
        var points = new float[n * width];
        for (var c = 0; c < width; c++)
        {
            var (column, weight) = (regression.Others.Columns[used[c]], weights[used[c]] / largest);
            for (var u = 0; u < n; u++)
                points[u * width + c] = (float)(weight * column[u]);
        }
        return points;
    }
}
