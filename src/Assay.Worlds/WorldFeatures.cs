namespace Assay.Worlds;

/// <summary>The features of every world, their names and roles.</summary>
public static class WorldFeatures
{
#pragma warning disable CS1591 // The names say what they are; descriptions stand in All.
    public const string Region = "region";
    public const string Device = "device";
    public const string AgeBand = "age_band";
    public const string Lifecycle = "lifecycle_stage";
    public const string Category = "category";
    public const string Price = "price";
    public const string Popularity = "popularity";
    public const string Quality = "metadata_quality";
    public const string Badge = "badge_score";
    public const string Coupon = "coupon";
    public const string Hour = "hour_bucket";
    public const string Season = "season";
    public const string Position = "position";
    public const string Recency = "recency";
    public const string Frequency = "frequency";
    public const string History = "history";
    public const string NoiseUser = "noise_user";
    public const string NoiseRequest = "noise_request";
    public const string NoiseRow = "noise_row";
    public const string NoiseCode = "noise_code";
#pragma warning restore CS1591

    internal static readonly string[] Regions = ["north", "south", "east", "west"];
    internal static readonly string[] Devices = ["mobile", "desktop", "tablet"];
    internal static readonly string[] Hours = ["night", "morning", "midday", "afternoon", "evening", "late"];
    internal static readonly string[] Lifecycles = ["new", "regular", "loyal"];
    internal static readonly string[] Categories =
    [
        "books",
        "music",
        "film",
        "games",
        "sports",
        "outdoor",
        "garden",
        "home",
        "food",
        "health",
        "beauty",
        "fashion",
    ];
    internal const int HistoryLength = 10;

    /// <summary>Every feature, in column order.</summary>
    public static IReadOnlyList<WorldFeature> All { get; } =
    [
        Ids(Region, "user", FeatureLevel.User, FeatureRole.Weak, "Where the user lives.", Regions),
        Ids(Device, "user", FeatureLevel.User, FeatureRole.Weak, "The user's main device.", Devices),
        Ids(
            AgeBand,
            "user",
            FeatureLevel.User,
            FeatureRole.Weak,
            "The user's age band.",
            ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
        ),
        Ids(Lifecycle, "user", FeatureLevel.User, FeatureRole.Weak, "How long the user has been with us.", Lifecycles),
        Ids(Category, "item", FeatureLevel.Row, FeatureRole.Weak, "The item's category.", Categories),
        Number(Price, "item", FeatureLevel.Row, FeatureRole.Weak, "The item's price in euros.") with
        {
            Logarithmic = true,
        },
        Number(
            Popularity,
            "item",
            FeatureLevel.Row,
            FeatureRole.Strong,
            "Clicks on the item over the 30 days before."
        ) with
        {
            Logarithmic = true,
        },
        Number(
            Quality,
            "item",
            FeatureLevel.Row,
            FeatureRole.Weak,
            "How complete the item's description is, 0 to 1; unknown for one item in seven."
        ) with
        {
            MissingValue = 0.5f,
        },
        Number(
            Badge,
            "item",
            FeatureLevel.Row,
            FeatureRole.Proxy,
            "The score behind the 'trending' badge: a noisy copy of popularity that no user reacts to."
        ),
        Ids(
            Coupon,
            "item",
            FeatureLevel.Row,
            FeatureRole.Sparse,
            "Whether a coupon was offered; in one row of a hundred it was.",
            ["none", "offered"]
        ),
        Ids(Hour, "context", FeatureLevel.Request, FeatureRole.Weak, "Part of the day.", Hours),
        Ids(
            Season,
            "context",
            FeatureLevel.Request,
            FeatureRole.None,
            "Season of the request.",
            ["winter", "spring", "summer", "autumn"]
        ),
        Number(
            Position,
            "context",
            FeatureLevel.Row,
            FeatureRole.Weak,
            "Place in the list, 0 at the top, given by the logging policy."
        ),
        Number(
            Recency,
            "history",
            FeatureLevel.Row,
            FeatureRole.Strong,
            "Days since the user's last event in the item's category; 365 if longer or never."
        ) with
        {
            Logarithmic = true,
        },
        Number(
            Frequency,
            "history",
            FeatureLevel.Row,
            FeatureRole.Weak,
            "The user's events in the item's category over the 90 days before."
        ) with
        {
            Logarithmic = true,
        },
        new(
            History,
            FeatureKind.Sequence,
            "history",
            FeatureLevel.Request,
            FeatureRole.Weak,
            "Categories of the user's last ten events, oldest first."
        )
        {
            Labels = Categories,
            Width = HistoryLength,
        },
        Ids(
            NoiseUser,
            "noise",
            FeatureLevel.User,
            FeatureRole.Noise,
            "A cohort drawn by lot per user.",
            ["a", "b", "c", "d", "e"]
        ),
        Number(NoiseRequest, "noise", FeatureLevel.Request, FeatureRole.Noise, "A random number per request."),
        Number(NoiseRow, "noise", FeatureLevel.Row, FeatureRole.Noise, "A random number per row."),
        Ids(
            NoiseCode,
            "noise",
            FeatureLevel.Row,
            FeatureRole.Noise,
            "A letter drawn by lot per row.",
            ["k", "l", "m", "n", "o", "p", "q", "r"]
        ),
    ];

    private static readonly Dictionary<string, int> Positions = All.Select((f, i) => (f.Name, i))
        .ToDictionary(p => p.Name, p => p.i);

    /// <summary>The column of a feature; throws <see cref="ArgumentException"/> naming an unknown one.</summary>
    public static int IndexOf(string feature) =>
        Positions.TryGetValue(feature, out var i)
            ? i
            : throw new ArgumentException(
                $"The world has no feature '{feature}'; it has {string.Join(", ", Positions.Keys)}."
            );

    private static WorldFeature Ids(
        string name,
        string group,
        FeatureLevel level,
        FeatureRole role,
        string description,
        string[] labels
    ) => new(name, FeatureKind.Categorical, group, level, role, description) { Labels = labels };

    private static WorldFeature Number(
        string name,
        string group,
        FeatureLevel level,
        FeatureRole role,
        string description
    ) => new(name, FeatureKind.Numeric, group, level, role, description);
}
