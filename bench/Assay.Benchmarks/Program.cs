using System.Diagnostics;
using System.Globalization;
using Assay.Attribution;
using Assay.Benchmarks;
using Assay.Onnx;

// usage: FOLDER (of models) [--memory ROWS | --training DATA LABEL [STEPS [MODEL]]]
if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.WriteLine("The models' folder is absent; nothing is measured.");
    return;
}
if (args is [_, "--memory", var count])
{
    Memory.Run(Path.Combine(args[0], "deepfm_seed1.onnx"), int.Parse(count, CultureInfo.InvariantCulture));
    return;
}
if (args is [_, "--training", var data, var label, .. var rest])
{
    Console.WriteLine(TrainingSpeed.Header);
    foreach (
        var path in Directory
            .GetFiles(args[0], $"{rest.ElementAtOrDefault(1) ?? "*"}.onnx")
            .Order(StringComparer.Ordinal)
    )
        TrainingSpeed.Run(
            path,
            data,
            label,
            rest is [var steps, ..] ? int.Parse(steps, CultureInfo.InvariantCulture) : null
        );
    return;
}
Console.WriteLine("| model | rows | forward µs | score + gradient × input µs | ratio |\n|---|---:|---:|---:|---:|");
foreach (var path in Directory.GetFiles(args[0], "*.onnx").Order(StringComparer.Ordinal))
{
    using var subject = new Subject(OnnxModel.Load(path));
    foreach (var rows in new[] { 1, 64, 1024, 4096 })
    {
        var feeds = subject.Rows(rows);
        var (forward, explained) = Medians(() => subject.Forward(feeds), () => subject.Explain(feeds));
        var line = FormattableString.Invariant(
            $"| {Path.GetFileNameWithoutExtension(path)} | {rows} | {forward:F0} | {explained:F0} | {explained / forward:F2} |"
        );
        Console.WriteLine(line);
    }
}

// Alternating, so that whatever else the machine does falls on both.
static (double, double) Medians(Action first, Action second)
{
    var (a, b) = (new List<double>(), new List<double>());
    for (var i = 0; i < 5; i++)
        (first, second).Both();
    var start = Stopwatch.GetTimestamp();
    while (a.Count < 15 || (Stopwatch.GetElapsedTime(start).TotalSeconds < 0.6 && a.Count < 2_000))
    {
        a.Add(Time(first));
        b.Add(Time(second));
    }
    return (a.Order().ElementAt(a.Count / 2), b.Order().ElementAt(b.Count / 2));
}

static double Time(Action action)
{
    var start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
}

internal static class Pairs
{
    public static void Both(this (Action First, Action Second) pair)
    {
        pair.First();
        pair.Second();
    }
}

internal static class Memory
{
    /// <summary>Integrated gradients of many rows, a part at a time; prints the largest resident size.</summary>
    public static void Run(string path, int rows)
    {
        var model = OnnxModel.Load(path);
        using var subject = new Subject(model);
        var settings = new ExplainSettings { Method = "integrated-gradients", Steps = 2 };
        using var explainer = Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
        var part = subject.Rows(4_096);
        for (var done = 0; done < rows; done += 4_096)
            explainer.Explain(part);
        Console.WriteLine($"{rows} rows: {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
    }
}
