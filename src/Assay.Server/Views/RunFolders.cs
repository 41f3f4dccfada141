using System.Collections.Concurrent;

namespace Assay.Server;

/// <summary>
/// Opened runs, the last used few of them. A run whose files change is read anew; readers that ask at once for a run that
/// is not open wait for one reading.
/// </summary>
internal sealed class RunFolders(int most = 8)
{
    private static readonly string[] Watched =
    [
        "run.json",
        "estimates.parquet",
        "findings.json",
        "actions.json",
        "card.json",
        "effects.json",
        "layers.json",
        "evaluation.json",
        "dictionary.json",
    ];

    private readonly ConcurrentDictionary<string, Entry> open = new();
    private long uses;

    public RunFolder Open(string folder)
    {
        var full = Path.GetFullPath(folder);
        var stamp = Stamp(full);
        var entry = open.AddOrUpdate(
            full,
            _ => new(stamp, new(() => RunFolder.Open(full))),
            (_, old) => old.Stamp == stamp ? old : new(stamp, new(() => RunFolder.Open(full)))
        );
        entry.Used = Interlocked.Increment(ref uses);
        try
        {
            var run = entry.Run.Value;
            Trim();
            return run;
        }
        catch
        {
            // A broken folder may be mended: it is not remembered.
            open.TryRemove(new(full, entry));
            throw;
        }
    }

    private void Trim()
    {
        while (open.Count > most && open.MinBy(e => e.Value.Used) is { Key: not null } oldest)
            open.TryRemove(oldest);
    }

    private static string Stamp(string folder) =>
        string.Join(
            '|',
            Watched.Select(name =>
            {
                var file = new FileInfo(Path.Combine(folder, name));
                return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}+{file.Length}" : "";
            })
        );

    private sealed class Entry(string stamp, Lazy<RunFolder> run)
    {
        public string Stamp { get; } = stamp;
        public Lazy<RunFolder> Run { get; } = run;
        public long Used { get; set; }
    }
}
