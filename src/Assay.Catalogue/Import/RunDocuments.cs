using System.Security.Cryptography;
using System.Text.Json;
using Assay.Onnx;

namespace Assay.Catalogue;

/// <summary>The files of a run folder as they are at one moment.</summary>
internal sealed class RunDocuments : IDisposable
{
    /// <summary>A file of a run that is longer than this is none of a study's.</summary>
    private const long Longest = 512L << 20;

    private readonly List<JsonDocument> documents = [];
    private readonly string folder;

    private RunDocuments(string folder, byte[] run)
    {
        this.folder = folder;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(run));
        Run = Parse("run.json", run);
        Findings = ReadFile("findings.json");
        Actions = ReadFile("actions.json");
        Hypotheses = ReadFile("hypotheses.json");
        Card = ReadFile("card.json");
        Dictionary = ReadFile("dictionary.json");
    }

    /// <summary>Of <c>run.json</c>.</summary>
    public string Sha256 { get; }

    public RunPart Run { get; }

    /// <summary>These are null where the folder has no such file: older versions write fewer.</summary>
    public RunPart? Findings { get; }
    public RunPart? Actions { get; }
    public RunPart? Hypotheses { get; }
    public RunPart? Card { get; }
    public RunPart? Dictionary { get; }

    public static RunDocuments Read(string folder)
    {
        var path = Path.Combine(folder, "run.json");
        if (!Directory.Exists(folder))
            throw AssayException.Input($"There is no folder '{folder}'; name the folder of a finished study.");
        if (!File.Exists(path))
            throw AssayException.Input(
                $"'{folder}' has no run.json, so it is no finished run; name the folder of a study that is done."
            );
        RefuseWhileWritten(folder);
        var run = Bytes(path);
        var documents = new RunDocuments(folder, run);
        // A study that began in between has changed the files one by one, and run.json last.
        if (Bytes(path).AsSpan().SequenceEqual(run) && !IsWritten(folder))
            return documents;
        documents.Dispose();
        throw Busy(folder);
    }

    public void Dispose()
    {
        foreach (var document in documents)
            document.Dispose();
    }

    private static void RefuseWhileWritten(string folder)
    {
        if (IsWritten(folder))
            throw Busy(folder);
    }

    private static AssayException Busy(string folder) =>
        AssayException.Failed($"A study is writing to '{folder}'; import it when that is done.");

    // A killed study leaves the file, but not the lock on it.
    private static bool IsWritten(string folder)
    {
        var path = Path.Combine(folder, "run.lock");
        if (!File.Exists(path))
            return false;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= Longest
                ? File.ReadAllBytes(path)
                : throw AssayException.Input($"'{path}' has {length:N0} bytes, more than a study writes; study again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"'{path}' cannot be read ({e.Message.TrimEnd('.')}).", e);
        }
    }

    private RunPart? ReadFile(string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? Parse(name, Bytes(path)) : null;
    }

    private RunPart Parse(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        try
        {
            var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
            var document = JsonDocument.Parse(bytes.AsMemory(start));
            documents.Add(document);
            return new(path, "", document.RootElement);
        }
        catch (JsonException e)
        {
            throw AssayException.Input(
                $"'{path}' is no JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine}); run the study again.",
                e
            );
        }
    }
}
