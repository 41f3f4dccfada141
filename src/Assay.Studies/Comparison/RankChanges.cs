using Assay.Statistics;

namespace Assay.Studies;

/// <summary>A feature's rank in the second run minus that in the first; negative: it moved to the front.</summary>
/// <param name="Value">The difference of the ranks.</param>
/// <param name="Low">Lower end of its 95 % interval, Student's t, at most as wide as there are features; NaN: none.</param>
/// <param name="High">Upper end.</param>
public readonly record struct RankChange(double Value, double Low, double High);

/// <summary>Differences of ranks, from the replicates that two runs share and the spread between retrainings.</summary>
internal static class RankChanges
{
    /// <summary>Adds rank changes to all differences of features that both runs rank.</summary>
    public static Difference[] Added(
        Difference[] all,
        ComparedRun a,
        ComparedRun b,
        IReadOnlyList<IReadOnlyDictionary<string, Estimate>> retrainings
    )
    {
        var tables = Enumerable
            .Range(0, all.Length)
            .Where(i => all[i].First?.Rank is not null && all[i].Second?.Rank is not null)
            .GroupBy(i =>
                (all[i].Any.Split, all[i].Any.Estimand, all[i].Any.Method, all[i].Any.Dimension, all[i].Any.Segment)
            );
        foreach (var table in tables)
        {
            int[] places = [.. table];
            var errors = a.Seed == b.Seed ? Errors([.. places.Select(i => all[i])], a, b) : null;
            for (var k = 0; k < places.Length; k++)
            {
                var d = all[places[k]];
                all[places[k]] = d with { Rank = Change(d, errors?[k] ?? double.NaN, places.Length, retrainings) };
            }
        }
        return all;
    }

    private static RankChange Change(
        Difference d,
        double error,
        int features,
        IReadOnlyList<IReadOnlyDictionary<string, Estimate>> retrainings
    )
    {
        double value = d.Second!.Rank!.Value - d.First!.Rank!.Value;
        var (variance, freedom) = (error * error, (double)Math.Min(d.First.Draws, d.Second.Draws) - 1);
        if (retrainings.Count > 0)
        {
            var key = ComparedRun.Key(d.First);
            double[] ranks = [.. retrainings.Select(r => r.GetValueOrDefault(key)?.Rank ?? double.NaN)];
            var twice = 2 * Math.Pow(default(WeightedMoments).Add(ranks).StandardDeviation, 2);
            (variance, freedom) = Difference.With(variance, freedom, twice, retrainings.Count - 1);
        }
        var interval = Intervals.StudentT(value, Math.Sqrt(variance), freedom);
        return new(value, Math.Max(interval.Low, 1 - features), Math.Min(interval.High, features - 1));
    }

    // Standard deviation of the difference of ranks over the shared replicates; null where some are not kept.
    private static double[]? Errors(Difference[] table, ComparedRun a, ComparedRun b)
    {
        var first = table.Select(d => a.Replicates(d.First!)).ToArray();
        var second = table.Select(d => b.Replicates(d.Second!)).ToArray();
        if (first.Concat(second).Any(r => r is null))
            return null;
        var count = first.Concat(second).Min(r => r!.Length);
        var moments = new WeightedMoments[table.Length];
        var bySize = table[0].Any.Estimand == Estimands.MeanAttribution;
        for (var r = 0; r < count; r++)
        {
            var before = Ranks.Of([.. first.Select(f => (double)f![r])], bySize);
            var after = Ranks.Of([.. second.Select(f => (double)f![r])], bySize);
            for (var f = 0; f < table.Length; f++)
                moments[f] = moments[f].Add([after[f] - before[f]]);
        }
        return Array.ConvertAll(moments, m => m.StandardDeviation);
    }
}
