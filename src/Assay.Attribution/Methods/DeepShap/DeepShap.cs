using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Methods;

/// <summary>DeepLIFT averaged over the background's rows as baselines, in a random order, without replacement.</summary>
internal sealed class DeepShap : AttributionMethod
{
    // Both ends of the path.
    private const int EvaluationsPerBaseline = 2;

    public override MethodInfo Info { get; } =
        new(
            "deep-shap",
            "Deep SHAP",
            "Lundberg and Lee 2017, arXiv 1705.07874; Chen, Lundberg and Lee 2022, arXiv 2105.00108",
            ["completeness", "sensitivity", "linearity in the model"],
            "2 forward passes and 1 backward pass for each row of the background that the budget allows",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        )
        {
            Sampled = true,
        };

    public override bool DrawsBaselines => true;

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var pairs = new BaselinePairs(model, rows);
        var (settings, features) = (model.Settings, model.Features.Count);
        var order = new CounterRandom(settings.Seed, "deep-shap").Permutation(pairs.Baselines);
        var draws = Math.Min(order.Length, settings.Budget / EvaluationsPerBaseline ?? int.MaxValue);
        if (draws < 1)
            throw AssayException.Usage($"Deep SHAP needs a budget of at least {EvaluationsPerBaseline} evaluations.");
        var (target, baseline) = (features, features + 1);
        var means = SampledMeans.Of(
            pairs.Rows,
            features + 2,
            features,
            draws,
            settings.Precision,
            order.Length,
            (open, from, to) =>
            {
                var path = model.Along(pairs.Take(open, order, from, to), DeepLift.Rescale);
                var values = new double[open.Length * (to - from) * (features + 2)];
                for (var i = 0; i < open.Length * (to - from); i++)
                {
                    var at = i * (features + 2);
                    Array.Copy(path.Levels[0], i * features, values, at, features);
                    (values[at + target], values[at + baseline]) = (path.Target![i], path.BaselineTarget![i]);
                }
                return values;
            }
        );
        return Explanation.Of(means.Attributions(), means.Column(target), means.Column(baseline), complete: true) with
        {
            StandardErrors = means.Errors(),
            Evaluations = Array.ConvertAll(means.Draws, d => d * EvaluationsPerBaseline),
        };
    }
}
