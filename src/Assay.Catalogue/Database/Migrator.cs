using Assay.Onnx;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Assay.Catalogue;

/// <summary>Brings a database to this version's tables.</summary>
internal static class Migrator
{
    private const long MigrationLock = 0x41_53_53_41_59_32;

    public static async Task MigrateAsync(CatalogueDatabase database, CancellationToken stop, string? target = null)
    {
        await using var db = database.Read();
        if (database.Options.IsPostgres)
            await MigrateServerAsync(db, database, target, stop);
        else
            await MigrateFileAsync(db, database, target, stop);
    }

    private static async Task MigrateFileAsync(
        CatalogueContext db,
        CatalogueDatabase database,
        string? target,
        CancellationToken stop
    )
    {
        var file = database.Options.Place;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var turn = await FileTurn.TakeAsync(
            file + ".migrating",
            TimeProvider.System,
            database.Options.Patience,
            stop
        );
        if (File.Exists(file))
            // EF's own lock is a row, which a killed process leaves for ever. Who holds the file's turn knows that nobody else migrates.
            await db.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL CONSTRAINT \"PK___EFMigrationsLock\" PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); DELETE FROM \"__EFMigrationsLock\";",
                stop
            );
        await Guarded(db, target, stop);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", stop);
    }

    private static async Task MigrateServerAsync(
        CatalogueContext db,
        CatalogueDatabase database,
        string? target,
        CancellationToken stop
    )
    {
        await using var turn = new NpgsqlConnection(database.Options.Place);
        try
        {
            await turn.OpenAsync(stop);
        }
        catch (NpgsqlException e)
        {
            throw AssayException.Failed(
                $"The catalogue's PostgreSQL database cannot be opened ({e.Message.Split('\n')[0].TrimEnd('.')}); check that it is there and the connection string.",
                e
            );
        }
        // Held by the connection, so it ends with the process. EF's own lock comes after it has read what is to be done.
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", turn);
        command.Parameters.Add(new() { Value = MigrationLock });
        command.CommandTimeout = (int)database.Options.Patience.TotalSeconds;
        await command.ExecuteNonQueryAsync(stop);
        await Guarded(db, target, stop);
        command.CommandText = "SELECT pg_advisory_unlock($1)";
        await command.ExecuteNonQueryAsync(stop);
    }

    private static async Task Guarded(CatalogueContext db, string? target, CancellationToken stop)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        if (await db.Database.CanConnectAsync(stop))
        {
            var applied = (await db.Database.GetAppliedMigrationsAsync(stop)).ToList();
            if (applied.Find(m => !known.Contains(m)) is { } later)
                throw AssayException.Failed(
                    $"The catalogue was written by a later version of Assay (it has the step {later}); use that version, or a backup."
                );
            if (target is null && applied.Count == known.Count)
                return;
        }
        await db.GetService().MigrateAsync(target, stop);
    }

    private static IMigrator GetService(this CatalogueContext db) =>
        Microsoft.EntityFrameworkCore.Infrastructure.AccessorExtensions.GetService<IMigrator>(db.Database);
}
