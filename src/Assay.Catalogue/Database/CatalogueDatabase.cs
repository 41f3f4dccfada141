using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Assay.Catalogue;

/// <summary>Opens contexts, and is the only place that writes.</summary>
internal sealed class CatalogueDatabase : IAsyncDisposable
{
    // Any number, the same in every process: writers of one database take turns.
    private const long WriterLock = 0x41_53_53_41_59;

    private readonly Func<CatalogueContext> open;
    private readonly string? sqlite;

    public CatalogueDatabase(CatalogueOptions options, TimeProvider clock)
    {
        (Options, Clock) = (options, clock);
        if (options.IsPostgres)
        {
            var built = new DbContextOptionsBuilder<PostgresCatalogue>().UseNpgsql(options.Place).Options;
            open = () => new PostgresCatalogue(built);
        }
        else
        {
            sqlite = new SqliteConnectionStringBuilder
            {
                DataSource = options.Place,
                ForeignKeys = true,
                DefaultTimeout = Math.Max(1, (int)options.Patience.TotalSeconds),
            }.ConnectionString;
            var built = new DbContextOptionsBuilder<SqliteCatalogue>()
                .UseSqlite(sqlite)
                .AddInterceptors(new SqliteTuning(options.Patience))
                .Options;
            open = () => new SqliteCatalogue(built);
        }
    }

    public CatalogueOptions Options { get; }

    public TimeProvider Clock { get; }

    public DateTimeOffset Now => Timestamps.Whole(Clock.GetUtcNow());

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>A context for reading: nothing is tracked.</summary>
    public CatalogueContext Read()
    {
        var db = open();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return db;
    }

    /// <summary>
    /// Does some work and appends what it recorded to the audit trail, in one transaction: all of it or nothing. Writers take
    /// turns from the start of the transaction on, so that what the work reads stays true until it is written.
    /// </summary>
    public async Task<T> WriteAsync<T>(string actor, Func<WriteScope, Task<T>> work, CancellationToken stop)
    {
        await using var db = open();
        db.MayWrite = true;
        // With SQLite this is BEGIN IMMEDIATE, which waits for the writer before.
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (Options.IsPostgres)
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({WriterLock})", stop);
        var scope = new WriteScope(db, actor, Now, stop);
        try
        {
            var result = await work(scope);
            await db.SaveChangesAsync(stop);
            await AppendAsync(scope);
            await transaction.CommitAsync(stop);
            return result;
        }
        catch (DbUpdateConcurrencyException e)
        {
            throw CatalogueException.Conflict("Somebody else changed it in between; load it again.", e);
        }
    }

    public Task WriteAsync(string actor, Func<WriteScope, Task> work, CancellationToken stop) =>
        WriteAsync(
            actor,
            async scope =>
            {
                await work(scope);
                return 0;
            },
            stop
        );

    /// <summary>Closes the connections that wait in a pool.</summary>
    public async ValueTask DisposeAsync()
    {
        if (sqlite is not null)
        {
            await using var connection = new SqliteConnection(sqlite);
            SqliteConnection.ClearPool(connection);
        }
        else
        {
            await using var connection = new NpgsqlConnection(Options.Place);
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private static async Task AppendAsync(WriteScope scope)
    {
        if (scope.Records.Count == 0)
            return;
        var last = await scope
            .Db.Audit.AsNoTracking()
            .OrderByDescending(a => a.Number)
            .Select(a => new { a.Number, a.Hash })
            .FirstOrDefaultAsync(scope.Stop);
        var (number, hash) = (last?.Number ?? 0, last?.Hash ?? "");
        foreach (var record in scope.Records)
        {
            var entry = new AuditEntry
            {
                Number = ++number,
                At = scope.Now,
                Actor = scope.Actor,
                Action = record.Action,
                Subject = record.Subject(),
                Before = Text(record.Before),
                After = Text(record.After()),
                PreviousHash = hash,
                Hash = "",
            };
            entry.Hash = hash = entry.ComputeHash();
            scope.Db.Audit.Add(entry);
        }
        await scope.Db.SaveChangesAsync(scope.Stop);
    }

    private static string? Text(object? value) => value is null ? null : JsonSerializer.Serialize(value, Json);
}
