using System.Globalization;
using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = E[∂f/∂xᵢ (x + σ·s·ε)], ε normal: the signed gradient averaged over noise where the features enter.</summary>
internal sealed class SmoothGrad : AttributionMethod
{
    private const int UsualDraws = 64;

    public override MethodInfo Info { get; } =
        new(
            "smooth-grad",
            "SmoothGrad",
            "Smilkov, Thorat, Kim, Viégas and Wattenberg 2017, arXiv 1706.03825",
            ["linearity in the model", "sensitivity (b)"],
            "1 forward and 1 backward pass per draw (64 if no budget is given), 2 forward passes",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Sampled = true,
        };

    public override IReadOnlyDictionary<string, string> Options(ExplainSettings settings) =>
        new Dictionary<string, string> { ["noise"] = settings.Noise.ToString("R", CultureInfo.InvariantCulture) };

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var (settings, features) = (model.Settings, model.Features.Count);
        var draws = settings.Budget - 2 ?? UsualDraws;
        if (draws < 1)
            throw AssayException.Usage("SmoothGrad needs a budget of at least 3 evaluations.");
        var feeds = model.Feeds(rows);
        var graph = model.Own(
            "gradient under noise",
            () => NoisyGraph.Build(model.Points(), model.Head, settings.Noise, model.PointDeviations())
        );
        var width = NoisyGraph.Width(model.AttributionPoints);
        var means = SampledMeans.Of(
            RowsOfInputs.Count(rows, "rows"),
            features,
            features,
            draws,
            settings.Precision,
            null,
            (open, from, to) =>
            {
                int[] numbers = [.. open.SelectMany(r => Enumerable.Repeat(r, to - from))];
                var noise = Noise(settings.Seed, from, to, width);
                var all = Enumerable.Repeat(noise, open.Length).SelectMany(n => n).ToArray();
                return graph.Run(
                    new Dictionary<string, TensorData>(new RowBatch().Take(feeds, numbers, numbers.Length))
                    {
                        [NoisyGraph.Noise] = TensorData.From(all, numbers.Length, width).Cast(model.Type),
                    },
                    null,
                    AttributionGraph.Attributions
                );
            }
        );
        var (target, baseline) = (model.Target(rows, model.All(1)), model.Target(rows, model.All(0)));
        return Explanation.Of(means.Attributions(), target, baseline, complete: false) with
        {
            StandardErrors = means.Errors(),
            Evaluations = Array.ConvertAll(means.Draws, d => d + 2),
        };
    }

    // Draws × width; a draw is the same for all rows.
    private static double[] Noise(ulong seed, int from, int to, int width)
    {
        var noise = new double[(to - from) * width];
        for (var d = from; d < to; d++)
        {
            var random = new CounterRandom(seed, "smooth-grad", (ulong)d);
            for (var i = 0; i < width; i++)
                noise[(d - from) * width + i] = random.NextNormal();
        }
        return noise;
    }
}
