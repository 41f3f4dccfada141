using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>What a worker learns when it says that it lives.</summary>
public enum JobSignal
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Stop, then call <see cref="JobStore.EndAsync"/> as cancelled.</summary>
    Cancel,

    /// <summary>The lease was lost: another worker may have the job. Stop and touch nothing.</summary>
    Lost,
}

/// <summary>
/// Jobs. A worker leases a job and says from time to time that it lives; a job whose worker died is leased again, so a
/// restart resumes it. Each job is begun at most <see cref="MostAttempts"/> times.
/// </summary>
public sealed class JobStore
{
    /// <summary>A job that took so many workers with it is given up.</summary>
    public const int MostAttempts = 5;

    private readonly CatalogueDatabase database;

    internal JobStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Jobs, newest first.</summary>
    public async Task<Page<Job>> ListAsync(int page = 1, int pageSize = 50, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Jobs.OrderByDescending(j => j.Id).PageAsync(page, pageSize, stop);
    }

    /// <summary>A job; null where there is none.</summary>
    public async Task<Job?> FindAsync(long id, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Jobs.SingleOrDefaultAsync(j => j.Id == id, stop);
    }

    /// <summary>Asks for a job.</summary>
    /// <param name="kind">What is to be done.</param>
    /// <param name="request">What is asked for, as JSON.</param>
    /// <param name="folder">The folder it works in; null: none, or decided by the worker.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="stop">Ends the write.</param>
    public Task<Job> AddAsync(
        string kind,
        string request,
        string? folder,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            scope =>
            {
                var job = new Job
                {
                    Kind = Existing.Text(kind, "The kind", 100),
                    Request = request,
                    Folder = folder,
                    By = actor,
                    Created = scope.Now,
                };
                scope.Db.Add(job);
                scope.Record(
                    "job.add",
                    () => Jobs.Name(job),
                    null,
                    () =>
                        new
                        {
                            job.Kind,
                            job.Request,
                            job.Folder,
                        }
                );
                return Task.FromResult(job);
            },
            stop
        );

    /// <summary>
    /// The oldest job that waits, now leased; null where none waits. Jobs whose worker died wait too, first of all.
    /// </summary>
    /// <param name="worker">A name that no other worker has.</param>
    /// <param name="lease">How long it is held without a sign of life.</param>
    /// <param name="stop">Ends the write.</param>
    public Task<Job?> LeaseAsync(string worker, TimeSpan lease, CancellationToken stop = default) =>
        database.WriteAsync(worker, s => Jobs.LeaseAsync(s, worker, lease), stop);

    /// <summary>Says that the worker lives, how far it is, and asks whether to go on. Not in the audit trail.</summary>
    /// <param name="id">The job.</param>
    /// <param name="worker">Who holds it.</param>
    /// <param name="lease">How long to hold it from now.</param>
    /// <param name="progress">0 to 1; null: as before.</param>
    /// <param name="stage">What it is doing; null: as before.</param>
    /// <param name="folder">The folder it works in; null: as before.</param>
    /// <param name="stop">Ends the write.</param>
    public async Task<JobSignal> BeatAsync(
        long id,
        string worker,
        TimeSpan lease,
        double? progress = null,
        string? stage = null,
        string? folder = null,
        CancellationToken stop = default
    )
    {
        await using var db = database.Read();
        var until = database.Now + lease;
        var held = await db
            .Jobs.Where(j => j.Id == id && j.LeasedBy == worker && j.State == JobState.Running)
            .ExecuteUpdateAsync(
                j =>
                    j.SetProperty(x => x.LeasedUntil, until)
                        .SetProperty(x => x.Progress, x => progress ?? x.Progress)
                        .SetProperty(x => x.Stage, x => stage ?? x.Stage)
                        .SetProperty(x => x.Folder, x => folder ?? x.Folder)
                        .SetProperty(x => x.Version, x => x.Version + 1),
                stop
            );
        if (held == 0)
            return JobSignal.Lost;
        var cancel = await db.Jobs.Where(j => j.Id == id).Select(j => j.IsCancelRequested).SingleAsync(stop);
        return cancel ? JobSignal.Cancel : JobSignal.Continue;
    }

    /// <summary>Ends a job as done, failed or cancelled, or gives it back (<see cref="JobState.Queued"/>) at a shutdown.</summary>
    /// <param name="id">The job.</param>
    /// <param name="worker">Who holds it.</param>
    /// <param name="state">How it ends.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="runId">The run it made.</param>
    /// <param name="stop">Ends the write.</param>
    /// <exception cref="CatalogueException">The worker does not hold it any more.</exception>
    public Task<Job> EndAsync(
        long id,
        string worker,
        JobState state,
        string? error = null,
        string? runId = null,
        CancellationToken stop = default
    ) => database.WriteAsync(worker, s => Jobs.EndAsync(s, id, worker, state, error, runId), stop);

    /// <summary>Cancels: a waiting job at once, a running one when its worker next says that it lives.</summary>
    /// <exception cref="CatalogueException">No such job, or it is over.</exception>
    public Task<Job> CancelAsync(long id, string actor, CancellationToken stop = default) =>
        database.WriteAsync(actor, s => Jobs.CancelAsync(s, id), stop);
}
