using System.Diagnostics;
using Assay.Attribution;
using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Quadrature;

/// <summary>A model of the real case opened for integrated gradients, with rows of its test split.</summary>
internal sealed class RealModel : IDisposable
{
    private readonly OnnxModel model;

    private RealModel(string folder, string name, EntryPoint at, int rows, bool float64)
    {
        (Name, At, Count) = (name, at, rows);
        var path = Path.Combine(folder, "models", name + ".onnx");
        model = OnnxModel.Load(path);
        var binding = FeatureDictionary
            .Load(Path.ChangeExtension(path, ".features.json"))
            .Bind([.. model.Graph.Inputs]);
        var data = DataSource.FromFile(Path.Combine(folder, "data", "test.parquet"));
        Rows = InputAssembler.Read(data, binding, 1000, rows);
        Settings = new()
        {
            Method = "integrated-gradients",
            At = at,
            Float64 = float64,
        };
        Explained = new ExplainedModel(model, FeatureSlot.FromInputs(model), Settings);
        Features = Explained.Features.Count;
    }

    public string Name { get; }

    public EntryPoint At { get; }

    public int Count { get; }

    public int Features { get; }

    public ExplainSettings Settings { get; }

    public IReadOnlyDictionary<string, TensorData> Rows { get; }

    public ExplainedModel Explained { get; }

    /// <summary>Every model of the folder, its features entering behind the preprocessing and raw.</summary>
    public static IEnumerable<RealModel> All(string folder, int rows, bool float64)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "models"), "*.onnx").Order(StringComparer.Ordinal))
        foreach (var at in new[] { EntryPoint.Preprocessed, EntryPoint.Raw })
        {
            using var real = new RealModel(folder, Path.GetFileNameWithoutExtension(path), at, rows, float64);
            yield return real;
        }
    }

    /// <summary>The same with other settings.</summary>
    public ExplainedModel With(Func<ExplainSettings, ExplainSettings> change) =>
        new(model, FeatureSlot.FromInputs(model), change(Settings));

    public double[] Nodes(int n) =>
        Explained.PathIntegral(Rows, PathRule.Of(PathRule.GaussLegendreName, n)).Attributions;

    /// <summary>The default rule.</summary>
    public double[] Default(int n) => Explained.PathIntegral(Rows, Explained.Rule(n)).Attributions;

    /// <summary>Slopes over many intervals, extrapolated.</summary>
    public double[] Converged() => [.. Default(2048).Zip(Default(1024), (fine, coarse) => fine + (fine - coarse) / 3)];

    /// <summary>For each row the largest error relative to the row's largest |attribution|, in ascending order.</summary>
    public double[] Errors(double[] values, double[] reference) =>
        [
            .. Enumerable
                .Range(0, Count)
                .Select(r =>
                {
                    var own = values.AsSpan(r * Features, Features);
                    var true_ = reference.AsSpan(r * Features, Features);
                    double scale = 0,
                        worst = 0;
                    for (var f = 0; f < Features; f++)
                    {
                        scale = Math.Max(scale, Math.Abs(true_[f]));
                        worst = Math.Max(worst, Math.Abs(own[f] - true_[f]));
                    }
                    return worst / scale;
                })
                .Order(),
        ];

    /// <summary>Median times in milliseconds of actions that take turns.</summary>
    public static double[] Times(int rounds, params Action[] actions)
    {
        var times = actions.Select(_ => new double[rounds]).ToArray();
        foreach (var action in actions)
            action();
        for (var k = 0; k < rounds; k++)
        for (var i = 0; i < actions.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            actions[i]();
            times[i][k] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return [.. times.Select(t => t.Order().ElementAt(rounds / 2))];
    }

    public void Dispose() => Explained.Dispose();
}
