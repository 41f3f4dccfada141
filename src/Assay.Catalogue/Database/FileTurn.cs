using Assay.Onnx;

namespace Assay.Catalogue;

/// <summary>One process at a time; a killed process leaves nothing locked.</summary>
internal static class FileTurn
{
    public static async Task<FileStream> TakeAsync(
        string path,
        TimeProvider clock,
        TimeSpan patience,
        CancellationToken stop
    )
    {
        var start = clock.GetTimestamp();
        while (true)
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException e)
            {
                if (clock.GetElapsedTime(start) > patience)
                    throw AssayException.Failed($"'{path}' stays locked by another process; wait for it or end it.", e);
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, stop);
            }
    }
}
