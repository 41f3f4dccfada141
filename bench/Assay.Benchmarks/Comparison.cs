using System.Diagnostics;
using System.Globalization;
using Assay.Attribution;
using Assay.Attribution.Compilation;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Benchmarks;

/// <summary>Everything one may do with a model, timed in turns within one run, so that whatever else the machine does falls on all.</summary>
internal sealed class Comparison : IDisposable
{
    private const double Seconds = 1.5;
    private const int Least = 5,
        Most = 5_000;

    /// <summary>Nodes of the quadrature, hoisted and node by node.</summary>
    public const int Nodes = 8;

    public static string Header =>
        "| model | rows | forward µs | score + gradient × input | compiled gradient × input | "
        + $"IG, {Nodes} nodes, hoisted | node by node | compiled |\n|---|---:|---:|---:|---:|---:|---:|---:|";

    private readonly Subject subject;
    private readonly ExplainedModel explained;
    private readonly Session compiled;
    private readonly Session compiledPath;
    private readonly PathRule rule = PathRule.Of(PathRule.GaussLegendreName, Nodes);
    private readonly string name;

    private Comparison(string name, OnnxModel model)
    {
        this.name = name;
        subject = new Subject(model);
        var features = FeatureSlot.FromInputs(model);
        var path = new ExplainSettings { Method = "integrated-gradients", Steps = Nodes };
        explained = new ExplainedModel(model, features, path);
        var options = new CompileOptions { Gap = false };
        compiledPath = Session.Open(ModelCompiler.Explain(model, features, path, options));
        compiled = Session.Open(
            ModelCompiler.Explain(model, features, path with { Method = "gradient-times-input" }, options)
        );
    }

    /// <summary>Prints a line for each number of rows: the forward pass in microseconds, all else as multiples of it.</summary>
    public static void Print(string name, OnnxModel model, int[] sizes, int ids)
    {
        using var comparison = new Comparison(name, model);
        foreach (var rows in sizes)
            Console.WriteLine(comparison.Line(rows, ids));
    }

    private string Line(int rows, int ids)
    {
        var feeds = subject.Rows(rows, ids);
        var medians = Medians([
            () => subject.Forward(feeds),
            () => subject.Explain(feeds),
            () => compiled.Run(feeds),
            () => explained.PathIntegral(feeds, rule),
            () => explained.PathIntegralNodeByNode(feeds, rule),
            () => compiledPath.Run(feeds),
        ]);
        var ratios = medians.Skip(1).Select(m => (m / medians[0]).ToString("F2", CultureInfo.InvariantCulture));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows} | {medians[0]:F0} | {string.Join(" | ", ratios)} |"
        );
    }

    private static double[] Medians(Action[] actions)
    {
        var times = actions.Select(_ => new List<double>()).ToArray();
        for (var i = 0; i < 3; i++)
            foreach (var action in actions)
                action();
        var start = Stopwatch.GetTimestamp();
        while (
            times[0].Count < Least || (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds && times[0].Count < Most)
        )
            for (var i = 0; i < actions.Length; i++)
            {
                var before = ThreadClock.Now;
                actions[i]();
                times[i].Add(ThreadClock.Now - before);
            }
        return [.. times.Select(t => t.Order().ElementAt(t.Count / 2))];
    }

    public void Dispose()
    {
        subject.Dispose();
        explained.Dispose();
        compiled.Dispose();
        compiledPath.Dispose();
    }
}
