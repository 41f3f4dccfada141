using System.Globalization;
using System.Text;

namespace Assay.Fuzz;

/// <summary>The outcomes as a page.</summary>
internal static class Table
{
    private static readonly string[] MustNotBe = ["crash", "hang", "memory", "escaped"];

    public static string Write(Options options, Record record, int seeds)
    {
        var parts = record.Parts;
        var rows = MustNotBe.ToDictionary(b => b, _ => 0);
        foreach (var (outcome, count) in parts.SelectMany(p => p.Counts))
            rows[outcome] = rows.GetValueOrDefault(outcome) + count;
        var all = rows.Values.Sum();
        var more = $"{(options.Folder is null ? "" : " --models FOLDER")}{(options.Log is null ? "" : " --log FILE")}";
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Mutated models

            `dotnet run -c Release --project bench/Assay.Fuzz -- --cases {options.Cases} --seed {options.Seed} --workers {options.Workers}{more}`

            {all:N0} mutations of {seeds} models, each loaded, verified, prepared, differentiated and run on 8 rows in a child
            process with {options.AddressMegabytes} MB of address space. A crash ends the child, a hang is a case over 5 s of processor time (or 2
            minutes), memory a resident size over {options.Megabytes} MB. Longest case {parts.Max(p =>
                p.Milliseconds
            )} ms, largest child {parts.Max(p => p.Megabytes)} MB,
            {parts.Sum(p => p.Seconds)
                / options.Workers
                / 60:F0} minutes. With `--log` finished parts are noted and a run can be continued.

            | outcome | models | share |
            |---|---:|---:|

            """
        );
        foreach (var (outcome, n) in rows.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"| {Name(outcome)} | {n:N0} | {100.0 * n / all:F2} % |\n");
        foreach (var bad in record.Bad)
            text.Append(CultureInfo.InvariantCulture, $"\nCase {bad.Trim()}\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Name(string outcome) =>
        outcome switch
        {
            "ran" => "accepted and ran",
            "escaped" => "another exception than AssayException",
            "hang" => "hang over 5 s",
            "memory" => "memory over the limit",
            _ => outcome,
        };
}
