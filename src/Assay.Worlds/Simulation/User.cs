using Assay.Statistics;

namespace Assay.Worlds.Simulation;

/// <summary>A user's traits and everything they did: functions of (seed, user) alone.</summary>
internal sealed class User
{
    private static readonly double[] DeviceShares = [0.55, 0.33, 0.12];
    private static readonly double[] LifecycleShares = [0.25, 0.45, 0.30];
    private static readonly double[] EventsPerYear = [10, 28, 60];

    private readonly double[] affinity;
    private readonly (float Day, int Category)[] events;

    public User(ulong seed, int number, double days)
    {
        var traits = new CounterRandom(seed, "user traits", (ulong)number);
        Region = traits.NextInt(WorldFeatures.Regions.Length);
        Age = traits.NextInt(6);
        Device = Draw.From(DeviceShares, traits.NextDouble());
        Lifecycle = Draw.From(LifecycleShares, traits.NextDouble());
        affinity = new double[WorldFeatures.Categories.Length];
        for (var c = 0; c < affinity.Length; c++)
            affinity[c] = Math.Exp(1.1 * traits.NextNormal());
        Cohort = new CounterRandom(seed, "user cohort", (ulong)number).NextInt(5);
        events = Events(seed, number, days);
    }

    public int Region { get; }
    public int Age { get; }
    public int Device { get; }
    public int Lifecycle { get; }
    public int Cohort { get; }

    /// <summary>A category drawn in proportion to what the user likes.</summary>
    public int DrawCategory(double uniform) => Draw.From(affinity, uniform);

    /// <summary>Days since the last event in a category before <paramref name="day"/>, at most 365.</summary>
    public float Recency(int category, double day)
    {
        for (var i = Before(day) - 1; i >= 0; i--)
            if (events[i].Category == category)
                return (float)Math.Min(365, day - events[i].Day);
        return 365;
    }

    /// <summary>Events in a category over the 90 days before.</summary>
    public int Frequency(int category, double day)
    {
        var count = 0;
        for (var i = Before(day) - 1; i >= 0 && events[i].Day > day - 90; i--)
            if (events[i].Category == category)
                count++;
        return count;
    }

    /// <summary>Ids of the last events' categories, oldest first, padded with 0 on the left.</summary>
    public void History(double day, Span<int> ids)
    {
        ids.Clear();
        var end = Before(day);
        for (var k = 1; k <= Math.Min(ids.Length, end); k++)
            ids[^k] = WorldFeature.FirstLabel + events[end - k].Category;
    }

    private (float, int)[] Events(ulong seed, int number, double days)
    {
        // A year before the first request is simulated too, so that everyone has a past.
        var random = new CounterRandom(seed, "user events", (ulong)number);
        var list = new List<(float, int)>();
        for (var day = -365.0; ; )
        {
            day -= 365 / EventsPerYear[Lifecycle] * Math.Log(1 - random.NextDouble());
            if (day >= days)
                return [.. list];
            list.Add(((float)day, DrawCategory(random.NextDouble())));
        }
    }

    private int Before(double day)
    {
        int low = 0,
            high = events.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (events[middle].Day < day)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
