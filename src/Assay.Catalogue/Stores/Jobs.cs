using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>What happens to jobs, inside a write.</summary>
internal static class Jobs
{
    public static string Name(Job job) => FormattableString.Invariant($"job:{job.Id}");

    public static async Task<Job?> LeaseAsync(WriteScope scope, string worker, TimeSpan lease)
    {
        while (true)
        {
            var job = await scope
                .Db.Jobs.Where(j =>
                    j.State == JobState.Queued || (j.State == JobState.Running && j.LeasedUntil <= scope.Now)
                )
                .OrderByDescending(j => j.State == JobState.Running)
                .ThenBy(j => j.Id)
                .FirstOrDefaultAsync(scope.Stop);
            if (job is null)
                return null;
            var before = Shown(job);
            if (job.IsCancelRequested)
                Finish(scope, job, JobState.Cancelled, null);
            else if (job.Attempt >= JobStore.MostAttempts)
                Finish(
                    scope,
                    job,
                    JobState.Failed,
                    $"given up after {job.Attempt} attempts, each of which ended its worker"
                );
            else
            {
                (job.State, job.LeasedBy, job.LeasedUntil) = (JobState.Running, worker, scope.Now + lease);
                (job.Started, job.Attempt, job.Version) = (scope.Now, job.Attempt + 1, job.Version + 1);
                scope.Record("job.start", Name(job), before, Shown(job));
                return job;
            }
            scope.Record("job.end", Name(job), before, Shown(job));
            await scope.Db.SaveChangesAsync(scope.Stop);
        }
    }

    public static async Task<Job> EndAsync(
        WriteScope scope,
        long id,
        string worker,
        JobState state,
        string? error,
        string? runId
    )
    {
        var job = await RequireAsync(scope, id);
        if (job.State != JobState.Running || job.LeasedBy != worker)
            throw CatalogueException.Conflict("Another worker has this job, or it is over.");
        if (state == JobState.Running || !Enum.IsDefined(state))
            throw CatalogueException.Invalid("A job ends as done, failed or cancelled, or is given back.");
        var before = Shown(job);
        if (state == JobState.Queued)
        {
            // Given back on purpose: this was no attempt that failed.
            (job.State, job.LeasedBy, job.LeasedUntil) = (JobState.Queued, null, null);
            (job.Attempt, job.Version) = (job.Attempt - 1, job.Version + 1);
        }
        else
        {
            Finish(scope, job, state, error);
            job.RunId = runId;
            job.Progress = state == JobState.Done ? 1 : job.Progress;
        }
        scope.Record("job.end", Name(job), before, Shown(job));
        return job;
    }

    public static async Task<Job> CancelAsync(WriteScope scope, long id)
    {
        var job = await RequireAsync(scope, id);
        if (job.State is not (JobState.Queued or JobState.Running))
            throw CatalogueException.Conflict("The job is over.");
        if (job.IsCancelRequested)
            return job;
        var before = Shown(job);
        job.IsCancelRequested = true;
        job.Version++;
        if (job.State == JobState.Queued)
            Finish(scope, job, JobState.Cancelled, null);
        scope.Record("job.cancel", Name(job), before, Shown(job));
        return job;
    }

    private static async Task<Job> RequireAsync(WriteScope scope, long id) =>
        await scope.Db.Jobs.FindAsync([id], scope.Stop)
        ?? throw CatalogueException.NotFound(FormattableString.Invariant($"job {id}"));

    private static void Finish(WriteScope scope, Job job, JobState state, string? error)
    {
        (job.State, job.Error, job.Finished) = (state, error, scope.Now);
        (job.LeasedBy, job.LeasedUntil) = (null, null);
        job.Version++;
    }

    private static object Shown(Job j) =>
        new
        {
            j.State,
            j.Attempt,
            j.LeasedBy,
            j.IsCancelRequested,
            j.Error,
            j.RunId,
        };
}
