using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Uploaded files. The catalogue keeps what they are, the server keeps the bytes.</summary>
public sealed class UploadStore
{
    private readonly CatalogueDatabase database;

    internal UploadStore(CatalogueDatabase database) => this.database = database;

    /// <summary>Uploads, newest first.</summary>
    public async Task<Page<Upload>> ListAsync(int page = 1, int pageSize = 50, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Uploads.OrderByDescending(u => u.Id).PageAsync(page, pageSize, stop);
    }

    /// <summary>An upload; null where there is none.</summary>
    public async Task<Upload?> FindAsync(long id, CancellationToken stop = default)
    {
        await using var db = database.Read();
        return await db.Uploads.SingleOrDefaultAsync(u => u.Id == id, stop);
    }

    /// <summary>Records a received file.</summary>
    /// <param name="kind"><c>model</c>, <c>data</c>, <c>dictionary</c> or <c>study</c>.</param>
    /// <param name="fileName">The name it had; folders are cut off.</param>
    /// <param name="path">Where the server keeps it.</param>
    /// <param name="sha256">SHA-256 of its content, hexadecimal.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="actor">Who uploaded it.</param>
    /// <param name="stop">Ends the write.</param>
    public Task<Upload> AddAsync(
        string kind,
        string fileName,
        string path,
        string sha256,
        long bytes,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            scope =>
            {
                var upload = new Upload
                {
                    Kind = Existing.Text(kind, "The kind", 100),
                    FileName = Existing.Text(
                        fileName[(fileName.LastIndexOfAny(['/', '\\']) + 1)..],
                        "The file's name",
                        255
                    ),
                    Path = path,
                    Sha256 = sha256,
                    Bytes = bytes,
                    By = actor,
                    At = scope.Now,
                    Version = 1,
                };
                scope.Db.Add(upload);
                scope.Record("upload.add", () => Name(upload), null, () => Shown(upload));
                return Task.FromResult(upload);
            },
            stop
        );

    /// <summary>Records what the check of a received file said.</summary>
    /// <exception cref="CatalogueException">No such upload, or it was checked.</exception>
    public Task<Upload> CheckedAsync(
        long id,
        bool isAccepted,
        string says,
        string actor,
        CancellationToken stop = default
    ) =>
        database.WriteAsync(
            actor,
            async scope =>
            {
                var upload =
                    await scope.Db.Uploads.FindAsync([id], scope.Stop)
                    ?? throw CatalogueException.NotFound(FormattableString.Invariant($"upload {id}"));
                if (upload.State != UploadState.Received)
                    throw CatalogueException.Conflict("The upload was checked already.");
                var before = Shown(upload);
                (upload.State, upload.Says) = (isAccepted ? UploadState.Accepted : UploadState.Refused, says);
                upload.Version++;
                scope.Record("upload.check", Name(upload), before, Shown(upload));
                return upload;
            },
            stop
        );

    private static string Name(Upload upload) => FormattableString.Invariant($"upload:{upload.Id}");

    private static object Shown(Upload u) =>
        new
        {
            u.Kind,
            u.FileName,
            u.Sha256,
            u.Bytes,
            u.State,
            u.Says,
        };
}
