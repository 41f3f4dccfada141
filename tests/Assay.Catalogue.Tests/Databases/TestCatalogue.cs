using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Assay.Catalogue.Tests;

/// <summary>Which database a test class runs on; one subclass each.</summary>
public interface IDatabaseKind
{
    Task<CatalogueOptions> NewAsync(string folder, PostgresServer server, bool isEmpty);
}

public sealed class OnSqlite : IDatabaseKind
{
    public Task<CatalogueOptions> NewAsync(string folder, PostgresServer server, bool isEmpty) =>
        Task.FromResult(CatalogueOptions.Sqlite(Path.Combine(folder, "catalogue.db")));
}

public sealed class OnPostgres : IDatabaseKind
{
    public async Task<CatalogueOptions> NewAsync(string folder, PostgresServer server, bool isEmpty) =>
        CatalogueOptions.Postgres(await server.NewDatabaseAsync(isEmpty));
}

/// <summary>A catalogue with a clock that stands still and a folder, new for each test.</summary>
public abstract class CatalogueTests<TKind>(PostgresServer server) : IAsyncLifetime
    where TKind : IDatabaseKind, new()
{
    private CatalogueStore? store;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected string Folder { get; } = Directory.CreateTempSubdirectory("assay-catalogue-").FullName;

    protected CatalogueOptions Options { get; private set; } = null!;

    protected CatalogueStore Store => store!;

    protected virtual bool IsOpened => true;

    public async ValueTask InitializeAsync()
    {
        Options = (await new TKind().NewAsync(Folder, server, !IsOpened)) with { Root = Folder };
        if (IsOpened)
            store = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (store is not null)
            await store.DisposeAsync();
        Directory.Delete(Folder, true);
        GC.SuppressFinalize(this);
    }

    protected Task<CatalogueStore> OpenAsync() => CatalogueStore.OpenAsync(Options, Clock, Stop);

    protected string Run(string name = "run", Action<SmallRun>? change = null)
    {
        var run = new SmallRun(Path.Combine(Folder, name));
        change?.Invoke(run);
        return run.Write();
    }

    protected async Task<string> ImportAsync(string name = "run", Action<SmallRun>? change = null) =>
        (await Store.Runs.ImportAsync(Run(name, change), "ana", Stop)).RunId;

    /// <summary>SQL past the store, as somebody with the file or the password may do.</summary>
    protected async Task<object?> SqlAsync(string text)
    {
        await using DbConnection connection = Options.IsPostgres
            ? new NpgsqlConnection(Options.Place)
            : new SqliteConnection($"Data Source={Options.Place};Pooling=false");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return await command.ExecuteScalarAsync(Stop);
    }

    /// <summary>The number of rows of every table, to see that nothing was added.</summary>
    protected async Task<string> CountsAsync()
    {
        await using var database = new CatalogueDatabase(Options, Clock);
        await using var db = database.Read();
        var counts = new List<string>();
        foreach (var entity in db.Model.GetEntityTypes().OrderBy(e => e.GetTableName(), StringComparer.Ordinal))
            counts.Add($"{entity.GetTableName()} {await SqlAsync($"SELECT count(*) FROM {entity.GetTableName()}")}");
        return string.Join(", ", counts);
    }
}
