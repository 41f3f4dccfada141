using System.Globalization;

namespace Assay.Attribution.Layers;

/// <summary>Puts into words what the numbers of a study say. The thresholds are stated in docs/layers.md.</summary>
internal sealed class LayerDiagnoser(LayerReport report, int[][] parents)
{
    // Two features in a hundred would pass a threshold of 2 by chance; thirty are looked at.
    private const double Sure = 3;
    private const double Known = 0.2;

    public IReadOnlyList<LayerDiagnosis> All() =>
        [.. Underused(), .. Noise(), .. Overused(), .. Bottlenecks(), .. Unread(), .. Idle()];

    private IEnumerable<LayerDiagnosis> Underused() =>
        report
            .Features.Where(f => IsLeft(f) && !TakesBack(f) && Best(f) is { Selectivity: >= Known })
            .OrderByDescending(f => f.Left)
            .Select(f =>
            {
                var best = Best(f);
                var last = LastKnown(f);
                return new LayerDiagnosis(
                    DiagnosisKind.UnderusedSignal,
                    f.Name,
                    Text(
                        $"'{f.Name}' is known ({best.Selectivity:P0} of its variance at {best.Layer}{(last == best.Layer ? "" : $", last at {last}")}) but underused: it carries {f.Use:P1} of the attribution, and correcting the score by it takes {f.Left:0.00000} ± {f.LeftError:0.00000} nats a row off the loss."
                    )
                );
            });

    private bool IsLeft(FeatureFacts feature) =>
        feature.Left > Sure * feature.LeftError && feature.Left > report.Margin;

    // A correction against what the score makes of the feature says too much is made of it.
    private static bool TakesBack(FeatureFacts feature) => feature.Agreement < -0.5;

    // What all features gain, were there no interactions.
    private double Gain => Math.Max(0, report.Features.Sum(f => f.Loss));

    private IEnumerable<LayerDiagnosis> Overused() =>
        report
            .Features.Where(f => IsLeft(f) && TakesBack(f) && f.Loss >= 2 * f.LossError)
            .OrderByDescending(f => f.Left)
            .Select(f => new LayerDiagnosis(
                DiagnosisKind.Overemphasised,
                f.Name,
                Text(
                    $"'{f.Name}' is overemphasised: the score needs it, but makes too much of it ({f.Use:P1} of the attribution); taking some of it back takes {f.Left:0.00000} ± {f.LeftError:0.00000} nats a row off the loss."
                )
            ));

    private IEnumerable<LayerDiagnosis> Noise() =>
        report
            .Features.Where(f =>
                f.Use >= 1.0 / report.Features.Count
                && f.Loss < 2 * f.LossError
                && f.Loss + 2 * f.LossError < f.Use * Gain
            )
            .OrderByDescending(f => f.Use)
            .Select(f => new LayerDiagnosis(
                DiagnosisKind.OveremphasisedNoise,
                f.Name,
                Text(
                    $"'{f.Name}' carries {f.Use:P1} of the attribution, {f.Use * report.Features.Count:0.0} times the average, {Where(f)}; but shuffling it changes the loss by {f.Loss:+0.00000;-0.00000} ± {f.LossError:0.00000} nats a row, where its share of what all features gain would be {f.Use * Gain:0.00000}."
                )
            ));

    private IEnumerable<LayerDiagnosis> Bottlenecks()
    {
        for (var i = 0; i < report.Layers.Count; i++)
        {
            var layer = report.Layers[i];
            // Where little flows little can be lost, and one number is what is wanted in the end.
            if (layer.ThroughAll < 0.5 || layer.Layer.Units < 2)
                continue;
            var best = parents[i].Select(p => report.Layers[p]).OrderByDescending(p => p.LabelAuc).FirstOrDefault();
            if (best is null)
                continue;
            var error = Math.Sqrt(best.LabelAucError * best.LabelAucError + layer.LabelAucError * layer.LabelAucError);
            if (best.LabelAuc - layer.LabelAuc > 2 * error)
                yield return new LayerDiagnosis(
                    DiagnosisKind.Bottleneck,
                    layer.Layer.Value,
                    Text(
                        $"{layer.Layer.Title} is a bottleneck: a probe for the label falls from AUC {best.LabelAuc:0.000} at {best.Layer.Title} to {layer.LabelAuc:0.000} (± {error:0.000}); its {layer.Layer.Units} units vary along {layer.Dimension:0.0} directions."
                    )
                );
            else if (layer.Layer.Units >= 8 && layer.Dimension < 2 && layer.Layer.Kind != LayerKind.Gate)
                yield return new LayerDiagnosis(
                    DiagnosisKind.Bottleneck,
                    layer.Layer.Value,
                    Text(
                        $"{layer.Layer.Title} has collapsed: its {layer.Layer.Units} units vary along {layer.Dimension:0.0} directions, while {layer.ThroughAll:P0} of the attribution passes it."
                    )
                );
        }
    }

    private IEnumerable<LayerDiagnosis> Unread()
    {
        var best = report.Layers.Where(l => !double.IsNaN(l.LabelAuc)).MaxBy(l => l.LabelAuc);
        if (best is null)
            yield break;
        var error = Math.Sqrt(best.LabelAucError * best.LabelAucError + report.Auc.Error * report.Auc.Error);
        if (best.LabelAuc - report.Auc.Value > 2 * error)
            yield return new LayerDiagnosis(
                DiagnosisKind.UnreadKnowledge,
                best.Layer.Value,
                Text(
                    $"{best.Layer.Title} knows more of the label than the score says: AUC {best.LabelAuc:0.000} of a linear probe against {report.Auc.Value:0.000} (± {error:0.000})."
                )
            );
    }

    private IEnumerable<LayerDiagnosis> Idle() =>
        report
            .Layers.Where(l => l.Layer.Kind == LayerKind.Dense && l.Layer.Units > 1)
            .Select(l => (Facts: l, Words: Words(l)))
            .Where(l => l.Words.Length > 0)
            .Select(l => new LayerDiagnosis(
                DiagnosisKind.IdleUnits,
                l.Facts.Layer.Value,
                Text($"{l.Facts.Layer.Title}: {l.Words} of {l.Facts.Layer.Units} units.")
            ));

    private static string Words(LayerFacts facts) =>
        string.Join(
            ", ",
            facts
                .States.Where(s => s.Key != UnitState.Working)
                .Select(s =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{s.Value} {s.Key switch {
                            UnitState.Dead => "dead",
                            UnitState.AlwaysNegative => "always negative",
                            UnitState.AlwaysActive => "always active (linear)",
                            UnitState.Saturated => "saturated",
                            _ => "constant",
                        }}"
                    )
                )
        );

    private (double Selectivity, string Layer) Best(FeatureFacts feature)
    {
        var at = Enumerable
            .Range(0, report.Layers.Count)
            .MaxBy(i => double.IsNaN(feature.Selectivity[i]) ? double.NegativeInfinity : feature.Selectivity[i]);
        return (feature.Selectivity[at], report.Layers[at].Layer.Title);
    }

    private string LastKnown(FeatureFacts feature) =>
        report.Layers[Enumerable.Range(0, report.Layers.Count).Last(i => feature.Selectivity[i] >= Known)].Layer.Title;

    private string Where(FeatureFacts feature)
    {
        var hidden = Enumerable
            .Range(0, report.Layers.Count)
            .Where(i => report.Layers[i].Layer is { Kind: not LayerKind.Join, Units: > 1 })
            .ToArray();
        var at = hidden.Length == 0 ? -1 : hidden.MaxBy(i => feature.Through[i]);
        return at < 0 || !(feature.Through[at] >= 0.05)
            ? "past every hidden layer"
            : Text($"{feature.Through[at]:P0} of it through {report.Layers[at].Layer.Title}");
    }

    private static string Text(FormattableString text) =>
        // The invariant culture sets a space before the percent sign.
        text.ToString(CultureInfo.InvariantCulture).Replace(" %", "%", StringComparison.Ordinal);
}
