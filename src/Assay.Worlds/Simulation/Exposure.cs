using Assay.Statistics;

namespace Assay.Worlds.Simulation;

/// <summary>What a request shows and where: half the candidates follow the user's taste, the order a noisy popularity.</summary>
internal sealed class Exposure(Item[] items, WorldOptions options)
{
    private readonly int[][] byCategory =
    [
        .. Enumerable
            .Range(0, WorldFeatures.Categories.Length)
            .Select(c => Enumerable.Range(0, items.Length).Where(i => items[i].Category == c).ToArray()),
    ];

    /// <summary>Distinct items from the top position down.</summary>
    public int[] Candidates(User user, int count, int period, CounterRandom random)
    {
        var chosen = new List<int>(count);
        while (chosen.Count < count)
        {
            var item = Candidate(user, random);
            if (!chosen.Contains(item))
                chosen.Add(item);
        }
        return
        [
            .. chosen.OrderByDescending(i =>
                Truth.Scales.Popularity(items[i].Popularity(period)) + options.PolicyNoise * random.NextNormal()
            ),
        ];
    }

    private int Candidate(User user, CounterRandom random)
    {
        if (random.NextBool(1 - options.TasteShare))
            return random.NextInt(items.Length);
        var liked = byCategory[user.DrawCategory(random.NextDouble())];
        return liked.Length > 0 ? liked[random.NextInt(liked.Length)] : random.NextInt(items.Length);
    }
}
