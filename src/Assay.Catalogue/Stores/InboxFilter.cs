using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>An item and its state, null where it has none.</summary>
internal sealed class InboxPair
{
    public required RunItem Item { get; init; }
    public required ItemState? State { get; init; }
}

/// <summary>The query of an inbox, in SQL.</summary>
internal static class InboxFilter
{
    public static IQueryable<InboxPair> Pairs(CatalogueContext db, string runId) =>
        from item in db.Items.Where(i => i.RunId == runId)
        from state in db
            .States.Where(s => s.RunId == item.RunId && s.Subject == item.Subject && s.ItemId == item.ItemId)
            .DefaultIfEmpty()
        select new InboxPair { Item = item, State = state };

    /// <summary>All filters but those that the counts are over.</summary>
    public static IQueryable<InboxPair> Wide(CatalogueContext db, string runId, InboxQuery query)
    {
        var pairs = Pairs(db, runId);
        if (query.Subject is { } subject)
            pairs = pairs.Where(p => p.Item.Subject == subject);
        if (query.Assignee is { } assignee)
            pairs =
                assignee.Length == 0
                    ? pairs.Where(p => p.State!.Assignee == null)
                    : pairs.Where(p => p.State!.Assignee == assignee);
        if (query.Feature is { } feature)
            pairs = pairs.Where(p => p.Item.Features.Contains(feature));
        foreach (var word in (query.Words ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries))
            pairs = pairs.Where(p => p.Item.Words.Contains(word));
        return pairs;
    }

    public static IQueryable<InboxPair> Narrow(IQueryable<InboxPair> pairs, InboxQuery query, DateTimeOffset now)
    {
        if (query.Kind is { } kind)
            pairs = pairs.Where(p => p.Item.Kind == kind);
        if (query.Grade is { } grade)
            pairs = pairs.Where(p => p.Item.Grade == grade);
        return query.Status switch
        {
            null => pairs,
            ItemStatus.Open => pairs.Where(p =>
                p.State == null
                || p.State.Status == ItemStatus.Open
                || (p.State.Status == ItemStatus.Snoozed && p.State.SnoozedUntil <= now)
            ),
            ItemStatus.Snoozed => pairs.Where(p => p.State!.Status == ItemStatus.Snoozed && p.State.SnoozedUntil > now),
            { } status => pairs.Where(p => p.State!.Status == status),
        };
    }
}
