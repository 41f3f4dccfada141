using Assay.Attribution.Compilation;
using Assay.Attribution.Games;
using Assay.Attribution.Graphs;
using Assay.Onnx;

namespace Assay.Attribution.Methods;

/// <summary>φᵢ = f(x) − f(x with feature i at its baseline), one feature (or group) at a time.</summary>
internal sealed class FeatureAblation : AttributionMethod, IGamePlayer
{
    public override MethodInfo Info { get; } =
        new(
            "feature-ablation",
            "Feature ablation (occlusion)",
            "Zeiler and Fergus 2014, arXiv 1311.2901",
            ["dummy", "linearity in the model"],
            "F + 2 forward passes",
            PerRow: true,
            NeedsGradient: false,
            Complete: false
        );

    public override Explanation Explain(ExplainedModel model, IReadOnlyDictionary<string, TensorData> rows)
    {
        var whole = model.Score(rows);
        var count = model.Features.Count;
        var result = new double[whole.Length * count];
        var replacement = model.BaselineRows(whole.Length);
        for (var f = 0; f < count; f++)
        {
            var without = replacement is null
                ? model.Target(rows, Absent(model, f))
                : model.Score(RowsOfInputs.With(rows, model.Features[f], replacement));
            for (var r = 0; r < whole.Length; r++)
                result[r * count + f] = whole[r] - without[r];
        }
        var baseline = replacement is null ? model.Target(rows, model.All(0)) : model.Score(replacement);
        return Explanation.Of(result, whole, baseline, complete: false);
    }

    public Explanation Play(IGames games, ulong[] keys, ExplainSettings settings)
    {
        var (players, each) = (games.Players, games.Players + 2);
        var coalitions = new Coalitions(players);
        var game = new int[games.Count * each];
        for (var g = 0; g < games.Count; g++)
        {
            Array.Fill(game, g, g * each, each);
            for (var p = 0; p < players; p++)
                coalitions[coalitions.AddAll(), p] = false;
            coalitions.AddAll();
            coalitions.Add();
        }
        var values = new double[game.Length];
        games.Evaluate(game, coalitions, values);
        var whole = Enumerable.Range(0, games.Count).Select(g => values[g * each + players]).ToArray();
        return Explanation.Of(
            [
                .. Enumerable
                    .Range(0, games.Count)
                    .SelectMany(g => Enumerable.Range(0, players).Select(p => whole[g] - values[g * each + p])),
            ],
            whole,
            [.. Enumerable.Range(0, games.Count).Select(g => values[g * each + players + 1])],
            complete: false
        );
    }

    public override OnnxModel Compile(ExplainedModel model)
    {
        var count = model.Features.Count;
        var part = model.ReplacesInputs
            ? ReplacedInputs.Build(model)
            : AttributionGraph.Build(model.Points(), model.Head, null);
        double[][] settings = [.. Enumerable.Range(0, count).Select(f => Absent(model, f)), model.All(0), model.All(1)];
        var (emit, graph, targets) = PresentSweep.Build(part, AttributionGraph.Target, settings, model.Type);
        emit.Named(AttributionGraph.BaselineTarget, "Gather", [targets, emit.Int64(count)], ("axis", 0L));
        emit.Named(AttributionGraph.Target, "Gather", [targets, emit.Int64(count + 1)], ("axis", 0L));
        var without = emit.Slice(targets, [0], [count], [0]);
        var lost = emit.Sub(AttributionGraph.Target, without);
        emit.Named(AttributionGraph.Attributions, "Transpose", [lost], ("perm", new long[] { 1, 0 }));
        foreach (
            var name in new[]
            {
                AttributionGraph.Attributions,
                AttributionGraph.Target,
                AttributionGraph.BaselineTarget,
            }
        )
            graph.Graph.AddOutput(ValueInfos.Tensor(name, model.Type, null));
        return graph;
    }

    private static double[] Absent(ExplainedModel model, int feature)
    {
        var present = model.All(1);
        present[feature] = 0;
        return present;
    }
}
