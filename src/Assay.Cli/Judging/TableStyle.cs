using Assay.Cli.Output;

namespace Assay.Cli.Judging;

/// <summary>Where paragraphs and tables go.</summary>
internal interface ITables
{
    /// <summary>A paragraph.</summary>
    void Say(string text);

    /// <summary>A table whose columns, but the first, are numbers.</summary>
    void Table(IReadOnlyList<string> headings, IEnumerable<string[]> rows);
}

/// <summary>Tables for a terminal or a log.</summary>
internal sealed class PlainTables(Terminal terminal) : ITables
{
    public void Say(string text) => terminal.Out.WriteLine(text);

    public void Table(IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        var table = new TextTable([.. headings]).Numbers([.. Enumerable.Range(1, headings.Count - 1)]);
        foreach (var row in rows)
            table.Add(row);
        table.Write(terminal);
        terminal.Out.WriteLine();
    }
}

/// <summary>Tables for a document.</summary>
internal sealed class MarkdownTables(TextWriter writer) : ITables
{
    public void Say(string text)
    {
        writer.WriteLine(text);
        writer.WriteLine();
    }

    public void Table(IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        Line(headings);
        writer.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", headings.Count - 1))}");
        foreach (var row in rows)
            Line(row);
        writer.WriteLine();
    }

    private void Line(IEnumerable<string> cells) =>
        writer.WriteLine(
            $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |"
        );
}
