using Assay.Onnx;

namespace Assay.Catalogue.Tests;

/// <summary>Moving a catalogue to another database.</summary>
public abstract class CopyTests<TKind>(PostgresServer server) : CatalogueTests<TKind>(server)
    where TKind : IDatabaseKind, new()
{
    [Fact]
    public async Task A_SQLite_catalogue_moves_with_everything_and_goes_on()
    {
        var small = CatalogueOptions.Sqlite(Path.Combine(Folder, "small.db")) with { Root = Folder };
        string run;
        await using (var source = await CatalogueStore.OpenAsync(small, Clock, Stop))
        {
            await source.Users.AddAsync("ben", "Ben", Role.Admin, "ana", Stop);
            run = (await source.Runs.ImportAsync(Run(), "ana", Stop)).RunId;
            await source.Runs.ImportAsync(Run("b", r => r.RunJson["created"] = "2026-02-05T00:00:00Z"), "ana", Stop);
            await source.Comments.AddAsync(new("run", run, ""), "Hello @Ben", "ana", Stop);
            await source.Jobs.AddAsync("study", "{}", null, "ana", Stop);
        }
        await CatalogueStore.CopyAsync(small, Options, Clock, Stop);
        (await Store.Runs.ListAsync(stop: Stop)).Items.Select(r => r.PreviousRunId).ShouldBe([run, null]);
        (await Store.Comments.ListAsync(new("run", run, ""), stop: Stop)).Single().Mentions.ShouldBe(["ben"]);
        await Store.Comments.AddAsync(new("run", run, ""), "and on", "ben", Stop);
        (await Store.Jobs.AddAsync("study", "{}", null, "ana", Stop)).Id.ShouldBe(2);
        var check = await Store.Audit.CheckAsync(Stop);
        (check.Entries, check.BrokenAt).ShouldBe((7, null));
        await Should.ThrowAsync<AssayException>(() => CatalogueStore.CopyAsync(small, Options, Clock, Stop));
    }
}

public sealed class SqliteCopyTests(PostgresServer server) : CopyTests<OnSqlite>(server);

public sealed class PostgresCopyTests(PostgresServer server) : CopyTests<OnPostgres>(server);
