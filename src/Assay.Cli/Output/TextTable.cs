using Spectre.Console;

namespace Assay.Cli.Output;

/// <summary>A small table: boxed on a terminal, aligned columns elsewhere.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> rows = [];
    private readonly HashSet<int> numbers = [];

    /// <summary>Aligns columns to the right.</summary>
    public TextTable Numbers(params int[] columns)
    {
        numbers.UnionWith(columns);
        return this;
    }

    public void Add(params string[] cells) => rows.Add(cells);

    public void Write(Terminal terminal)
    {
        if (terminal.IsRich)
            WriteRich(terminal.Out);
        else
            WritePlain(terminal.Out);
    }

    private void WriteRich(TextWriter writer)
    {
        var table = new Table { Border = TableBorder.Rounded };
        for (var c = 0; c < headings.Length; c++)
        {
            var column = new TableColumn(new Text(headings[c], new Style(decoration: Decoration.Bold)));
            if (c == 0 || numbers.Contains(c))
                column.NoWrap();
            table.AddColumn(numbers.Contains(c) ? column.RightAligned() : column);
        }
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) }).Write(table);
    }

    private void WritePlain(TextWriter writer)
    {
        var widths = headings.Select((h, c) => rows.Select(r => r[c].Length).Append(h.Length).Max()).ToArray();
        foreach (var row in rows.Prepend(headings))
        {
            var cells = row.Select(
                (cell, c) => numbers.Contains(c) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c])
            );
            writer.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
