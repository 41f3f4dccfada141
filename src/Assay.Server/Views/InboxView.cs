using System.Text.Json.Nodes;

namespace Assay.Server;

/// <summary>A finding or an action as something to read, discuss and decide.</summary>
internal sealed record InboxItem
{
    /// <summary>finding or action.</summary>
    public required string Subject { get; init; }
    public required string Id { get; init; }

    /// <summary>It in a sentence.</summary>
    public required string Title { get; init; }
    public required string HowSure { get; init; }
    public required string ForWhom { get; init; }
    public required string WhatCouldBeWrong { get; init; }
    public required string WhatToDo { get; init; }
    public required string Grade { get; init; }

    /// <summary>safeguard, improve, evidence, not_worth_it; null of findings.</summary>
    public string? Tier { get; init; }
    public required string Kind { get; init; }
    public required IReadOnlyList<Ref> Features { get; init; }
    public Ref? Segment { get; init; }
    public Num? Value { get; init; }
    public required string Unit { get; init; }
    public Money? Money { get; init; }

    /// <summary>Whether the previous run did not have it; false where there is none.</summary>
    public bool IsNew { get; init; }

    /// <summary>What is different from the previous run, in words.</summary>
    public string? Changed { get; init; }
    public required string Status { get; init; }
    public string? Assignee { get; init; }
    public DateTime? SnoozedUntil { get; init; }
    public int Comments { get; init; }
    public DecisionFact? Decision { get; init; }
}

/// <summary>How many items each choice of a filter would leave.</summary>
internal sealed record Facets(
    IReadOnlyDictionary<string, int> Grade,
    IReadOnlyDictionary<string, int> Kind,
    IReadOnlyDictionary<string, int> Status
);

/// <summary>A page of the inbox.</summary>
internal sealed record InboxPage(IReadOnlyList<InboxItem> Items, int Total, int Page, int PageSize, Facets Facets);

/// <summary>What the inbox is narrowed to; null: not.</summary>
internal sealed record InboxFilter(
    string? Kind = null,
    string? Grade = null,
    string? Status = null,
    string? Assignee = null,
    string? Feature = null,
    string? Q = null
);

/// <summary>What changed and what needs somebody: findings and actions in one list.</summary>
internal static class InboxView
{
    private const int MostItems = 100;

    public static InboxPage Page(ViewContext view, InboxFilter filter, int page = 1, int pageSize = 50)
    {
        var all = All(view).ToArray();
        var kept = all.Where(i => Matches(i, filter)).ToArray();
        var size = Math.Clamp(pageSize, 1, MostItems);
        var number = Math.Max(1, page);
        return new(
            [.. kept.Skip((number - 1) * size).Take(size)],
            kept.Length,
            number,
            size,
            new(Count(all, i => i.Grade), Count(all, i => i.Kind), Count(all, i => i.Status))
        );
    }

    /// <summary>Everything: what is settled last, actions in their order, then findings by grade and size.</summary>
    public static IEnumerable<InboxItem> All(ViewContext view) =>
        view
            .Run.Actions.OrderBy(a => a.Rank)
            .Select(a => Of(view, a))
            .Concat(
                view.Run.Findings.OrderBy(f => f.Grade, StringComparer.Ordinal)
                    .ThenBy(f => f.Kind is "feature_does_not_matter" or "not_settled")
                    .Select(f => Of(view, f))
            )
            .OrderBy(i => i.Status is "done" or "rejected" or "snoozed");

    public static InboxItem Of(ViewContext view, StoredFinding finding)
    {
        var names = view.Run.Names;
        var before = view.Previous?.Findings.FirstOrDefault(f => f.Id == finding.Id);
        return Discussed(
            view,
            new InboxItem
            {
                Subject = "finding",
                Id = finding.Id,
                Title = finding.Effect,
                HowSure = finding.Sentences.Text("how_sure") ?? "",
                ForWhom = finding.Sentences.Text("for_whom") ?? "",
                WhatCouldBeWrong = finding.Sentences.Text("what_could_be_wrong") ?? "",
                WhatToDo = finding.Sentences.Text("what_to_do") ?? "",
                Grade = finding.Grade,
                Kind = finding.Kind,
                Features = [.. finding.Features.Select(names.Named)],
                Segment = names.Segment(finding.Dimension, finding.Segment, finding.SegmentLabel),
                Value = finding.Value,
                Unit = EstimandWords.Of(finding.Estimand).Unit,
                IsNew = view.Previous is not null && before is null,
                Changed = before is null ? null : Change(before, finding),
                Status = "open",
            }
        );
    }

    public static InboxItem Of(ViewContext view, StoredAction action)
    {
        var names = view.Run.Names;
        var before = view.Previous?.Actions.FirstOrDefault(a => a.Id == action.Id);
        var first = action.Whole.Text("first") ?? "";
        return Discussed(
            view,
            new InboxItem
            {
                Subject = "action",
                Id = action.Id,
                Title = Sentence(action),
                HowSure = $"Grade {action.Grade}: that of the evidence it needs.",
                ForWhom = ForWhom(view.Run, action),
                WhatCouldBeWrong = action.Whole.At("risk").Text("says") ?? "",
                WhatToDo = first,
                Grade = action.Grade,
                Tier = action.Tier,
                Kind = action.Kind,
                Features = [.. action.Features.Select(names.Named)],
                Segment = action.Segments is [var only]
                    ? names.Segment(action.Dimension, only, only)
                    : names.Segment(action.Dimension, action.Dimension, $"{action.Segments.Count} segments"),
                Value = action.Effect,
                Unit = action.Unit == "auc" ? "AUC" : action.Unit ?? "",
                Money = action.Money,
                IsNew = view.Previous is not null && before is null,
                Changed =
                    before is null || before.Grade == action.Grade
                        ? null
                        : $"Its evidence was of grade {before.Grade} in the run before.",
                Status = "open",
            }
        );
    }

    /// <summary>A whole finding with what people made of it.</summary>
    public static JsonNode? Finding(ViewContext view, string id) =>
        view.Run.Findings.FirstOrDefault(f => f.Id == id) is { } finding
            ? Whole(finding.Whole, Of(view, finding))
            : null;

    /// <summary>A whole action with what people made of it.</summary>
    public static JsonNode? Action(ViewContext view, string id) =>
        view.Run.Actions.FirstOrDefault(a => a.Id == id) is { } action ? Whole(action.Whole, Of(view, action)) : null;

    private static JsonObject Whole(System.Text.Json.JsonElement entry, InboxItem item)
    {
        var whole = ViewJson.Camel(entry)!.AsObject();
        var discussed = System.Text.Json.JsonSerializer.SerializeToNode(item, ViewJson.Options)!.AsObject();
        foreach (var name in new[] { "status", "assignee", "snoozedUntil", "comments", "decision", "isNew", "changed" })
            whole[name] = discussed[name]?.DeepClone();
        // Names of features for whoever shows them.
        whole["featureRefs"] = discussed["features"]?.DeepClone();
        whole["segmentRef"] = discussed["segment"]?.DeepClone();
        whole["unit"] = discussed["unit"]?.DeepClone();
        return whole;
    }

    private static InboxItem Discussed(ViewContext view, InboxItem item)
    {
        var facts = view.Subject(item.Subject, item.Id);
        return item with
        {
            Status = facts.Status,
            Assignee = facts.Assignee,
            SnoozedUntil = facts.SnoozedUntil,
            Comments = facts.Comments,
            Decision = facts.Decision,
        };
    }

    private static string? Change(StoredFinding before, StoredFinding now)
    {
        if (before.Kind != now.Kind)
            return $"The run before said: {before.Effect}";
        if (before.Grade != now.Grade)
            return $"Grade {before.Grade} in the run before, {now.Grade} now.";
        // Intervals that do not meet are a change that chance hardly makes.
        return
            now.Value is { Low: { } low, High: { } high }
            && before.Value is { Value: { } was, Low: { } wasLow, High: { } wasHigh }
            && (low > wasHigh || high < wasLow)
            ? $"It was {Say.WithInterval(before.Value, EstimandWords.Of(now.Estimand).Unit)} in the run before{(was > now.Value.Value ? ": less now" : ": more now")}."
            : null;
    }

    private static string Sentence(StoredAction action)
    {
        var says = action.Whole.At("effect").Text("says");
        return says is null ? $"{action.Title}." : $"{action.Title}. {says}";
    }

    private static string ForWhom(RunFolder run, StoredAction action)
    {
        if (action.Whole.At("experiment").Text("population") is { Length: > 0 } population)
            return $"{Say.First(population)}.";
        return action.Dimension == "overall"
            ? $"All {run.Names.Units}."
            : $"By {run.Names.Dimension(action.Dimension)}: {Say.List(action.Segments)}.";
    }

    private static bool Matches(InboxItem item, InboxFilter filter) =>
        (filter.Grade is null || filter.Grade.Split(',').Contains(item.Grade))
        && (filter.Kind is null || item.Kind == filter.Kind || item.Subject == filter.Kind)
        && (filter.Status is null || item.Status == filter.Status)
        && (filter.Assignee is null || item.Assignee == filter.Assignee)
        && (filter.Feature is null || item.Features.Any(f => f.Id == filter.Feature))
        && (
            filter.Q is null
            || $"{item.Title} {item.WhatToDo} {item.ForWhom}".Contains(filter.Q, StringComparison.OrdinalIgnoreCase)
        );

    private static Dictionary<string, int> Count(InboxItem[] items, Func<InboxItem, string> by) =>
        items.GroupBy(by).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
}
