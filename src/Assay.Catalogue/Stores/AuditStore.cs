using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Whether the audit trail is whole.</summary>
/// <param name="Entries">How many entries there are.</param>
/// <param name="LastHash">The hash of the last; keep it elsewhere to notice when the end is cut off. Empty: none.</param>
/// <param name="BrokenAt">The first number that is missing or does not fit its hash; null: none.</param>
public sealed record AuditCheck(long Entries, string LastHash, long? BrokenAt);

/// <summary>The audit trail. Entries come from the writes themselves; here they are read.</summary>
public sealed class AuditStore
{
    private readonly CatalogueDatabase database;

    internal AuditStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Entries, newest first.</summary>
    /// <param name="subject">Of this subject only; null: all.</param>
    /// <param name="actor">By this actor only; null: all.</param>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="stop">Ends the query.</param>
    public async Task<Page<AuditEntry>> ListAsync(
        string? subject = null,
        string? actor = null,
        int page = 1,
        int pageSize = 50,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        return await db
            .Audit.Where(a => (subject == null || a.Subject == subject) && (actor == null || a.Actor == actor))
            .OrderByDescending(a => a.Number)
            .PageAsync(page, pageSize, stop);
    }

    /// <summary>
    /// Records what changed nothing but must be known: single rows that were looked at, a refused upload, a sign-in.
    /// </summary>
    /// <param name="action">What was done, such as <c>row.read</c>.</param>
    /// <param name="subject">To what.</param>
    /// <param name="details">More of it, serialised as JSON; null: nothing.</param>
    /// <param name="actor">By whom.</param>
    /// <param name="stop">Ends the write.</param>
    public Task NoteAsync(
        string action,
        string subject,
        object? details,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            scope =>
            {
                scope.Record(Existing.Text(action, "The action", 100), subject, null, details);
                return Task.CompletedTask;
            },
            stop
        );

    /// <summary>Computes every hash again.</summary>
    public async Task<AuditCheck> CheckAsync(CancellationToken stop = default)
    {
        await using var db = database.Read();
        var (number, hash) = (0L, "");
        long? broken = null;
        await foreach (var entry in db.Audit.OrderBy(a => a.Number).AsAsyncEnumerable().WithCancellation(stop))
        {
            number++;
            if (entry.Number != number || entry.PreviousHash != hash || entry.Hash != entry.ComputeHash())
            {
                broken = number;
                break;
            }
            hash = entry.Hash;
        }
        return broken is null ? new(number, hash, null) : new(await db.Audit.LongCountAsync(stop), "", broken);
    }
}
