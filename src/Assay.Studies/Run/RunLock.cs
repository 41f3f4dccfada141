using Assay.Onnx;

namespace Assay.Studies;

/// <summary>One process at a time in a run folder; a killed process leaves nothing locked.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream stream;

    private RunLock(FileStream stream) => this.stream = stream;

    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, "run.lock");
        try
        {
            return new RunLock(
                new FileStream(
                    path,
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1,
                    FileOptions.DeleteOnClose
                )
            );
        }
        catch (UnauthorizedAccessException e)
        {
            throw Files.Unwritable(path, e);
        }
        catch (IOException e)
        {
            throw File.Exists(path)
                ? AssayException.Failed(
                    $"Another process is working in the run folder '{folder}'; wait for it or choose another folder.",
                    e
                )
                : Files.Unwritable(path, e);
        }
    }

    public void Dispose() => stream.Dispose();
}
