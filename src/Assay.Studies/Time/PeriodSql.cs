using System.Globalization;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Periods as SQL over the data: what a column of time holds, and the label of each row.</summary>
internal static class PeriodSql
{
    private static readonly string[] Weekdays =
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];

    // Whole numbers from here on are seconds since 1970 (1973 on), and from the second on milliseconds (1973 on).
    private const double LeastSeconds = 1e8;
    private const double LeastMilliseconds = 1e11;

    /// <summary>The same period with its unit found in the explained data.</summary>
    /// <exception cref="AssayException">Input: a column that is no time, or that cannot be cut so.</exception>
    public static PeriodDefinition Resolve(PeriodDefinition period, Duck duck, DataTable table)
    {
        var unit = period.Unit ?? Find(period.Column, duck, table);
        if (!IsClock(unit) && period.Part is not ("value" or "when") && period.Part != unit)
            throw AssayException.Input(
                $"Data {table.Source.Title}: column '{period.Column}' (time) holds numbers taken as '{unit}', which have no {period.Part}; "
                    + $"ask for the period {unit}, name a column of times, or say what it holds with 'unit'."
            );
        return period with { Unit = unit, Part = !IsClock(unit) && period.Part != "when" ? "value" : period.Part };
    }

    /// <summary>A VARCHAR expression: the period of a row, NULL where it has no time.</summary>
    public static string Expression(PeriodDefinition period, DataTable table)
    {
        var unit = period.Unit ?? throw new InvalidOperationException("The unit of a period is found first.");
        table.Type(period.Column, "time");
        if (period.Part == "value")
            return IsClock(unit)
                ? $"CAST({Clock(period, table)} AS VARCHAR)"
                : $"CAST({Sql.Name(period.Column)} AS VARCHAR)";
        if (period.Part == "when")
            return When(period, unit, table);
        var clock = Clock(period, table);
        return period.Part switch
        {
            "hour" => $"strftime({clock}, '%H')",
            "weekday" =>
                $"list_extract([{string.Join(", ", Weekdays.Select(Sql.Text))}], CAST(isodow({clock}) AS INTEGER))",
            "weekend" =>
                $"CASE WHEN isodow({clock}) >= 6 THEN 'weekend' WHEN isodow({clock}) < 6 THEN 'working day' END",
            "day" => $"strftime({clock}, '%Y-%m-%d')",
            "week" => $"strftime({clock}, '%G-W%V')",
            "month" => $"strftime({clock}, '%Y-%m')",
            "quarter" => $"strftime({clock}, '%Y') || '-Q' || quarter({clock})",
            _ =>
                $"CASE (month({clock}) % 12) // 3 WHEN 0 THEN 'December–February' WHEN 1 THEN 'March–May' WHEN 2 THEN 'June–August' "
                    + "WHEN 3 THEN 'September–November' END",
        };
    }

    /// <summary>The labels in order, where their names do not sort so.</summary>
    public static IReadOnlyList<string> Order(PeriodDefinition period) =>
        period.Part switch
        {
            "weekday" => Weekdays,
            "weekend" => ["working day", "weekend"],
            "season" => ["December–February", "March–May", "June–August", "September–November"],
            "when" => ["yes", "no"],
            _ => [],
        };

    private static bool IsClock(string unit) => unit is "timestamp" or "date" or "text" or "seconds" or "milliseconds";

    private static string Find(string column, Duck duck, DataTable table)
    {
        var type = table.Type(column, "time");
        if (type.StartsWith("TIMESTAMP", StringComparison.Ordinal))
            return "timestamp";
        if (type is "DATE")
            return "date";
        if (type is "VARCHAR")
            return "text";
        var value = table.Number(column, "time");
        var largest = duck.Scalar($"SELECT max({value}) FROM {table.Relation}") as double? ?? 0;
        if (largest >= LeastMilliseconds)
            return "milliseconds";
        if (largest >= LeastSeconds)
            return "seconds";
        bool Named(params string[] names) => names.Any(n => column.Contains(n, StringComparison.OrdinalIgnoreCase));
        return Named("hour") ? "hour"
            : Named("weekday", "dow", "day_of_week", "dayofweek") ? "weekday"
            : Named("week") ? "week"
            : Named("month") ? "month"
            : Named("day") ? "day"
            : "period";
    }

    private static string Clock(PeriodDefinition period, DataTable table)
    {
        var name = Sql.Name(period.Column);
        var clock = period.Unit switch
        {
            "seconds" => $"to_timestamp({table.Number(period.Column, "time")})::TIMESTAMP",
            "milliseconds" => $"to_timestamp({table.Number(period.Column, "time")} / 1000)::TIMESTAMP",
            "timestamp" or "date" => $"CAST({name} AS TIMESTAMP)",
            "text" => $"TRY_CAST({name} AS TIMESTAMP)",
            var unit => throw AssayException.Input(
                $"Data {table.Source.Title}: column '{period.Column}' (time) holds '{unit}', which is no time of day."
            ),
        };
        return period.OffsetMinutes == 0
            ? clock
            : $"({clock} + INTERVAL ({period.OffsetMinutes.ToString(CultureInfo.InvariantCulture)}) MINUTE)";
    }

    // The parts of the time stand in the innermost scope, so that a predicate may name them beside the data's columns.
    private static string When(PeriodDefinition period, string unit, DataTable table)
    {
        var parts = IsClock(unit)
            ? $"hour({Clock(period, table)}) AS hour, isodow({Clock(period, table)}) AS weekday, weekofyear({Clock(period, table)}) AS week, "
                + $"month({Clock(period, table)}) AS month, year({Clock(period, table)}) AS year"
            : $"{Sql.Name(period.Column)} AS {Sql.Name(unit)}";
        return $"(SELECT CASE WHEN ({period.Predicate}\n) THEN 'yes' WHEN NOT ({period.Predicate}\n) THEN 'no' END FROM (SELECT {parts}))";
    }
}
