using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Decisions. They are added, never changed.</summary>
public sealed class DecisionStore
{
    private readonly CatalogueDatabase database;

    internal DecisionStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Decisions on a subject, oldest first.</summary>
    public async Task<IReadOnlyList<Decision>> ListAsync(SubjectRef subject, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db
            .Decisions.Where(d => d.RunId == subject.Run && d.SubjectKind == subject.Kind && d.SubjectId == subject.Id)
            .OrderBy(d => d.Id)
            .ToListAsync(stop);
    }

    /// <summary>All decisions, or those of a study, newest first.</summary>
    public async Task<Page<Decision>> LogAsync(
        long? studyId = null,
        int page = 1,
        int pageSize = 50,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        var query = db.Decisions.Where(d =>
            studyId == null || db.Runs.Any(r => r.Id == d.RunId && r.StudyId == studyId)
        );
        return await query.OrderByDescending(d => d.Id).PageAsync(page, pageSize, stop);
    }

    /// <summary>
    /// Decides. <c>accepted</c>, <c>rejected</c> and <c>done</c> on a finding or action set its status too.
    /// </summary>
    /// <exception cref="CatalogueException">No such subject; no decision or no reason.</exception>
    public Task<Decision> AddAsync(
        SubjectRef subject,
        string choice,
        string reason,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                await Existing.RequireAsync(scope, subject);
                var decision = new Decision
                {
                    SubjectKind = subject.Kind,
                    RunId = subject.Run,
                    SubjectId = subject.Id,
                    Choice = Existing.Text(choice, "The decision", 200),
                    Reason = Existing.Text(reason, "The reason"),
                    By = actor,
                    At = scope.Now,
                };
                scope.Db.Add(decision);
                scope.Record(
                    "decision.add",
                    () => subject.ToString(),
                    null,
                    () =>
                        new
                        {
                            decision.Id,
                            decision.Choice,
                            decision.Reason,
                        }
                );
                if (subject.Item is { } kind && StatusOf(decision.Choice) is { } status)
                    await ItemStates.ChangeAsync(scope, subject.Run, kind, subject.Id, new() { Status = status });
                return decision;
            },
            stop
        );

    private static ItemStatus? StatusOf(string choice) =>
        choice.ToLowerInvariant() switch
        {
            "accepted" => ItemStatus.Accepted,
            "rejected" => ItemStatus.Rejected,
            "done" => ItemStatus.Done,
            _ => null,
        };
}
