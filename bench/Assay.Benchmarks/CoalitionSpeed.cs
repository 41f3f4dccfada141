using System.Diagnostics;
using Assay.Attribution;
using Assay.Attribution.Games;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Studies;

namespace Assay.Benchmarks;

/// <summary>Coalitions a second beside rows of the untouched model a second, in turns.</summary>
internal static class CoalitionSpeed
{
    private const int Games = 32,
        ForwardRows = 1024;
    private const double Seconds = 0.5;

    public const string Header =
        "| model | baseline | players | coalitions a row | forward rows/s | whole rows, × forward | cached, × forward | ceiling | of ceiling | ceiling with sums | of it |\n"
        + "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    /// <summary>A model of the real case with rows of its test data.</summary>
    public static void Real(string path, string data)
    {
        var model = OnnxModel.Load(path);
        var binding = FeatureDictionary
            .Load(Path.ChangeExtension(path, ".features.json"))
            .Bind([.. model.Graph.Inputs]);
        var rows = InputAssembler.Read(DataSource.FromFile(data), binding, 1000, ForwardRows);
        var name = Path.GetFileNameWithoutExtension(path);
        foreach (var kind in new[] { "zero", "row" })
            Measure(name, model, binding.Slots, rows, kind, [2, 0, 1024]);
    }

    /// <summary>A made model: 0 coalitions a row stand for 8 a player.</summary>
    public static void Made(string name, OnnxModel model, Dictionary<string, TensorData> rows)
    {
        foreach (var kind in new[] { "zero", "row" })
            Measure(name, model, FeatureSlot.FromInputs(model), rows, kind, [2, 1024]);
    }

    private static void Measure(
        string name,
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        IReadOnlyDictionary<string, TensorData> rows,
        string kind,
        int[] sizes
    )
    {
        var settings = new ExplainSettings
        {
            Method = "feature-ablation",
            Baseline = kind == "zero" ? Baseline.Zero : Baseline.Rows(new RowBatch().Take(rows, 7, 8, 1)),
        };
        using var explained = new ExplainedModel(model, features, settings);
        using var plain = Session.Open(model);
        var some = new RowBatch().Take(rows, 0, Games, Games);
        foreach (var size in sizes)
        {
            var each = size switch
            {
                0 => 8 * features.Count,
                2 => 2 * features.Count,
                _ => size,
            };
            var (game, coalitions) = Drawn(features.Count, each);
            var values = new double[game.Length];
            // Contributions are computed anew each time: they belong to the cost of explaining a row.
            void Whole() => new ModelGames(explained, some, whole: true).Evaluate(game, coalitions, values);
            void Cached() => new ModelGames(explained, some).Evaluate(game, coalitions, values);
            var (forward, cached) = Medians(() => plain.Run(rows), Cached);
            var (again, whole) = Medians(() => plain.Run(rows), Whole, 3);
            var speed = forward / ForwardRows / (cached / game.Length);
            var slow = again / ForwardRows / (whole / game.Length);
            var graph = explained.Coalitions(kind != "zero")?.Graph;
            var (ceiling, withSums) = graph is null
                ? (1, 1)
                : (
                    graph.Products.Model / graph.Products.Behind,
                    graph.Products.Model / (graph.Products.Behind + graph.Cost.Adding)
                );
            Console.WriteLine(
                FormattableString.Invariant(
                    $"| {name} | {kind} | {features.Count} | {each} | {ForwardRows * 1e6 / forward:N0} | {slow:F2} | {(graph is null ? "(none) " : "")}{speed:F2} | {ceiling:F2} | {100 * speed / ceiling:F0} % | {withSums:F2} | {100 * speed / withSums:F0} % |"
                )
            );
        }
    }

    public const string ExchangeHeader =
        "| model | features | forward µs/row | all features, of features × forward | of features × scorer |\n|---|---:|---:|---:|---:|";

    /// <summary>Scores of rows with each feature in turn exchanged, beside as many rows scored.</summary>
    public static void Exchanges(string path, string data)
    {
        var model = OnnxModel.Load(path);
        var binding = FeatureDictionary
            .Load(Path.ChangeExtension(path, ".features.json"))
            .Bind([.. model.Graph.Inputs]);
        var rows = InputAssembler.Read(DataSource.FromFile(data), binding, 1000, ForwardRows);
        var order = Enumerable.Range(0, ForwardRows).Select(r => (r * 7 + 1) % ForwardRows).ToArray();
        var donors = new RowBatch().Take(rows, order, ForwardRows);
        int[][] sets = [.. binding.Slots.Select((_, f) => new[] { f })];
        using var plain = Session.Open(model);
        using var scorer = Scorer.Open(model, null, Space.Logit);
        using var exchanges = ExchangeScorer.TryOpen(model, binding.Slots, null, Space.Logit);
        if (exchanges is null)
            return;
        var (forward, all) = Medians(() => plain.Run(rows), () => exchanges.Score(rows, donors, sets));
        var (scored, again) = Medians(() => scorer.Score(rows), () => exchanges.Score(rows, donors, sets));
        Console.WriteLine(
            FormattableString.Invariant(
                $"| {Path.GetFileNameWithoutExtension(path)} | {sets.Length} | {forward / ForwardRows:F2} | {all / forward / sets.Length:F2} | {again / scored / sets.Length:F2} |"
            )
        );
    }

    private static (int[] Game, Coalitions Coalitions) Drawn(int players, int each)
    {
        var coalitions = new Coalitions(players);
        var game = new int[Games * each];
        var random = new CounterRandom(1, "coalitions");
        for (var i = 0; i < game.Length; i++)
        {
            game[i] = i / each;
            var at = coalitions.Add();
            var share = random.NextDouble();
            for (var p = 0; p < players; p++)
                coalitions[at, p] = random.NextDouble() < share;
        }
        return (game, coalitions);
    }

    private static (double First, double Second) Medians(Action first, Action second, int least = 9)
    {
        var (a, b) = (new List<double>(), new List<double>());
        for (var i = 0; i < 3; i++)
        {
            first();
            second();
        }
        var start = Stopwatch.GetTimestamp();
        while (a.Count < least || (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds && a.Count < 500))
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
}
