using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>What an import did.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="IsNew">False where the catalogue had it.</param>
public sealed record ImportResult(string RunId, bool IsNew);

/// <summary>A page of a list.</summary>
/// <param name="Items">The rows of the page.</param>
/// <param name="Total">Rows on all pages.</param>
/// <param name="Number">The page's number, from 1.</param>
/// <param name="PageSize">Rows on a full page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, int Number, int PageSize);

/// <summary>Imported runs.</summary>
public sealed class RunStore
{
    private readonly CatalogueDatabase database;
    private readonly RunFolders folders;

    internal RunStore(CatalogueDatabase database) =>
        (this.database, folders) = (database, new RunFolders(database.Options.Root));

    /// <summary>
    /// Imports a run folder. All of it is written, or nothing; twice is as once, also when two processes do it at a time.
    /// </summary>
    /// <param name="folder">The folder of a finished study.</param>
    /// <param name="actor">Who imports.</param>
    /// <param name="stop">Ends the import; then nothing is written.</param>
    /// <exception cref="Assay.Onnx.AssayException">The folder is no finished run, broken, or being written.</exception>
    public async Task<ImportResult> ImportAsync(string folder, string actor, CancellationToken stop = default)
    {
        using var documents = RunDocuments.Read(folder);
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, "run.json")));
        var content = RunContent.Of(documents, folders.Stored(folder), modified);
        return await database.WriteAsync(actor, s => RunImporter.ImportAsync(s, content, folders), stop);
    }

    /// <summary>All runs, newest first, with study and model.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="stop">Ends the query.</param>
    public async Task<Page<Run>> ListAsync(int page = 1, int pageSize = 50, CancellationToken stop = default)
    {
        await using var db = database.Read();
        var query = Whole(db).OrderByDescending(r => r.Created).ThenBy(r => r.Id);
        return await query.PageAsync(page, pageSize, stop);
    }

    /// <summary>A run with study and model; null where there is none.</summary>
    public async Task<Run?> FindAsync(string id, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await Whole(db).SingleOrDefaultAsync(r => r.Id == id, stop);
    }

    /// <summary>The run and those before it (its previous run, that one's, …), newest first.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="stop">Ends the query.</param>
    public async Task<IReadOnlyList<Run>> HistoryAsync(string id, int most = 50, CancellationToken stop = default)
    {
        await using var db = database.Read();
        var runs = new List<Run>();
        for (var next = id; next is not null && runs.Count < most; )
        {
            var run = await Whole(db).SingleOrDefaultAsync(r => r.Id == next, stop);
            if (run is null)
                break;
            runs.Add(run);
            next = run.PreviousRunId;
        }
        return runs;
    }

    /// <summary>The folder of a run as a full path.</summary>
    public string FolderOf(Run run) => folders.Full(run);

    /// <summary>Whether the run's folder is there and still holds this run (reads and hashes its <c>run.json</c>).</summary>
    public bool IsInPlace(Run run) => folders.Holds(run);

    /// <summary>The dictionary of a run's model, by name.</summary>
    public async Task<IReadOnlyList<FeatureEntry>> FeaturesAsync(string runId, CancellationToken stop = default)
    {
        await using var db = database.Read();
        var models = db.Runs.Where(r => r.Id == runId).Select(r => r.ModelVersion!.ModelId);
        return await db.Features.Where(f => models.Contains(f.ModelId)).OrderBy(f => f.Name).ToListAsync(stop);
    }

    private static IQueryable<Run> Whole(CatalogueContext db) =>
        db.Runs.Include(r => r.Study).Include(r => r.ModelVersion!.Model);
}
