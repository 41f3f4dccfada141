using Assay.Gradients;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;

namespace Assay.Attribution.Layers;

/// <summary>One study of the layers of one model.</summary>
internal sealed class LayerStudyRun(
    OnnxModel model,
    ExplainedModel explained,
    IReadOnlyList<ModelLayer> layers,
    string[] groups,
    LayerStudyRows data,
    LayerStudySettings settings,
    HoldoutSplit split,
    Action<string> progress,
    Action heartbeat
)
{
    private readonly double[] labels = [.. data.Labels];
    private readonly string[] groupNames = [.. groups.Distinct()];

    private bool HasLabels => labels.Length > 0;

    private IReadOnlyList<FeatureSlot> Features => explained.Features;

    public LayerReport Report()
    {
        var feeds = explained.Feeds(data.Rows);
        progress("reading activations");
        var activations = LayerActivations.Read(explained, layers, feeds, split.Fit);
        var flows = Flows();
        progress("probing");
        var probes = new LayerProbes(split, LayerProbes.Control(data.Rows, settings.Seed));
        var prepared = layers.Select((l, i) => probes.Prepare(activations.Pooled[i], l.Units)).ToArray();
        var auc = HasLabels ? split.Auc(Held(activations.Target), Held(labels)) : (double.NaN, double.NaN);
        var layerFacts = layers.Select((_, i) => Facts(i, activations, flows, probes, prepared[i])).ToArray();
        var featureFacts = FeatureFacts(activations, flows, probes, prepared);
        progress("comparing layers");
        var representations = layers
            .Select((l, i) => LayerStudy.Representation(activations.Pooled[i], l.Units, split.Holdout))
            .ToArray();
        progress("pruning");
        var prunings = new PruningTable(
            model,
            explained,
            layers,
            activations,
            flows.Conductance,
            split,
            settings
        ).Measure(Held(data.Rows), HasLabels ? Held(labels) : []);
        var report = new LayerReport
        {
            Head = explained.Head.Name,
            Rows = (split.Fit.Length, split.Holdout.Length),
            FlowRows = flows.Rows,
            Auc = auc,
            LogLoss = HasLabels ? Losses(Held(activations.Target), Held(labels)) : (double.NaN, double.NaN),
            Layers = layerFacts,
            Features = featureFacts,
            Groups = groupNames,
            Cka = [.. representations.Select(a => representations.Select(b => LayerStudy.Cka(a, b)).ToArray())],
            Prunings = prunings,
            Diagnoses = [],
        };
        return report with { Diagnoses = new LayerDiagnoser(report, Parents()).All() };
    }

    private static (double Model, double Constant) Losses(double[] logits, double[] labels)
    {
        var rate = labels.Average();
        var constant = rate is 0 or 1 ? 0 : -rate * Math.Log(rate) - (1 - rate) * Math.Log(1 - rate);
        return (LogLoss.Of(logits, labels), constant);
    }

    private double[] Held(double[] values) => HoldoutSplit.Rows(values, 1, split.Holdout);

    private IReadOnlyDictionary<string, TensorData> Held(IReadOnlyDictionary<string, TensorData> rows) =>
        new RowBatch().Take(rows, split.Holdout, split.Holdout.Length);

    private FlowTable Flows()
    {
        var rows = split.Fit.Take(settings.FlowRows).ToArray();
        var picked = new RowBatch().Take(data.Rows, rows, rows.Length);
        progress("following the paths of all features");
        var whole = explained.PathIntegral(picked, explained.Rule(settings.Steps)).Attributions;
        var flows = layers
            .Select(l =>
            {
                heartbeat();
                return LayerFlow.Of(explained, l, picked, settings.Steps);
            })
            .ToArray();
        return new FlowTable(whole, flows, Features.Count, layers);
    }

    private LayerFacts Facts(
        int layer,
        LayerActivations activations,
        FlowTable flows,
        LayerProbes probes,
        LayerProbes.Probe probe
    )
    {
        var label = HasLabels ? probes.Label(probe, labels) : (double.NaN, double.NaN, double.NaN);
        var units = layers[layer].Units;
        var states = activations.Units[layer].Select(u => u.State(layers[layer].Activation)).ToArray();
        return new LayerFacts(
            layers[layer],
            [.. groupNames.Select(g => flows.Share(layer, f => groups[f] == g))],
            flows.Share(layer, _ => true),
            label.Item1,
            label.Item2,
            label.Item3,
            EffectiveDimension.ParticipationRatio(
                HoldoutSplit.Rows(activations.Pooled[layer], units, split.Holdout),
                split.Holdout.Length
            ),
            states.GroupBy(s => s).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count()),
            [.. Enumerable.Range(0, units).Where(u => states[u] is UnitState.Dead or UnitState.Constant)]
        );
    }

    private FeatureFacts[] FeatureFacts(
        LayerActivations activations,
        FlowTable flows,
        LayerProbes probes,
        LayerProbes.Probe[] prepared
    )
    {
        var numeric = explained
            .AttributionPoints.Where(p => p.Kind == PointKind.Numeric)
            .SelectMany(p => p.Positions)
            .ToHashSet();
        numeric.ExceptWith(
            explained.AttributionPoints.Where(p => p.Kind == PointKind.Lookup).SelectMany(p => p.Positions)
        );
        var worth = HasLabels
            ? new FeatureWorth(explained, split, data.Rows, activations.Target, labels, settings.Seed)
            : null;
        return
        [
            .. Features.Select(
                (feature, f) =>
                {
                    heartbeat();
                    var targets = LayerStudy.Targets(data.Rows, feature, numeric);
                    var known = prepared.Select(p => probes.Explained(p, targets)).ToArray();
                    var permuted = worth?.Permuted(feature) ?? (double.NaN, double.NaN);
                    var left =
                        worth?.Left(FeatureCode.Predictors(data.Rows, feature, numeric), flows.Of(f))
                        ?? (double.NaN, double.NaN, double.NaN);
                    return new FeatureFacts(
                        feature.Name,
                        groups[f],
                        flows.Use(f),
                        permuted.Item1,
                        permuted.Item2,
                        left.Item1,
                        left.Item2,
                        left.Item3,
                        [.. known.Select(k => k.Known)],
                        [.. known.Select(k => k.Control)],
                        [.. layers.Select((_, i) => flows.Share(i, g => g == f))]
                    );
                }
            ),
        ];
    }

    // The layers directly in front of each.
    private int[][] Parents()
    {
        var graph = explained.Prepared.Graph;
        var downstream = layers.Select(l => graph.Downstream([l.Value])).ToArray();
        return
        [
            .. layers.Select(
                (layer, i) =>
                    Enumerable
                        .Range(0, layers.Count)
                        .Where(p => p != i && downstream[p].Contains(layer.Value))
                        .Where(p =>
                            !Enumerable
                                .Range(0, layers.Count)
                                .Any(q =>
                                    q != p
                                    && q != i
                                    && downstream[p].Contains(layers[q].Value)
                                    && downstream[q].Contains(layer.Value)
                                )
                        )
                        .ToArray()
            ),
        ];
    }
}
