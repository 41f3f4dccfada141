using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Discussion and the previous run's item, for the items of a page.</summary>
internal static class InboxDetails
{
    public static async Task<IReadOnlyList<InboxEntry>> AddAsync(
        CatalogueContext db,
        string runId,
        IReadOnlyList<InboxPair> pairs,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var ids = pairs.Select(p => p.Item.ItemId).Distinct().ToArray();
        var counts = await db
            .Comments.Where(c => c.RunId == runId && ids.Contains(c.SubjectId))
            .GroupBy(c => new { c.SubjectKind, c.SubjectId })
            .Select(g => new
            {
                g.Key.SubjectKind,
                g.Key.SubjectId,
                Count = g.Count(),
            })
            .ToDictionaryAsync(g => (g.SubjectKind, g.SubjectId), g => g.Count, stop);
        var decided = await db
            .Decisions.Where(d => d.RunId == runId && ids.Contains(d.SubjectId))
            .OrderBy(d => d.Id)
            .ToListAsync(stop);
        var decisions = decided.GroupBy(d => (d.SubjectKind, d.SubjectId)).ToDictionary(g => g.Key, g => g.Last());
        var previousRun = await db
            .Runs.Where(r => r.Id == runId)
            .Select(r => r.PreviousRunId)
            .FirstOrDefaultAsync(stop);
        var previous = await db
            .Items.Where(i => i.RunId == previousRun && ids.Contains(i.ItemId))
            .ToDictionaryAsync(i => (i.Subject, i.ItemId), stop);
        return
        [
            .. pairs.Select(p =>
            {
                var subject = SubjectRef.Of(p.Item.Subject, runId, p.Item.ItemId);
                var before = previous.GetValueOrDefault((p.Item.Subject, p.Item.ItemId));
                return new InboxEntry
                {
                    Item = p.Item,
                    State = p.State,
                    Status = p.State?.StatusAt(now) ?? ItemStatus.Open,
                    Comments = counts.GetValueOrDefault((subject.Kind, subject.Id)),
                    Decision = decisions.GetValueOrDefault((subject.Kind, subject.Id)),
                    Previous = before,
                    IsNew = previousRun is not null && before is null,
                    Changed = before is null ? null : Changed(before, p.Item),
                };
            }),
        ];
    }

    private static string? Changed(RunItem before, RunItem now)
    {
        List<string> parts = [];
        if (before.Grade != now.Grade)
            parts.Add($"grade {now.Grade}, was {before.Grade}");
        if (now.Low > before.High)
            parts.Add("clearly larger than before");
        else if (now.High < before.Low)
            parts.Add("clearly smaller than before");
        return parts.Count == 0 ? null : string.Join("; ", parts);
    }
}
