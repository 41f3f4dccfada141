namespace Assay.ServerLoad;

/// <summary>One feature: what people call it, what it describes, and how many values it has (0: a number).</summary>
/// <param name="Name">The column.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Group">user, item, context or history.</param>
/// <param name="Key">The columns whose hash decides its value.</param>
/// <param name="Values">Number of values; 0: a number.</param>
/// <param name="IsSegment">Whether its values are segments of the study.</param>
internal sealed record Column(
    string Name,
    string Title,
    string Group,
    string Key,
    int Values = 0,
    bool IsSegment = false
)
{
    /// <summary>13 numbers and 26 ids, as in Criteo's logs; six of the ids have 200 values together.</summary>
    public static IReadOnlyList<Column> All { get; } =
    [
        new("country", "Country", "user", "user_id", 40, true),
        new("device", "Device", "user", "user_id", 10, true),
        new("lifecycle", "Lifecycle stage", "user", "user_id", 6, true),
        new("cohort", "Month of joining", "user", "user_id", 60, true),
        new("category", "Category", "item", "item_id", 60, true),
        new("hour", "Hour of the day", "context", "request_id", 24, true),
        .. Ids("user", "user_id", "age_band", "language", "plan", "referrer", "household_type"),
        .. Ids("item", "item_id", "brand", "seller", "style", "colour", "material", "licence", "origin"),
        .. Ids("context", "request_id", "page", "campaign", "weekday", "connection"),
        .. Ids("history", "request_id, item_id", "last_category", "last_brand", "last_action", "last_channel"),
        .. Numbers("user", "user_id", "tenure", "spend", "visits"),
        .. Numbers("item", "item_id", "price", "popularity", "rating", "age_of_item"),
        .. Numbers("context", "request_id", "basket_value", "session_length"),
        .. Numbers("history", "request_id, item_id", "recency", "frequency", "dwell_time", "returns"),
    ];

    private static IEnumerable<Column> Ids(string group, string key, params string[] names) =>
        names.Select((n, i) => new Column(n, Words(n), group, key, 12 + 40 * i));

    private static IEnumerable<Column> Numbers(string group, string key, params string[] names) =>
        names.Select(n => new Column(n, Words(n), group, key));

    private static string Words(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');
}
