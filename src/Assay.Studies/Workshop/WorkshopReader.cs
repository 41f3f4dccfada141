using System.Text.RegularExpressions;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a sheet may speak of, besides what is numbered.</summary>
/// <param name="Findings">Ids of findings.</param>
/// <param name="Actions">Ids of actions, on which decisions are due.</param>
internal sealed record WorkshopSubjects(IReadOnlyList<string> Findings, IReadOnlyList<string> Actions);

/// <summary>
/// Reads a filled-in sheet: under each <c>### kind: subject</c> the lines <c>- field: text</c>. Everything else is prose
/// for the reader and is passed over.
/// </summary>
internal static partial class WorkshopReader
{
    public static Annotations Read(string path, WorkshopSubjects known)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AssayException.Input($"Cannot read '{path}': {e.Message.TrimEnd('.')}.");
        }
        var items = new List<Annotation>();
        (string Kind, string Subject, Dictionary<string, string> Fields)? open = null;
        void Close()
        {
            if (open is { Fields.Count: > 0 } done)
                items.Add(new(done.Kind, done.Subject, done.Fields));
            open = null;
        }
        for (var i = 0; i < lines.Length; i++)
        {
            AssayException Error(string message) => AssayException.Input($"{path}, line {i + 1}: {message}");
            if (lines[i].StartsWith('#'))
            {
                Close();
                if (Heading().Match(lines[i]) is not { Success: true } heading)
                    continue;
                var (kind, subject) = (heading.Groups[1].Value, heading.Groups[2].Value.Trim());
                if (!WorkshopSheet.Fields.ContainsKey(kind))
                    throw Error(
                        $"'{kind}' is not one of {Text.List([.. WorkshopSheet.Fields.Keys])}.{Nearest.Hint(kind, WorkshopSheet.Fields.Keys)}"
                    );
                if (kind == WorkshopSheet.Finding && !known.Findings.Contains(subject))
                    throw Error($"the run has no finding '{subject}'.{Nearest.Hint(subject, known.Findings)}");
                if (kind == WorkshopSheet.Decision && !IsNumber(subject) && !known.Actions.Contains(subject))
                    throw Error(
                        $"the run proposes no action '{subject}'; a decision on something else has a number.{Nearest.Hint(subject, known.Actions)}"
                    );
                if (items.Any(a => a.Kind == kind && a.Subject == subject))
                    throw Error($"{kind} '{subject}' was filled in above already; keep one");
                open = (kind, subject, []);
            }
            else if (open is { } current && Field().Match(lines[i]) is { Success: true } field)
            {
                var (name, value) = (field.Groups[1].Value.Trim(), field.Groups[2].Value.Trim());
                var allowed = WorkshopSheet.Fields[current.Kind];
                if (!allowed.Contains(name))
                    throw Error(
                        $"a {current.Kind} has no field '{name}'; it has {Text.List(allowed)}.{Nearest.Hint(name, allowed)}"
                    );
                if (value.Length > 0 && !current.Fields.TryAdd(name, value))
                    throw Error($"'{name}' was filled in above already; keep one");
            }
        }
        Close();
        return new(items);
    }

    private static bool IsNumber(string subject) => subject.All(char.IsAsciiDigit);

    [GeneratedRegex(@"^###\s+([a-z]+):\s*(.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^-\s+([^:]+):(.*)$")]
    private static partial Regex Field();
}
