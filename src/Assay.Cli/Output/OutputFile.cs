using Assay.Onnx;

namespace Assay.Cli.Output;

/// <summary>A result that is written aside and renamed when whole: the file is complete or absent.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string path;
    private readonly string aside;
    private FileStream? stream;

    public OutputFile(string path)
    {
        this.path = path;
        aside = path + ".partial";
        RequireWritable(path);
        stream = Guarded(() => new FileStream(aside, FileMode.Create, FileAccess.ReadWrite));
    }

    /// <summary>Throws where a file of that name cannot be: before anything costly is done for it.</summary>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw AssayException.Failed($"Cannot write '{path}': it is a folder; name a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw AssayException.Failed(
                $"Cannot write '{path}': there is no folder '{folder}'; make it, or choose another place."
            );
    }

    public Stream Stream => stream!;

    /// <summary>Flushes to disk and renames into place.</summary>
    public void Finish()
    {
        Guarded(() =>
        {
            stream!.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(aside, path, overwrite: true);
            return 0;
        });
        stream = null;
    }

    /// <summary>Runs what writes, naming this file in errors of the disk.</summary>
    public void Write(Action write) =>
        Guarded(() =>
        {
            write();
            return 0;
        });

    /// <summary>Removes what is not finished.</summary>
    public void Dispose()
    {
        if (stream is null)
            return;
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
            // Buffered bytes that a full disk refuses; the error that led here is the one to report.
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private T Guarded<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Failed(
                $"Cannot write '{path}': {e.Message.Split('\n')[0].TrimEnd('.')}; free space or choose another place.",
                e
            );
        }
    }
}
