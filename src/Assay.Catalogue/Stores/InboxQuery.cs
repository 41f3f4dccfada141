namespace Assay.Catalogue;

/// <summary>Which findings and actions of a run to list; what is null does not filter.</summary>
public sealed record InboxQuery
{
    /// <summary>Findings or actions only.</summary>
    public ItemKind? Subject { get; init; }

    /// <summary>Of this kind, such as <c>feature_matters</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>A to D.</summary>
    public string? Grade { get; init; }

    /// <summary>Where it stands now.</summary>
    public ItemStatus? Status { get; init; }

    /// <summary>The assignee's subject id; empty: those of nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>About this feature.</summary>
    public string? Feature { get; init; }

    /// <summary>These words are in its sentences or id, whatever their case.</summary>
    public string? Words { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>1 to 500.</summary>
    public int PageSize { get; init; } = 50;
}

/// <summary>A finding or action with what people made of it.</summary>
public sealed record InboxEntry
{
    /// <summary>As imported.</summary>
    public required RunItem Item { get; init; }

    /// <summary>What people made of it; null where nobody has touched it.</summary>
    public required ItemState? State { get; init; }

    /// <summary>Where it stands now.</summary>
    public required ItemStatus Status { get; init; }

    /// <summary>Number of comments in this run.</summary>
    public required int Comments { get; init; }

    /// <summary>The latest decision in this run.</summary>
    public required Decision? Decision { get; init; }

    /// <summary>The same item in the previous run; null where it has none.</summary>
    public required RunItem? Previous { get; init; }

    /// <summary>There is a previous run, and it does not have this.</summary>
    public required bool IsNew { get; init; }

    /// <summary>What changed since the previous run, in words; null where nothing did.</summary>
    public required string? Changed { get; init; }
}

/// <summary>A page of a run's findings and actions.</summary>
/// <param name="Entries">The page: actions before findings, each in the order of the study.</param>
/// <param name="Grades">How many there are by grade, whatever the query's grade, kind and status.</param>
/// <param name="Kinds">The same by kind.</param>
/// <param name="Statuses">The same by status.</param>
public sealed record InboxPage(
    Page<InboxEntry> Entries,
    IReadOnlyDictionary<string, int> Grades,
    IReadOnlyDictionary<string, int> Kinds,
    IReadOnlyDictionary<ItemStatus, int> Statuses
);

/// <summary>A change of where an item stands; what is null stays.</summary>
public sealed record ItemChange
{
    /// <summary>The new status.</summary>
    public ItemStatus? Status { get; init; }

    /// <summary>The new assignee's subject id; empty: nobody.</summary>
    public string? Assignee { get; init; }

    /// <summary>Snoozes until then.</summary>
    public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>The <see cref="ItemState.Version"/> that was seen (0: none); null changes whatever is there.</summary>
    public int? SeenVersion { get; init; }
}
