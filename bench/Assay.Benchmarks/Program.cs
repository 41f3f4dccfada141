using System.Globalization;
using Assay.Attribution;
using Assay.Benchmarks;
using Assay.Onnx;

// usage: FOLDER (of models) [--synthetic SCRATCH | --memory ROWS SCRATCH | --coalitions DATA [SCRATCH] | --exchanges DATA | --training DATA LABEL [STEPS [MODEL]]]
if (args.Length == 0 || !Directory.Exists(args[0]))
{
    Console.WriteLine("The models' folder is absent; nothing is measured.");
    return;
}
if (args is [_, "--memory", var count, var tables])
{
    Memory.Run(tables, int.Parse(count, CultureInfo.InvariantCulture));
    return;
}
if (args is [_, "--exchanges", var exchanged])
{
    Console.WriteLine(CoalitionSpeed.ExchangeHeader);
    foreach (var path in Directory.GetFiles(args[0], "*.onnx").Order(StringComparer.Ordinal))
        CoalitionSpeed.Exchanges(path, exchanged);
    return;
}
if (args is [_, "--coalitions", var table, .. var large])
{
    Console.WriteLine(CoalitionSpeed.Header);
    foreach (var path in Directory.GetFiles(args[0], "*.onnx").Order(StringComparer.Ordinal))
        CoalitionSpeed.Real(path, table);
    if (large is [var folder])
        foreach (var (name, model) in new SyntheticModels(folder).All())
        {
            using var subject = new Subject(model);
            CoalitionSpeed.Made(name, model, subject.Rows(1024, ids: 250_000));
        }
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
if (args is [_, "--synthetic", var scratch])
{
    Console.WriteLine(Comparison.Header);
    foreach (var rows in new[] { 1, 64, 1024, 4096 })
    foreach (var (name, model) in new SyntheticModels(scratch).All())
        Comparison.Print(name, model, [rows], ids: 250_000);
    return;
}
Console.WriteLine(Comparison.Header);
foreach (var path in Directory.GetFiles(args[0], "*.onnx").Order(StringComparer.Ordinal))
    Comparison.Print(Path.GetFileNameWithoutExtension(path), OnnxModel.Load(path), [1, 64, 1024, 4096], ids: 3);

internal static class Memory
{
    private const int Nodes = 2,
        Part = 4_096;

    /// <summary>
    /// Integrated gradients of many rows × 39 features over tables of 10,000,000 rows, a part at a time, each row of its own
    /// ids; prints the largest resident size.
    /// </summary>
    public static void Run(string tables, int rows)
    {
        var model = new SyntheticModels(tables).DeepFm(39, [400, 400, 400]);
        using var subject = new Subject(model);
        var settings = new ExplainSettings { Method = "integrated-gradients", Steps = Nodes };
        using var explainer = Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
        for (var done = 0; done < rows; done += Part)
            explainer.Explain(subject.Rows(Math.Min(Part, rows - done), ids: 250_000, first: done));
        var status = File.ReadLines("/proc/self/status").Where(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        Console.WriteLine($"{rows} rows: {string.Concat(status)}");
    }
}
