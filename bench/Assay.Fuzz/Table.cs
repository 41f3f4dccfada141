using System.Globalization;
using System.Text;

namespace Assay.Fuzz;

/// <summary>The outcomes as a page.</summary>
internal static class Table
{
    public static string Write(Options options, Watch watch, int seeds, TimeSpan elapsed)
    {
        var text = new StringBuilder("# Mutated models\n\n");
        var command =
            $"dotnet run -c Release --project bench/Assay.Fuzz -- --cases {options.Cases} --seed {options.Seed} --workers {options.Workers}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"`{command}{(options.Folder is null ? "" : " --models FOLDER")}`\n\n{watch.Counts.Values.Sum():N0} mutations of {seeds} models, each loaded, verified, prepared, differentiated and run on 8 rows "
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"in a child process with {options.AddressMegabytes} MB of address space. A crash ends the child, a hang is a case over 5 s of processor time (or 2 minutes), memory a resident size over {options.Megabytes} MB.\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"Longest case {watch.Worst.Milliseconds} ms, largest child {watch.Worst.Megabytes} MB, {elapsed.TotalMinutes:F0} minutes.\n\n| outcome | models | share |\n|---|---:|---:|\n"
        );
        var rows = watch.Counts.ToDictionary();
        foreach (var bad in new[] { "crash", "hang", "memory", "escaped" })
            rows.TryAdd(bad, 0);
        foreach (
            var (outcome, count) in rows.OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal)
        )
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Name(outcome)} | {count:N0} | {100.0 * count / watch.Counts.Values.Sum():F2} % |\n"
            );
        return text.ToString();
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
