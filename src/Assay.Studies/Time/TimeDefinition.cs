using System.Globalization;
using System.Text.RegularExpressions;

namespace Assay.Studies;

/// <summary>The time of a study's rows [time] and the periods asked for.</summary>
internal static partial class TimeDefinition
{
    private static readonly string[] Parts =
    [
        "hour",
        "weekday",
        "weekend",
        "day",
        "week",
        "month",
        "quarter",
        "season",
        "value",
    ];

    public static readonly string[] Units =
    [
        "timestamp",
        "date",
        "text",
        "seconds",
        "milliseconds",
        "hour",
        "weekday",
        "week",
        "month",
        "day",
        "period",
    ];

    /// <summary>The column, and its periods as dimensions of segments.</summary>
    public static (string? Column, IReadOnlyList<SegmentDefinition> Periods) Read(YamlMap root)
    {
        if (!root.IsMap("time"))
            return (root.Text("time"), []);
        var map = root.Map("time")!;
        var time = new PeriodDefinition
        {
            Part = "value",
            Column = map.RequiredText("column"),
            Unit = map.Choice("unit", Units),
            OffsetMinutes = Offset(map),
        };
        var periods = map.Maps("periods", "part").SelectMany(p => Period(p, time)).ToArray();
        map.RejectOthers();
        return (time.Column, periods);
    }

    private static IEnumerable<SegmentDefinition> Period(YamlMap map, PeriodDefinition time)
    {
        if (map.Has("part"))
        {
            var part = map.Choice("part", Parts)!;
            map.RejectOthers();
            yield return Dimension(part == "value" ? time.Column : part, time with { Part = part });
            yield break;
        }
        foreach (var name in map.Keys)
            yield return Dimension(name, time with { Part = "when", Predicate = map.RequiredText(name) });
    }

    private static SegmentDefinition Dimension(string name, PeriodDefinition period) =>
        new()
        {
            Name = name,
            Kind = SegmentKind.Period,
            Column = period.Column,
            Period = period,
        };

    private static int Offset(YamlMap map)
    {
        if (map.Text("zone") is not { } text || text is "UTC" or "Z")
            return 0;
        var match = OffsetText().Match(text);
        if (!match.Success)
            throw map.ErrorAt(
                "zone",
                $"'zone' is an offset from the data's clock such as +02:00, not '{text}'; for zones with summer time put local times in the data"
            );
        int Part(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return (match.Groups[1].Value == "-" ? -1 : 1) * (60 * Part(2) + Part(3));
    }

    [GeneratedRegex(@"^([+-])(\d{1,2}):(\d{2})$")]
    private static partial Regex OffsetText();
}
