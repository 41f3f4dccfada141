using Assay.Attribution.Graphs;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Integrated gradients of integrated gradients: Γᵢⱼ = Δᵢ Δⱼ ∫∫ αβ ∂²f/∂xᵢ∂xⱼ (b + αβΔ) dα dβ, with Δᵢ ∫∫ ∂f/∂xᵢ dα dβ more on the
/// diagonal. The two paths are one, t = αβ with density −ln t, so one quadrature does for both.
/// </summary>
internal sealed class IntegratedHessians : InteractionMethod
{
    // Rows × nodes × features that are put together at once.
    private const int Part = 1 << 14;

    public override MethodInfo Info { get; } =
        new(
            "integrated-hessians",
            "Integrated Hessians",
            "Janizek, Sturmfels and Lee 2021, arXiv 2002.04138",
            ["completeness (of the smoothed model)", "symmetry", "implementation invariance", "linearity in the model"],
            "n F second-order passes, n nodes",
            PerRow: true,
            NeedsGradient: true,
            Complete: true
        );

    public override int HighestOrder => 2;

    public override RowInteractions Explain(InteractionModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var explained = model.Explained;
        var nodes = Math.Min(model.Settings.Explain.Steps, LogWeightRule.MostNodes);
        using var evaluation = new Evaluation(
            HessianGraph.Build(explained.Points(), explained.Head, model.Settings.Sharpness),
            model.Settings.Explain.BatchRows
        );
        var feeds = explained.Feeds(rows);
        var count = RowsOfInputs.Count(rows, "rows");
        var players = model.Features.Count;
        var sets = PlayerSets.UpTo(2, players);
        var values = new double[count * sets.Count];
        var step = Math.Max(1, Part / (nodes * players));
        for (var from = 0; from < count; from += step)
        {
            var matrices = Matrices(explained, evaluation, feeds, from, Math.Min(step, count - from), nodes);
            for (var r = 0; r < matrices.Length; r++)
                Into(values.AsSpan((from + r) * sets.Count, sets.Count), sets, matrices[r]);
        }
        var (target, baseline) = (explained.Target(rows, explained.All(1)), explained.Target(rows, explained.All(0)));
        return new(count, sets, values, target, baseline, RowInteractions.Gaps(sets.Count, values, target, baseline));
    }

    // A pair has both of its entries.
    private static void Into(Span<double> values, IReadOnlyList<IReadOnlyList<int>> sets, double[,] matrix)
    {
        for (var s = 0; s < values.Length; s++)
            values[s] = sets[s] is [var i, var j] ? matrix[i, j] + matrix[j, i] : matrix[sets[s][0], sets[s][0]];
    }

    private static double[][,] Matrices(
        ExplainedModel model,
        Evaluation evaluation,
        IReadOnlyDictionary<string, TensorData> feeds,
        int from,
        int count,
        int nodes
    )
    {
        var players = model.Features.Count;
        var (at, weights) = LogWeightRule.Of(nodes);
        var numbers = new int[count * nodes * players];
        var present = new double[numbers.Length * players];
        var direction = new double[present.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = from + i / (nodes * players);
            Array.Fill(present, at[i / players % nodes], i * players, players);
            direction[i * players + i % players] = 1;
        }
        var fed = new Dictionary<string, TensorData>(new RowBatch().Take(feeds, numbers, numbers.Length))
        {
            [AttributionGraph.PresentOfRow] = TensorData.From(present, numbers.Length, players).Cast(model.Type),
            [HessianGraph.Direction] = TensorData.From(direction, numbers.Length, players).Cast(model.Type),
        };
        var outputs = evaluation.Run(fed, null, [AttributionGraph.Attributions, HessianGraph.Row]);
        var gradients = outputs[AttributionGraph.Attributions].ToDoubles();
        var hessians = outputs[HessianGraph.Row].ToDoubles();
        var result = new double[count][,];
        for (var i = 0; i < numbers.Length; i++)
        {
            var matrix = result[i / (nodes * players)] ??= new double[players, players];
            var (node, player) = (i / players % nodes, i % players);
            matrix[player, player] += weights[node] * gradients[i * players + player];
            for (var j = 0; j < players; j++)
                matrix[player, j] += weights[node] * at[node] * hessians[i * players + j];
        }
        return result;
    }
}
