using Assay.Onnx;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Assay.Catalogue;

/// <summary>Copies a catalogue, row by row and with its numbers, into an empty one on any database.</summary>
internal static class CatalogueCopy
{
    public static async Task CopyAsync(CatalogueDatabase from, CatalogueDatabase to, CancellationToken stop)
    {
        await Migrator.MigrateAsync(from, stop);
        await Migrator.MigrateAsync(to, stop);
        await using var source = from.Read();
        // One moment of the source: writers there go on, and are not in the copy.
        await using var moment = await source.Database.BeginTransactionAsync(
            System.Data.IsolationLevel.Serializable,
            stop
        );
        await to.WriteAsync(
            "copy",
            async scope =>
            {
                if (await scope.Db.Audit.AnyAsync(stop) || await scope.Db.Runs.AnyAsync(stop))
                    throw AssayException.Usage("The catalogue to copy into is not empty; name a new one.");
                await TableAsync<Model>(source, scope);
                await TableAsync<ModelVersion>(source, scope);
                await TableAsync<FeatureEntry>(source, scope);
                await TableAsync<Study>(source, scope);
                await TableAsync<Run>(source, scope);
                await TableAsync<RunItem>(source, scope);
                await TableAsync<ItemState>(source, scope);
                await TableAsync<Hypothesis>(source, scope);
                await TableAsync<Comment>(source, scope);
                await TableAsync<Decision>(source, scope);
                await TableAsync<User>(source, scope);
                await TableAsync<ApiKey>(source, scope);
                await TableAsync<Job>(source, scope);
                await TableAsync<Upload>(source, scope);
                await TableAsync<AuditEntry>(source, scope);
                if (to.Options.IsPostgres)
                    await CountOnAsync(scope);
            },
            stop
        );
    }

    private static async Task TableAsync<T>(CatalogueContext source, WriteScope scope)
        where T : class
    {
        scope.Db.AddRange(await source.Set<T>().ToListAsync(scope.Stop));
        await scope.Db.SaveChangesAsync(scope.Stop);
        scope.Db.ChangeTracker.Clear();
    }

    // Rows that came with their numbers do not move the counters from which PostgreSQL takes the next ones.
    private static async Task CountOnAsync(WriteScope scope)
    {
        foreach (var entity in scope.Db.Model.GetEntityTypes())
            if (entity.FindProperty("Id") is { ValueGenerated: ValueGenerated.OnAdd } id && id.ClrType == typeof(long))
            {
                var table = entity.GetTableName();
                var sql =
                    $"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE((SELECT max(id) FROM {table}), 0) + 1, false)";
                await scope.Db.Database.ExecuteSqlRawAsync(sql, scope.Stop);
            }
    }
}
