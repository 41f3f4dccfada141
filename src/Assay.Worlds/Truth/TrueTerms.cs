namespace Assay.Worlds.Truth;

/// <summary>The planted logit: what makes a user click.</summary>
internal static class TrueTerms
{
    // north, south, east, west
    private static readonly double[] RecencyByRegion = [1.35, 0.25, 0.90, 0.90];
    private static readonly double[] PopularityByRegion = [0.25, 1.35, 0.90, 0.90];

    // What the strong two do where regions do not differ: the mean of the above.
    private const double InEveryRegion = 0.85;
    private static readonly double[] ByLifecycle = [-0.15, 0, 0.15];

    // Rows: mobile, desktop, tablet. Columns: night, morning, midday, afternoon, evening, late.
    private static readonly double[][] DeviceByHour =
    [
        [0.15, 0.30, -0.15, -0.40, 0.10, 0.30],
        [-0.30, -0.30, 0.30, 0.50, -0.20, -0.40],
        [0.00, -0.20, -0.20, 0.00, 0.45, 0.20],
    ];

    private const int Loyal = 2,
        Evening = 4;

    /// <summary>The terms of a world with the usual options.</summary>
    public static IReadOnlyList<Term> All { get; } = Of(new WorldOptions());

    /// <summary>The terms of a world, effects and interactions as strong as it says.</summary>
    public static IReadOnlyList<Term> Of(WorldOptions options)
    {
        var together = options.InteractionStrength;
        double ByRegion(double[] effects, int label) =>
            label < 0 ? 0 : together * effects[label] + (1 - together) * InEveryRegion;
        return [.. Make(ByRegion, together).Select(t => t.Features.Length == 0 ? t : t.Times(options.SignalStrength))];
    }

    private static Term[] Make(Func<double[], int, double> byRegion, double together) =>
        [
            new("base rate", [], _ => -1.55),
            new(
                "recency by region",
                [WorldFeatures.Recency, WorldFeatures.Region],
                c => Scales.Recency(c[0].Number) * byRegion(RecencyByRegion, c[1].Label)
            ),
            new(
                "popularity by region",
                [WorldFeatures.Popularity, WorldFeatures.Region],
                c => Scales.Popularity(c[0].Number) * byRegion(PopularityByRegion, c[1].Label)
            ),
            new(
                "taste by age",
                [WorldFeatures.Category, WorldFeatures.AgeBand],
                c => together * Taste(c[0].Label, c[1].Label)
            ),
            new(
                "device by hour",
                [WorldFeatures.Device, WorldFeatures.Hour],
                c => c[0].Label < 0 ? 0 : together * At(DeviceByHour[c[0].Label], c[1].Label)
            ),
            new(
                "affinity",
                [WorldFeatures.History, WorldFeatures.Category],
                c => 1.5 * Share(c[0].Sequence, c[1].Label)
            ),
            new(
                "price by loyalty in the evening",
                [WorldFeatures.Price, WorldFeatures.Lifecycle, WorldFeatures.Hour],
                c =>
                    -0.3
                    * Scales.Price(c[0].Number)
                    * (c[1].Label == Loyal && c[2].Label == Evening ? 0.3 * together + (1 - together) : 1)
            ),
            new("lifecycle", [WorldFeatures.Lifecycle], c => At(ByLifecycle, c[0].Label)),
            new("metadata quality", [WorldFeatures.Quality], c => 0.6 * (c[0].Number - 0.5)),
            new("coupon", [WorldFeatures.Coupon], c => c[0].Label == 1 ? 2.2 : 0),
            new("position bias", [WorldFeatures.Position], c => -0.35 * Math.Log(1 + c[0].Number)),
            new("habit", [WorldFeatures.Frequency], c => 0.12 * Scales.Frequency(c[0].Number)),
        ];

    private static double At(double[] effects, int label) => label < 0 ? 0 : effects[label];

    /// <summary>Each age band has its season on the circle of categories: no main effect, only the pairing counts.</summary>
    private static double Taste(int category, int age) =>
        category < 0 || age < 0 ? 0 : 0.65 * Math.Cos(2 * Math.PI * (category / 12.0 - age / 6.0));

    private static double Share(ReadOnlySpan<int> history, int category)
    {
        int filled = 0,
            same = 0;
        foreach (var id in history)
        {
            filled += id > 0 ? 1 : 0;
            same += id == category + WorldFeature.FirstLabel ? 1 : 0;
        }
        return filled == 0 ? 0 : (double)same / filled;
    }
}
