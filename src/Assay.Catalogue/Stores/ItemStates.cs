using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Changes of where an item stands, inside a write.</summary>
internal static class ItemStates
{
    public static async Task<ItemState> ChangeAsync(
        WriteScope scope,
        string runId,
        ItemKind subject,
        string itemId,
        ItemChange change
    )
    {
        var reference = SubjectRef.Of(subject, runId, itemId);
        await Existing.RequireAsync(scope, reference);
        if (change.Assignee is { Length: > 0 } assignee)
            await Existing.RequireUserAsync(scope, assignee);
        var known = await scope.Db.States.FindAsync([runId, subject, itemId], scope.Stop);
        if (change.SeenVersion is { } seen && seen != (known?.Version ?? 0))
            throw CatalogueException.Conflict(
                $"{known?.ChangedBy ?? "Somebody"} changed it in between; load it again."
            );
        var state =
            known
            ?? new ItemState
            {
                RunId = runId,
                Subject = subject,
                ItemId = itemId,
                ChangedBy = scope.Actor,
            };
        var before = Shown(state);
        Apply(state, change, scope.Now);
        var after = Shown(state);
        if (before == after)
            return state;
        (state.ChangedBy, state.ChangedAt, state.CarriedFrom) = (scope.Actor, scope.Now, null);
        state.Version++;
        if (known is null)
            scope.Db.Add(state);
        scope.Record("item.change", reference.ToString(), before, after);
        return state;
    }

    private static void Apply(ItemState state, ItemChange change, DateTimeOffset now)
    {
        if (change.Assignee is { } assignee)
            state.Assignee = assignee.Length == 0 ? null : assignee;
        var status = change.Status ?? (change.SnoozedUntil is null ? state.Status : ItemStatus.Snoozed);
        if (!Enum.IsDefined(status))
            throw CatalogueException.Invalid("There is no such status.");
        var until = status == ItemStatus.Snoozed ? change.SnoozedUntil ?? state.SnoozedUntil : null;
        var asked = change.Status is not null || change.SnoozedUntil is not null;
        if (asked && status == ItemStatus.Snoozed && !(until > now))
            throw CatalogueException.Invalid("Snoozing needs a time to come.");
        if (status != ItemStatus.Snoozed && change.SnoozedUntil is not null)
            throw CatalogueException.Invalid("Only what is snoozed has a time to come back.");
        state.Status = status;
        state.SnoozedUntil = until is { } time ? Timestamps.Whole(time) : null;
    }

    private static Snapshot Shown(ItemState s) => new Snapshot(s.Status, s.Assignee, s.SnoozedUntil);

    private sealed record Snapshot(ItemStatus Status, string? Assignee, DateTimeOffset? SnoozedUntil);
}
