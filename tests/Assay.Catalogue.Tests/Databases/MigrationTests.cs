using Assay.Onnx;
using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue.Tests;

/// <summary>Tables come up from nothing and from the version before, with what was in them.</summary>
public abstract class MigrationTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    protected override bool IsOpened => false;

    [Fact]
    public async Task From_the_version_before_nothing_is_lost()
    {
        await using (var database = new CatalogueDatabase(Options, Clock))
        {
            await Migrator.MigrateAsync(database, Stop, "Initial");
            await database.WriteAsync("ana", FillAsync, Stop);
        }
        await Should.ThrowAsync<System.Data.Common.DbException>(() => SqlAsync("SELECT count(*) FROM jobs"));
        await using var store = await OpenAsync();
        var run = (await store.Runs.ListAsync(stop: Stop)).Items.Single();
        (await store.Inbox.ListAsync(run.Id, new(), Stop)).Entries.Total.ShouldBe(4);
        (await store.Users.ListAsync(Stop)).Single().Name.ShouldBe("Ben");
        (await store.Audit.CheckAsync(Stop)).ShouldSatisfyAllConditions(
            c => c.Entries.ShouldBe(1),
            c => c.BrokenAt.ShouldBeNull()
        );
        await store.Jobs.AddAsync("study", "{}", null, "ana", Stop);
        (await store.Uploads.ListAsync(stop: Stop)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Several_that_open_a_new_catalogue_at_once_all_get_it()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAsync, Stop)));
        foreach (var store in stores)
        {
            (await store.IsReadyAsync(Stop)).ShouldBeTrue();
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_migrations_make_the_model()
    {
        await using var store = await OpenAsync();
        await using var database = new CatalogueDatabase(Options, Clock);
        await using var db = database.Read();
        db.Database.HasPendingModelChanges().ShouldBeFalse();
        (await db.Database.GetPendingMigrationsAsync(Stop)).ShouldBeEmpty();
        db.Database.GetMigrations().Select(m => m[(m.IndexOf('_') + 1)..]).ShouldBe(["Initial", "JobsAndUploads"]);
    }

    [Fact]
    public async Task A_catalogue_of_a_later_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        await SqlAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99')""");
        (await Should.ThrowAsync<AssayException>(OpenAsync)).Message.ShouldContain("later version");
    }

    private async Task FillAsync(WriteScope scope)
    {
        using var documents = RunDocuments.Read(Run());
        await RunImporter.ImportAsync(scope, RunContent.Of(documents, "run", Clock.GetUtcNow()), new(Folder));
        scope.Db.Add(
            new User
            {
                Subject = "ben",
                Name = "Ben",
                Role = Role.Analyst,
                Created = scope.Now,
            }
        );
    }
}

public sealed class SqliteMigrationTests(PostgresServer server) : MigrationTests<OnSqlite>(server)
{
    [Fact]
    public async Task A_lock_that_a_killed_process_left_does_not_stop_the_next()
    {
        await using (var database = new CatalogueDatabase(Options, Clock))
            await Migrator.MigrateAsync(database, Stop, "Initial");
        // The row that EF takes for its lock and deletes when it is done.
        await SqlAsync("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-03-01 12:00:00')""");
        await using var store = await OpenAsync();
        (await store.Jobs.ListAsync(stop: Stop)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task The_file_is_in_WAL_mode_so_that_readers_never_wait()
    {
        await using var store = await OpenAsync();
        (await SqlAsync("PRAGMA journal_mode")).ShouldBe("wal");
    }
}

public sealed class PostgresMigrationTests(PostgresServer server) : MigrationTests<OnPostgres>(server)
{
    [Fact]
    public async Task A_database_that_is_not_there_is_said_in_one_line()
    {
        var options = CatalogueOptions.Postgres(Options.Place.Replace("Database=assay", "Database=none"));
        var error = await Should.ThrowAsync<AssayException>(() => CatalogueStore.OpenAsync(options, Clock, Stop));
        error.Message.ShouldContain("cannot be opened");
    }
}
