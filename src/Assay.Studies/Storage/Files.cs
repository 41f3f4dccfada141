using System.Security.Cryptography;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>Files that appear whole or not at all.</summary>
internal static class Files
{
    /// <summary>What a file is called while it is being written.</summary>
    public const string Aside = ".partial";

    /// <summary>Writes beside the path, flushes to disk and renames into place; on failure nothing remains.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var aside = path + Aside;
        try
        {
            using (var stream = new FileStream(aside, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e)
        {
            Discard(aside);
            if (e is IOException or UnauthorizedAccessException)
                throw Unwritable(path, e);
            throw;
        }
    }

    /// <summary>Writes text in the same way.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, s => s.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Makes a folder.</summary>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string Hash(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>SHA-256 of text.</summary>
    public static string HashText(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>The error for a place that cannot be written.</summary>
    public static AssayException Unwritable(string path, Exception e) =>
        AssayException.Failed(
            $"Cannot write '{path}': {e.Message.Split('\n')[0].TrimEnd('.')}; free space or choose another run folder.",
            e
        );

    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }
}
