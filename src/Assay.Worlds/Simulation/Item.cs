using Assay.Statistics;

namespace Assay.Worlds.Simulation;

/// <summary>An item's traits, and its popularity in each period: functions of (seed, item, period) alone.</summary>
internal sealed class Item
{
    private readonly float[] popularity;
    private readonly float[] badge;

    public Item(WorldOptions options, int number)
    {
        var (seed, periods) = (options.Seed, options.RequestsPerUser);
        var traits = new CounterRandom(seed, "item traits", (ulong)number);
        // The first items cover every category, so that none is ever empty.
        var categories = WorldFeatures.Categories.Length;
        var drawn = traits.NextInt(categories);
        Category = number < categories ? number : drawn;
        Price = (float)Math.Round(Math.Exp(2.7 + 0.7 * traits.NextNormal()), 2);
        var appeal = traits.NextNormal();
        var quality = (float)Math.Round(1 / (1 + Math.Exp(-1.2 * traits.NextNormal())), 2);
        Quality = traits.NextBool(1 / 7.0) ? float.NaN : quality;
        popularity = new float[periods];
        badge = new float[periods];
        for (var p = 0; p < periods; p++)
        {
            var random = new CounterRandom(seed, "item period", StableHash.Combine((ulong)number, (ulong)p));
            popularity[p] = random.NextPoisson(Math.Exp(3.2 + 0.95 * appeal + 0.35 * random.NextNormal()));
            badge[p] = (float)
                Math.Round(Truth.Scales.Popularity(popularity[p]) + options.ProxyNoise * random.NextNormal(), 3);
        }
    }

    public int Category { get; }
    public float Price { get; }
    public float Quality { get; }

    /// <summary>Clicks over the 30 days before a period.</summary>
    public float Popularity(int period) => popularity[period];

    /// <summary>The badge score made of the popularity in a period.</summary>
    public float Badge(int period) => badge[period];
}
