using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What people wrote of one subject of a run.</summary>
/// <param name="Kind">finding, question, hypothesis or decision.</param>
/// <param name="Subject">The finding's id, or the number of a question, hypothesis or decision.</param>
/// <param name="Fields">What was filled in, by name.</param>
public sealed record Annotation(string Kind, string Subject, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>One field; null where it was left empty.</summary>
    public string? Field(string name) => Fields.GetValueOrDefault(name);
}

/// <summary>What a team wrote into a run's workshop sheet: <c>annotations.json</c>.</summary>
/// <param name="Items">In the order of the sheet.</param>
public sealed record Annotations(IReadOnlyList<Annotation> Items)
{
    internal const string Name = "annotations.json";

    /// <summary>What was written of a finding; null: nothing.</summary>
    public Annotation? Of(string subject) => Items.FirstOrDefault(a => a.Subject == subject);

    /// <summary>Reads a filled-in workshop sheet and keeps what it says in the run folder.</summary>
    /// <param name="run">The folder of a finished study.</param>
    /// <param name="sheet">The sheet; null: the run's own.</param>
    /// <returns>What was filled in.</returns>
    /// <exception cref="AssayException">Input: file, line and what is wrong.</exception>
    public static Annotations Annotate(string run, string? sheet = null)
    {
        var path = sheet ?? Path.Combine(run, WorkshopSheet.Name);
        var read = WorkshopReader.Read(path, Known(run));
        if (read.Items.Count == 0)
            throw AssayException.Input(
                $"'{path}' has nothing filled in; write behind the colons, then run this again."
            );
        Files.WriteText(Path.Combine(run, Name), JsonSerializer.Serialize(read, Json.Options));
        return read;
    }

    /// <summary>What a run folder holds; nothing where it was never annotated.</summary>
    /// <exception cref="AssayException">Input: a file that is none.</exception>
    public static Annotations Read(string run)
    {
        var path = Path.Combine(run, Name);
        if (!File.Exists(path))
            return new([]);
        try
        {
            return
                JsonSerializer.Deserialize<Annotations>(File.ReadAllText(path), Json.Options)
                    is { Items: not null } read
                ? read
                : new([]);
        }
        catch (JsonException e)
        {
            throw AssayException.Input(
                $"'{path}' is not what 'assay annotate' writes ({e.Message.Split('\n')[0]}); delete it, or annotate the run again."
            );
        }
    }

    private static WorkshopSubjects Known(string run)
    {
        if (!File.Exists(Path.Combine(run, FindingsFile.Name)))
            throw AssayException.Input(
                $"'{run}' holds no finished study (no {FindingsFile.Name}); run 'assay study STUDY.yaml --out {run}' first."
            );
        return new(Ids(run, FindingsFile.Name, "findings"), Ids(run, ActionsFile.Name, "actions"));
    }

    private static IReadOnlyList<string> Ids(string run, string file, string list)
    {
        var path = Path.Combine(run, file);
        if (!File.Exists(path))
            return [];
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. json.RootElement.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];
    }
}
