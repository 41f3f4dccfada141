using System.Diagnostics;
using System.Globalization;
using Assay.Attribution;
using Assay.Attribution.Compilation;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Benchmarks;

/// <summary>Everything one may do with a model, each timed in turns with its forward pass, so that whatever else the machine does falls on both.</summary>
internal sealed class Comparison : IDisposable
{
    private const double Seconds = 0.6;
    private const int WarmUp = 3,
        Least = 5,
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
        var pairs = new Action[]
        {
            () => subject.Explain(feeds),
            () => compiled.Run(feeds),
            () => explained.PathIntegral(feeds, rule),
            () => explained.NodeByNode(explained.Feeds(feeds), rule),
            () => compiledPath.Run(feeds),
        }
            .Select(a => Medians(() => subject.Forward(feeds), a))
            .ToArray();
        var ratios = pairs.Select(p => (p.Second / p.First).ToString("F2", CultureInfo.InvariantCulture));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows} | {pairs[0].First:F0} | {string.Join(" | ", ratios)} |"
        );
    }

    // Two at a time: among more, the forward pass would find its caches emptied by the long ones and look slow.
    private static (double First, double Second) Medians(Action first, Action second)
    {
        var (a, b) = (new List<double>(), new List<double>());
        for (var i = 0; i < WarmUp; i++)
        {
            first();
            second();
        }
        var start = Stopwatch.GetTimestamp();
        while (a.Count < Least || (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds && a.Count < Most))
        {
            a.Add(Time(first));
            b.Add(Time(second));
        }
        return (a.Order().ElementAt(a.Count / 2), b.Order().ElementAt(b.Count / 2));
    }

    private static double Time(Action action)
    {
        var before = ThreadClock.Now;
        action();
        return ThreadClock.Now - before;
    }

    public void Dispose()
    {
        subject.Dispose();
        explained.Dispose();
        compiled.Dispose();
        compiledPath.Dispose();
    }
}
