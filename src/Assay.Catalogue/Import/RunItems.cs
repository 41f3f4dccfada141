namespace Assay.Catalogue;

/// <summary>Findings and actions of a run as rows.</summary>
internal static class RunItems
{
    // Indexes of PostgreSQL hold keys of some 2,700 bytes.
    private const int LongestId = 600;

    public static IEnumerable<RunItem> Findings(RunPart? file, string run) =>
        Distinct(
            file?.List("findings") ?? [],
            (part, ordinal) =>
            {
                var says = part.Child("sentences");
                var interval = part.Child("interval");
                return new RunItem
                {
                    RunId = run,
                    Subject = ItemKind.Finding,
                    ItemId = part.Needed("id", LongestId),
                    Ordinal = ordinal,
                    Kind = part.Text("kind") ?? "",
                    Grade = part.Text("grade") ?? "D",
                    Title = says?.Text("effect") ?? part.Text("display_name") ?? "",
                    HowSure = says?.Text("how_sure") ?? "",
                    ForWhom = says?.Text("for_whom") ?? "",
                    WhatCouldBeWrong = says?.Text("what_could_be_wrong") ?? "",
                    WhatToDo = says?.Text("what_to_do") ?? "",
                    Features = Features(part, part.Text("feature")),
                    Dimension = part.Text("dimension"),
                    Segment = part.Text("segment"),
                    SegmentLabel = part.Text("segment_label"),
                    Unit = part.Text("estimand"),
                    Method = part.Text("method"),
                    Value = part.Number("value"),
                    Low = interval?.Number("low"),
                    High = interval?.Number("high"),
                    Json = part.Raw(),
                };
            }
        );

    public static IEnumerable<RunItem> Actions(RunPart? file, string run) =>
        Distinct(
            file?.List("actions") ?? [],
            (part, ordinal) =>
            {
                var (effect, money, target) = (part.Child("effect"), part.Child("value"), part.Child("target"));
                return new RunItem
                {
                    RunId = run,
                    Subject = ItemKind.Action,
                    ItemId = part.Needed("id", LongestId),
                    Ordinal = ordinal,
                    Kind = part.Text("kind") ?? "",
                    Grade = part.Text("grade") ?? "D",
                    Tier = part.Text("tier"),
                    Title = part.Text("title") ?? "",
                    HowSure = effect?.Text("says") ?? "",
                    ForWhom = part.Child("experiment")?.Text("population") ?? "",
                    WhatCouldBeWrong = part.Child("risk")?.Text("says") ?? "",
                    WhatToDo = part.Text("first") ?? "",
                    Features = target is { } t ? Features(t, null) : [],
                    Dimension = target?.Text("dimension"),
                    Segment = target?.Texts("segments").FirstOrDefault(),
                    Unit = effect?.Text("unit"),
                    Value = effect?.Number("value"),
                    Low = effect?.Number("low"),
                    High = effect?.Number("high"),
                    Money = money?.Number("value"),
                    MoneyLow = money?.Number("low"),
                    MoneyHigh = money?.Number("high"),
                    Currency = money?.Text("unit"),
                    Json = part.Raw(),
                };
            }
        );

    private static string[] Features(RunPart part, string? single) =>
        part.Texts("features") is { Length: > 0 } several ? several
        : string.IsNullOrEmpty(single) ? []
        : [single];

    private static IEnumerable<RunItem> Distinct(IEnumerable<RunPart> parts, Func<RunPart, int, RunItem> read)
    {
        var seen = new HashSet<string>();
        foreach (var (ordinal, part) in parts.Index())
        {
            var item = read(part, ordinal);
            if (!seen.Add(item.ItemId))
                throw part.Error($"has the id '{item.ItemId}' of another one");
            item.Words = string.Join(
                    '\n',
                    [item.Title, item.HowSure, item.ForWhom, item.WhatCouldBeWrong, item.WhatToDo, item.ItemId]
                )
                .ToLowerInvariant();
            yield return item;
        }
    }
}
