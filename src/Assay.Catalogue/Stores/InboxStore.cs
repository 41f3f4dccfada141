using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Findings and actions of runs, and where they stand.</summary>
public sealed class InboxStore
{
    private readonly CatalogueDatabase database;

    internal InboxStore(CatalogueDatabase database) => this.database = database;

    /// <summary>A page of a run's findings and actions.</summary>
    public async Task<InboxPage> ListAsync(string runId, InboxQuery query, CancellationToken stop = default)
    {
        await using var db = database.Read();
        var now = database.Now;
        var wide = InboxFilter.Wide(db, runId, query);
        var light = await wide.Select(p => new
            {
                p.Item.Grade,
                p.Item.Kind,
                p.State,
            })
            .ToListAsync(stop);
        var page = await InboxFilter
            .Narrow(wide, query, now)
            .OrderBy(p => p.Item.Subject)
            .ThenBy(p => p.Item.Ordinal)
            .PageAsync(query.Page, query.PageSize, stop);
        var entries = await InboxDetails.AddAsync(db, runId, page.Items, now, stop);
        return new(
            new(entries, page.Total, page.Number, page.PageSize),
            light.CountBy(p => p.Grade).ToDictionary(),
            light.CountBy(p => p.Kind).ToDictionary(),
            light.CountBy(p => p.State?.StatusAt(now) ?? ItemStatus.Open).ToDictionary()
        );
    }

    /// <summary>One finding or action; null where the run has none of that id.</summary>
    public async Task<InboxEntry?> FindAsync(
        string runId,
        ItemKind subject,
        string itemId,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        var pairs = await InboxFilter
            .Pairs(db, runId)
            .Where(p => p.Item.Subject == subject && p.Item.ItemId == itemId)
            .ToListAsync(stop);
        return await InboxDetails.AddAsync(db, runId, pairs, database.Now, stop) is [var entry] ? entry : null;
    }

    /// <summary>Changes status, assignee or snooze.</summary>
    /// <exception cref="CatalogueException">No such item or user; changed by another since; snoozed into the past.</exception>
    public Task<ItemState> ChangeAsync(
        string runId,
        ItemKind subject,
        string itemId,
        ItemChange change,
        string actor,
        CancellationToken stop = default
    ) => database.WriteAsync(actor, s => ItemStates.ChangeAsync(s, runId, subject, itemId, change), stop);
}
