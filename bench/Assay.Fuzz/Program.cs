using System.Diagnostics;
using Assay.Fuzz;

var options = Options.Parse(args);
var cases = new Cases(options.Seed, options.Folder);
if (options.Child is var (from, to))
    return Child.Run(cases, from, to);
if (options.Case is { } one)
{
    var file = cases.Make(one);
    if (options.Save is { } path)
        File.WriteAllBytes(path, file);
    Console.WriteLine(Pipeline.Text(file));
    var began = Stopwatch.GetTimestamp();
    Console.WriteLine(
        $"{Pipeline.Run(file)} ({Child.PeakMegabytes()} MB, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s)"
    );
    return 0;
}
foreach (var (seed, number) in cases.Unchanged.Select((s, i) => (s, i)))
    if (Pipeline.Run(seed) is var outcome && outcome != "ran")
        Console.WriteLine($"seed {number}: {outcome}");
var watch = new Watch(options);
await watch.RunAsync();
var table = Table.Write(options, watch.Record, cases.Unchanged.Count);
Console.Write(table);
if (options.Out is { } report)
    File.WriteAllText(report, table);
return watch.Record.Bad.Any() ? 1 : 0;
