using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = E[(xᵢ − bᵢ) · ∂f/∂xᵢ (b + α(x − b))], b a row of the background and α uniform, a new pair for each draw.</summary>
internal sealed class ExpectedGradients : AttributionMethod
{
    private const int UsualDraws = 256;

    public override MethodInfo Info { get; } =
        new(
            "expected-gradients",
            "Expected gradients",
            "Erion, Janizek, Sturmfels, Lundberg and Lee 2021, arXiv 1906.10670",
            ["completeness in expectation", "sensitivity", "implementation invariance", "linearity in the model"],
            "1 forward and 1 backward pass per draw (256 if no budget is given), 1 forward pass per baseline drawn",
            PerRow: true,
            NeedsGradient: true,
            Complete: false
        )
        {
            Sampled = true,
        };

    public override bool DrawsBaselines => true;

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var pairs = new BaselinePairs(model, rows);
        var (settings, features) = (model.Settings, model.Features.Count);
        var draws = Draws(settings.Budget, pairs.Baselines);
        var random = new CounterRandom(settings.Seed, "expected-gradients");
        var (baselines, places) = (new int[draws], new double[draws]);
        for (var d = 0; d < draws; d++)
            (baselines[d], places[d]) = (random.NextInt(pairs.Baselines), random.NextDouble());
        var graph = model.Own(
            "gradient at a place of the path",
            () => AttributionGraph.BuildPresentOfRow(model.Points(), model.Head, gradients: true)
        );
        var means = SampledMeans.Of(
            pairs.Rows,
            features,
            features,
            draws,
            settings.Precision,
            null,
            (open, from, to) =>
            {
                var feeds = pairs.Take(open, baselines, from, to);
                var present = open.SelectMany(_ => places[from..to].SelectMany(p => Enumerable.Repeat(p, features)));
                feeds[AttributionGraph.PresentOfRow] = TensorData
                    .From([.. present], (long)open.Length * (to - from), features)
                    .Cast(model.Type);
                return graph.Run(feeds, null, AttributionGraph.Attributions);
            }
        );
        var all = Enumerable.Range(0, pairs.Rows).ToArray();
        var target = model.TargetOf(pairs.Take(all, new int[all.Length]), model.All(1));
        var (baseline, distinct) = AtBaselines(model, pairs, baselines, means.Draws);
        return Explanation.Of(means.Attributions(), target, baseline, complete: false) with
        {
            StandardErrors = means.Errors(),
            Evaluations = [.. all.Select(r => means.Draws[r] + distinct[r] + 1)],
        };
    }

    // The row itself, each draw, and each baseline among them once.
    private static int Draws(int? budget, int baselines)
    {
        if (budget is not { } most)
            return UsualDraws;
        var draws = most - 1 >= 2 * baselines ? most - 1 - baselines : (most - 1) / 2;
        return draws >= 1
            ? draws
            : throw AssayException.Usage("Expected gradients need a budget of at least 3 evaluations.");
    }

    // The mean target at the baselines that a row drew, and how many different ones they were.
    private static (double[] Mean, int[] Distinct) AtBaselines(
        ExplainedModel model,
        BaselinePairs pairs,
        int[] baselines,
        int[] draws
    )
    {
        var (means, distinct) = (new double[draws.Length], new int[draws.Length]);
        for (var r = 0; r < draws.Length; r++)
        {
            var drawn = baselines.Take(draws[r]).CountBy(b => b).OrderBy(b => b.Key).ToArray();
            distinct[r] = drawn.Length;
            var row = Enumerable.Repeat(r, drawn.Length).ToArray();
            var targets = model.TargetOf(pairs.Take(row, [.. drawn.Select(b => b.Key)]), model.All(0));
            for (var i = 0; i < drawn.Length; i++)
                means[r] += targets[i] * drawn[i].Value / draws[r];
        }
        return (means, distinct);
    }
}
