using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>
/// The catalogue: runs, what people say and decide about them, users, keys, jobs, uploads and the audit trail of it
/// all. Safe for use by several threads and processes at once.
/// </summary>
public sealed class CatalogueStore : IAsyncDisposable
{
    private readonly CatalogueDatabase database;

    private CatalogueStore(CatalogueDatabase database)
    {
        this.database = database;
        Runs = new(database);
        Inbox = new(database);
        Comments = new(database);
        Decisions = new(database);
        Hypotheses = new(database);
        Users = new(database);
        Keys = new(database);
        Jobs = new(database);
        Uploads = new(database);
        Audit = new(database);
    }

    /// <summary>Imported runs.</summary>
    public RunStore Runs { get; }

    /// <summary>Findings and actions, and where they stand.</summary>
    public InboxStore Inbox { get; }

    /// <summary>Comments.</summary>
    public CommentStore Comments { get; }

    /// <summary>Decisions.</summary>
    public DecisionStore Decisions { get; }

    /// <summary>Hypotheses.</summary>
    public HypothesisStore Hypotheses { get; }

    /// <summary>Users.</summary>
    public UserStore Users { get; }

    /// <summary>API keys.</summary>
    public KeyStore Keys { get; }

    /// <summary>Jobs in the background.</summary>
    public JobStore Jobs { get; }

    /// <summary>Uploaded files.</summary>
    public UploadStore Uploads { get; }

    /// <summary>The audit trail, for reading.</summary>
    public AuditStore Audit { get; }

    /// <summary>Opens the catalogue and brings its tables up to date.</summary>
    /// <exception cref="Assay.Onnx.AssayException">It was written by a later version, or stays locked.</exception>
    public static async Task<CatalogueStore> OpenAsync(
        CatalogueOptions options,
        TimeProvider clock,
        CancellationToken stop = default
    )
    {
        var database = new CatalogueDatabase(options, clock);
        await Migrator.MigrateAsync(database, stop);
        return new(database);
    }

    /// <summary>Copies a catalogue with all its numbers and its audit trail into an empty one, on whichever database.</summary>
    /// <exception cref="Assay.Onnx.AssayException">The target is not empty.</exception>
    public static async Task CopyAsync(
        CatalogueOptions from,
        CatalogueOptions to,
        TimeProvider clock,
        CancellationToken stop = default
    )
    {
        await using var source = new CatalogueDatabase(from, clock);
        await using var target = new CatalogueDatabase(to, clock);
        await CatalogueCopy.CopyAsync(source, target, stop);
    }

    /// <summary>Whether the database answers.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Database.CanConnectAsync(stop);
    }

    /// <summary>Gives connections back; files are free afterwards.</summary>
    public ValueTask DisposeAsync() => database.DisposeAsync();
}
