using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Which run a run follows, and which runs a later one makes stale: the same in whatever order runs come in.</summary>
internal static class RunRelations
{
    public static async Task UpdateAsync(WriteScope scope, Run added, long model)
    {
        var db = scope.Db;
        var related = await db
            .Runs.Include(r => r.ModelVersion)
            .Where(r => r.StudyId == added.StudyId || r.ModelVersion!.ModelId == model || r.Folder == added.Folder)
            .ToListAsync(scope.Stop);
        var ordered = related.OrderBy(r => r.Created).ThenBy(r => r.Id, StringComparer.Ordinal).ToList();
        foreach (var (i, run) in ordered.Index())
        {
            var earlier = ordered.Take(i).Reverse().ToList();
            // Runs of a neighbour's study or model that are not in this list may be nearer: only the added one may take their place.
            var nearest = earlier.Find(r => r.StudyId == run.StudyId) ?? earlier.Find(r => SameModel(r, run));
            if (run == added || nearest == added)
                run.PreviousRunId = nearest?.Id;
            var reason = Reason(run, ordered.Skip(i + 1).ToList());
            if (reason is not null)
                run.StaleReason = reason;
        }
        await db.SaveChangesAsync(scope.Stop);
    }

    private static bool SameModel(Run a, Run b) => a.ModelVersion!.ModelId == b.ModelVersion!.ModelId;

    private static string? Reason(Run run, List<Run> later)
    {
        if (later.FindLast(r => r.Folder == run.Folder) is { } replaced)
            return $"its folder holds a later run, {replaced.Id}";
        var changed = later.FindLast(r =>
            r.ModelVersionId != run.ModelVersionId && (r.StudyId == run.StudyId || SameModel(r, run))
        );
        return changed is null ? null : $"a later run, {changed.Id}, explains another version of the model";
    }
}
