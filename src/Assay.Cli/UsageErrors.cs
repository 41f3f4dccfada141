using System.CommandLine;

namespace Assay.Cli;

/// <summary>Turns the parser's complaints into one line with a suggestion.</summary>
internal static class UsageErrors
{
    public static string Line(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        var help = $"See '{Path(command)} --help'.";
        if (args.Length == 0)
            return $"say what to do: {string.Join(", ", command.Subcommands.Select(c => c.Name))}. {help}";
        // An unknown word usually causes the other complaints, so it comes first.
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(t => args.Contains(t));
        var problem = unknown is null
            ? parsed.Errors[0].Message.TrimEnd('.') + "."
            : $"'{unknown}' is not known to '{Path(command)}'.{Suggestion(command, unknown)}";
        return $"{problem} {help}";
    }

    private static string Path(Command command) =>
        command is RootCommand ? "assay"
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}"
        : command.Name;

    private static string Suggestion(Command command, string word)
    {
        var known = word.StartsWith('-')
            ? command.Options.Select(o => o.Name)
            : command.Subcommands.Select(c => c.Name);
        var best = known.Select(k => (Name: k, Distance: Distance(word, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, word.Length / 3)
            ? $" Did you mean '{best.Name}'?"
            : "";
    }

    // Levenshtein's edit distance.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
