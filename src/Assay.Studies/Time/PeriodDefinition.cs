namespace Assay.Studies;

/// <summary>One way of cutting a column of time into periods.</summary>
public sealed record PeriodDefinition
{
    /// <summary>hour, weekday, weekend, day, week, month, quarter, season; "when" for a predicate; "value" for a column that is a period already.</summary>
    public required string Part { get; init; }

    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>
    /// What the column holds: timestamp, date, text, seconds or milliseconds since 1970, or whole numbers that are hours, weekdays, weeks,
    /// months, days or just periods; null: to be found from its type, its name and its range.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>Minutes to add to a time before it is cut, to get local time.</summary>
    public int OffsetMinutes { get; init; }

    /// <summary>The SQL predicate of "when", over hour, weekday (Monday 1), week, month, year and the columns of the data.</summary>
    public string? Predicate { get; init; }

    /// <summary>Whether its periods follow each other, so that a trend has a meaning.</summary>
    public bool IsOrdered =>
        Part is "day" or "week" or "month" or "quarter"
        || (Part == "value" && Unit is "week" or "month" or "day" or "period");
}
