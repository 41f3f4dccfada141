namespace Assay.Catalogue.Tests;

/// <summary>Jobs and uploads.</summary>
public abstract class JobTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private Task<Job> AddAsync() => Store.Jobs.AddAsync("study", "{}", null, "ana", Stop);

    [Fact]
    public async Task Is_leased_to_one_worker_and_done()
    {
        var (first, second) = (await AddAsync(), await AddAsync());
        var leased = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => Store.Jobs.LeaseAsync($"worker {i}", Lease, Stop))
        );
        leased.OfType<Job>().Select(j => j.Id).Order().ShouldBe([first.Id, second.Id]);
        var job = leased.OfType<Job>().Single(j => j.Id == first.Id);
        var signal = await Store.Jobs.BeatAsync(job.Id, job.LeasedBy!, Lease, 0.5, "map", "runs/1", Stop);
        signal.ShouldBe(JobSignal.Continue);
        var seen = (await Store.Jobs.FindAsync(job.Id, Stop))!;
        (seen.Progress, seen.Stage, seen.Folder, seen.State).ShouldBe((0.5, "map", "runs/1", JobState.Running));
        var run = await ImportAsync();
        await Store.Jobs.EndAsync(job.Id, job.LeasedBy!, JobState.Done, null, run, Stop);
        seen = (await Store.Jobs.FindAsync(job.Id, Stop))!;
        (seen.State, seen.Progress, seen.RunId, seen.LeasedBy).ShouldBe((JobState.Done, 1, run, null));
        (await Store.Audit.ListAsync($"job:{job.Id}", stop: Stop))
            .Items.Select(a => a.Action)
            .ShouldBe(["job.end", "job.start", "job.add"]);
    }

    [Fact]
    public async Task Of_a_dead_worker_is_resumed_by_another_who_alone_may_end_it()
    {
        var job = await AddAsync();
        await Store.Jobs.LeaseAsync("a", Lease, Stop);
        (await Store.Jobs.LeaseAsync("b", Lease, Stop)).ShouldBeNull();
        Clock.Advance(Lease);
        var again = (await Store.Jobs.LeaseAsync("b", Lease, Stop))!;
        (again.Id, again.Attempt, again.LeasedBy).ShouldBe((job.Id, 2, "b"));
        (await Store.Jobs.BeatAsync(job.Id, "a", Lease, stop: Stop)).ShouldBe(JobSignal.Lost);
        await Should.ThrowAsync<CatalogueException>(() => Store.Jobs.EndAsync(job.Id, "a", JobState.Done, stop: Stop));
        (await Store.Jobs.EndAsync(job.Id, "b", JobState.Failed, "no space", stop: Stop)).Error.ShouldBe("no space");
    }

    [Fact]
    public async Task That_ends_every_worker_is_given_up()
    {
        var job = await AddAsync();
        for (var i = 0; i < JobStore.MostAttempts; i++)
        {
            (await Store.Jobs.LeaseAsync($"worker {i}", Lease, Stop)).ShouldNotBeNull();
            Clock.Advance(Lease);
        }
        (await Store.Jobs.LeaseAsync("last", Lease, Stop)).ShouldBeNull();
        (await Store.Jobs.FindAsync(job.Id, Stop))!.State.ShouldBe(JobState.Failed);
    }

    [Fact]
    public async Task Given_back_at_a_shutdown_waits_again_and_counts_no_attempt()
    {
        var job = await AddAsync();
        await Store.Jobs.LeaseAsync("a", Lease, Stop);
        await Store.Jobs.EndAsync(job.Id, "a", JobState.Queued, stop: Stop);
        (await Store.Jobs.LeaseAsync("b", Lease, Stop))!.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Is_cancelled_at_once_while_it_waits_and_by_its_worker_while_it_runs()
    {
        var (running, waiting) = (await AddAsync(), await AddAsync());
        await Store.Jobs.LeaseAsync("a", Lease, Stop);
        (await Store.Jobs.CancelAsync(waiting.Id, "ben", Stop)).State.ShouldBe(JobState.Cancelled);
        (await Store.Jobs.CancelAsync(running.Id, "ben", Stop)).State.ShouldBe(JobState.Running);
        (await Store.Jobs.BeatAsync(running.Id, "a", Lease, stop: Stop)).ShouldBe(JobSignal.Cancel);
        // Where the worker died before it heard of it.
        Clock.Advance(Lease);
        (await Store.Jobs.LeaseAsync("b", Lease, Stop)).ShouldBeNull();
        (await Store.Jobs.FindAsync(running.Id, Stop))!.State.ShouldBe(JobState.Cancelled);
        await Should.ThrowAsync<CatalogueException>(() => Store.Jobs.CancelAsync(running.Id, "ben", Stop));
        (await Store.Jobs.ListAsync(stop: Stop)).Items.Select(j => j.Id).ShouldBe([waiting.Id, running.Id]);
    }

    [Fact]
    public async Task Uploads_are_checked_once_and_keep_no_path()
    {
        var upload = await Store.Uploads.AddAsync("model", "..\\..\\etc/m.onnx", "uploads/1", "ff", 12, "ana", Stop);
        (upload.FileName, upload.State).ShouldBe(("m.onnx", UploadState.Received));
        await Store.Uploads.CheckedAsync(upload.Id, false, "no ONNX", "server", Stop);
        var seen = (await Store.Uploads.FindAsync(upload.Id, Stop))!;
        (seen.State, seen.Says, seen.Bytes).ShouldBe((UploadState.Refused, "no ONNX", 12));
        await Should.ThrowAsync<CatalogueException>(() =>
            Store.Uploads.CheckedAsync(upload.Id, true, "", "server", Stop)
        );
        (await Store.Uploads.ListAsync(stop: Stop)).Total.ShouldBe(1);
    }
}

public sealed class SqliteJobTests(PostgresServer server) : JobTests<OnSqlite>(server);

public sealed class PostgresJobTests(PostgresServer server) : JobTests<OnPostgres>(server);
