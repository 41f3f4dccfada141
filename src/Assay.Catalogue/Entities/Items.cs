namespace Assay.Catalogue;

/// <summary>A finding or action as imported; never changed afterwards.</summary>
public sealed class RunItem
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; set; }

    /// <summary>Finding or action.</summary>
    public ItemKind Subject { get; set; }

    /// <summary>Its id within the run; the same in runs of one study where it says the same kind of thing.</summary>
    public required string ItemId { get; set; }

    /// <summary>Its place in the file, from 0.</summary>
    public int Ordinal { get; set; }

    /// <summary>The kind of finding or action, such as <c>feature_matters</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>A to D.</summary>
    public required string Grade { get; set; }

    /// <summary>An action's tier; null for findings.</summary>
    public string? Tier { get; set; }

    /// <summary>A finding's effect, an action's title.</summary>
    public required string Title { get; set; }

    /// <summary>How sure it is.</summary>
    public required string HowSure { get; set; }

    /// <summary>For whom it holds.</summary>
    public required string ForWhom { get; set; }

    /// <summary>What could be wrong.</summary>
    public required string WhatCouldBeWrong { get; set; }

    /// <summary>What to do.</summary>
    public required string WhatToDo { get; set; }

    /// <summary>Names of the features it is about.</summary>
    public required string[] Features { get; set; }

    /// <summary>The dimension of its segment; null where it has none.</summary>
    public string? Dimension { get; set; }

    /// <summary>Its segment; of an action the first.</summary>
    public string? Segment { get; set; }

    /// <summary>The segment in words.</summary>
    public string? SegmentLabel { get; set; }

    /// <summary>What was estimated; of an action the unit of its effect.</summary>
    public string? Unit { get; set; }

    /// <summary>The method; null for actions.</summary>
    public string? Method { get; set; }

    /// <summary>The estimate or expected effect, with its interval.</summary>
    public double? Value { get; set; }

    /// <inheritdoc cref="Value"/>
    public double? Low { get; set; }

    /// <inheritdoc cref="Value"/>
    public double? High { get; set; }

    /// <summary>An action's value in money, with its interval and currency.</summary>
    public double? Money { get; set; }

    /// <inheritdoc cref="Money"/>
    public double? MoneyLow { get; set; }

    /// <inheritdoc cref="Money"/>
    public double? MoneyHigh { get; set; }

    /// <inheritdoc cref="Money"/>
    public string? Currency { get; set; }

    /// <summary>The element of the file as it is (JSON).</summary>
    public required string Json { get; set; }

    /// <summary>What a search by words looks at, in lower case.</summary>
    internal string Words { get; set; } = "";
}

/// <summary>What people made of a finding or action. A row exists from the first change on.</summary>
public sealed class ItemState
{
    /// <summary>The run's id.</summary>
    public required string RunId { get; set; }

    /// <summary>Finding or action.</summary>
    public ItemKind Subject { get; set; }

    /// <summary>The item's id within the run.</summary>
    public required string ItemId { get; set; }

    /// <summary>Where it stands; snoozed counts as open from <see cref="SnoozedUntil"/> on.</summary>
    public ItemStatus Status { get; set; }

    /// <summary>The subject id of the user who takes care of it.</summary>
    public string? Assignee { get; set; }

    /// <summary>When a snoozed item comes back.</summary>
    public DateTimeOffset? SnoozedUntil { get; set; }

    /// <summary>Who changed it last.</summary>
    public required string ChangedBy { get; set; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The run whose state was taken over at the import; null where it was set in this run.</summary>
    public string? CarriedFrom { get; set; }

    /// <summary>Counts the changes.</summary>
    public int Version { get; set; }

    /// <summary>The status at a time: a snooze that is over reads as open.</summary>
    public ItemStatus StatusAt(DateTimeOffset now) =>
        Status == ItemStatus.Snoozed && SnoozedUntil <= now ? ItemStatus.Open : Status;
}

/// <summary>Where a finding or action stands.</summary>
public enum ItemStatus
{
    /// <summary>Nobody has decided.</summary>
    Open,

    /// <summary>To be done.</summary>
    Accepted,

    /// <summary>Not to be done.</summary>
    Rejected,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Open again at a later time.</summary>
    Snoozed,
}
