using System.Text.Json;
using Assay.Studies;

namespace Assay.Server;

/// <summary>How far two methods order the features alike.</summary>
internal sealed record AgreementLine(string A, string B, Num? Rank, Num? Top);

/// <summary>How well a method's attributions stand a test.</summary>
internal sealed record FaithfulnessLine(
    string Method,
    string Title,
    string Metric,
    Num Value,
    double? Floor,
    bool HigherIsBetter
);

/// <summary>A check that an explanation must pass.</summary>
internal sealed record SanityLine(string Name, bool? Passed, string Says);

/// <summary>How far an order of the features holds when something else changes.</summary>
internal sealed record StabilityLine(string Name, Num Value, string? Says);

/// <summary>The model against a simple rule.</summary>
internal sealed record FloorLine(string Name, string? Split, Num Value, bool? Passed);

/// <summary>Whether attributions sum to what they explain.</summary>
internal sealed record CompletenessLine(
    string Split,
    string Method,
    double? MeanAbsolute,
    double? Largest,
    double? Share
);

/// <summary>Drift of the rows against those of training.</summary>
internal sealed record DriftInfo(string Says, IReadOnlyList<Ref> Drifted);

/// <summary>Who reviewed, and why they are asked.</summary>
internal sealed record ReviewerLine(string Who, string Why);

/// <summary>Whether the explanations may be believed.</summary>
internal sealed record TrustDocument
{
    public required string Sentence { get; init; }
    public required IReadOnlyList<AgreementLine> Agreement { get; init; }
    public required IReadOnlyList<FaithfulnessLine> Faithfulness { get; init; }
    public required IReadOnlyList<SanityLine> Sanity { get; init; }
    public required IReadOnlyList<StabilityLine> Stability { get; init; }
    public required IReadOnlyList<FloorLine> Floors { get; init; }
    public required IReadOnlyList<CompletenessLine> Completeness { get; init; }
    public DriftInfo? Parity { get; init; }

    /// <summary>The explanation card, Markdown.</summary>
    public required string Card { get; init; }
    public required IReadOnlyList<string> StaleWhen { get; init; }
    public required IReadOnlyList<ReviewerLine> Reviewers { get; init; }

    /// <summary>Why there are no faithfulness tests; null: there are.</summary>
    public string? What { get; init; }
}

/// <summary>Agreement, faithfulness, sanity, stability, floors, the card.</summary>
internal static class TrustView
{
    private const int MostOfCard = 60_000;
    private const string Ask =
        "This study did not test its methods; add 'evaluation: true' to study.yaml and run it again.";

    public static TrustDocument Of(ViewContext view)
    {
        var run = view.Run;
        AgreementLine[] agreement = [.. Agreement(run)];
        StabilityLine[] stability = [.. Stability(run)];
        FloorLine[] floors = [.. Floors(run)];
        return new()
        {
            Sentence = Sentence(run, floors, agreement, stability),
            Agreement = agreement,
            Faithfulness = [.. Faithfulness(run)],
            Sanity = [.. Sanity(run, floors)],
            Stability = stability,
            Floors = floors,
            Completeness = [.. Completeness(run)],
            Parity = run.Run.At("chain").At("parity") is { ValueKind: JsonValueKind.Object } parity
                ? new(Say.First(parity.Text("says") ?? "") + ".", [.. parity.Texts("drifted").Select(run.Names.Named)])
                : null,
            Card = run.CardText.Length > MostOfCard ? run.CardText[..MostOfCard] + "\n\n…" : run.CardText,
            StaleWhen = run.Card.Texts("stale_when"),
            Reviewers =
            [
                .. run.Card.Each("reviewers").Select(r => new ReviewerLine(r.Text("who") ?? "", r.Text("why") ?? "")),
            ],
            What = run.Evaluation.ValueKind == JsonValueKind.Undefined ? Ask : run.Evaluation.Text("reason"),
        };
    }

    private static IEnumerable<AgreementLine> Agreement(RunFolder run) =>
        run
            .Estimates.Of(Estimands.AgreementRank)
            .Where(k => k.Split == Splits.Explain && k.Method.Contains('~', StringComparison.Ordinal))
            .Select(k =>
            {
                var pair = k.Method.Split('~');
                return new AgreementLine(
                    run.Names.Method(pair[0]),
                    run.Names.Method(pair[1]),
                    Num.Of(run.Estimates.Overall(Estimands.AgreementRank, k.Method, k.Split)),
                    Num.Of(run.Estimates.Overall(Estimands.AgreementTop, k.Method, k.Split))
                );
            });

    private static IEnumerable<FaithfulnessLine> Faithfulness(RunFolder run)
    {
        var measures = run.Evaluation.Each("measures").ToDictionary(m => m.Text("id") ?? "");
        var methods = run.Evaluation.Each("methods").ToArray();
        var control = methods.FirstOrDefault(m => m.Flag("is_control") == true);
        foreach (var method in methods.Where(m => m.Flag("is_control") != true))
        foreach (var (id, measure) in measures)
            if (LayersView.NumOf(method.At("measures").At(id)) is { } value)
                yield return new(
                    method.Text("method") ?? "",
                    method.Text("title") ?? run.Names.Method(method.Text("method") ?? ""),
                    measure.Text("title") ?? id,
                    value,
                    Rounding.Of(control.At("measures").At(id).Number("value")),
                    measure.Flag("higher_is_better") ?? true
                );
    }

    private static IEnumerable<SanityLine> Sanity(RunFolder run, FloorLine[] floors)
    {
        if (run.FindingsFile.Flag("model_beats_trivial_rules") is { } beats)
            yield return new(
                "The model knows more than simple rules",
                beats,
                beats
                    ? $"It is ahead of all {floors.Select(f => f.Name).Distinct().Count()} rules it was compared with."
                    : string.Join("; ", run.FindingsFile.Texts("verdict_reasons"))
            );
        foreach (var method in run.Evaluation.Each("methods"))
            if (method.Flag("falls") is { } falls)
                yield return new(
                    $"{method.Text("title")} notices a model of random weights",
                    falls,
                    falls
                        ? "Its attributions change when the model's weights become random."
                        : "Its attributions hardly change when the model's weights become random: they do not describe this model."
                );
        var over = run
            .Estimates.Of("over_null_" + run.Primary.Estimand)
            .FirstOrDefault(k => k.Split == Splits.Explain && k.Dimension == SegmentBuilder.Overall);
        if (
            over.Method is not null
            && run.Estimates.Find(over.Estimand, over.Method, over.Split, over.Dimension) is { } block
        )
        {
            var sure = block.Features.Count(f => block[SegmentBuilder.All, f] is { Low: > 0 });
            yield return new(
                "Importance goes away where labels are shuffled",
                sure > 0,
                $"{sure} of {block.Features.Count} features count for more than in models fitted on shuffled labels, beyond chance."
            );
        }
    }

    private static IEnumerable<StabilityLine> Stability(RunFolder run)
    {
        foreach (
            var key in run
                .Estimates.Of("stability_rank")
                .Concat(run.Estimates.Of("sensitivity_rank"))
                .Where(k => k.Split == Splits.Explain)
        )
            if (
                Num.Of(run.Estimates.Overall(key.Estimand, key.Method, key.Split)) is { } value
                && Named(run, key.Method) is { } name
            )
                yield return new(name, value, "Agreement of the order of features: 1 the same, 0 none.");
    }

    private static string? Named(RunFolder run, string method)
    {
        var parts = method.Split(':', 2);
        var what = parts[0] switch
        {
            "seeds" => "Trained anew with other seeds",
            "resampled" => "Trained anew on resampled rows",
            "neighbours" => "Trained anew with other settings",
            "baseline" => "Against another baseline",
            "steps" => "With other steps",
            _ => Say.First(parts[0].Replace('-', ' ')),
        };
        if (parts.Length == 1)
            return what;
        // Of the many quantities those of lists and log loss say the same again.
        if (parts[0] is "baseline" or "steps")
            return $"{what}: {parts[1]}";
        return parts[1] is "permutation_auc" or "conditional_permutation_auc" or "mean_abs_attribution"
            ? $"{what}: {EstimandWords.Of(parts[1]).Title.ToLowerInvariant()}"
            : null;
    }

    private static IEnumerable<FloorLine> Floors(RunFolder run) =>
        run
            .Estimates.Of(Estimands.Auc + Estimands.OverFloor)
            .Where(k => k.Dimension == SegmentBuilder.Overall)
            .Select(k => (Key: k, Cell: run.Estimates.Overall(k.Estimand, k.Method, k.Split)))
            .Where(f => f.Cell is { } c && !double.IsNaN(c.Value))
            .Select(f => new FloorLine(
                RunsView.FloorName(run, f.Key.Method),
                f.Key.Split,
                Num.Of(f.Cell)!,
                double.IsNaN(f.Cell!.Value.Low) ? null : f.Cell.Value.Low > 0
            ));

    private static IEnumerable<CompletenessLine> Completeness(RunFolder run) =>
        run
            .Run.Each("completeness_gaps")
            .Select(g => new CompletenessLine(
                g.Text("split") ?? "",
                run.Names.Method(g.Text("method") ?? ""),
                Rounding.Of(g.Number("mean_absolute")),
                Rounding.Of(g.Number("largest")),
                Rounding.Of(g.Number("mean_absolute") / g.Number("mean_absolute_difference"))
            ));

    private static string Sentence(
        RunFolder run,
        FloorLine[] floors,
        AgreementLine[] agreement,
        StabilityLine[] stability
    )
    {
        var parts = new List<string>();
        var explained = floors.Where(f => f.Split == Splits.Explain).ToArray();
        if (explained.Length > 0)
        {
            var best = explained.MinBy(f => f.Value.Value);
            parts.Add(
                explained.All(f => f.Passed == true)
                    ? $"The model is ahead of every simple rule, of the best ({best!.Name}) by {Say.WithInterval(best.Value, "AUC")}."
                    : $"The model is not surely ahead of {Say.List(explained.Where(f => f.Passed != true).Select(f => f.Name))}: read everything else with that in mind."
            );
        }
        if (agreement.Where(a => a.Rank?.Value is not null).ToArray() is { Length: > 0 } pairs)
        {
            var least = pairs.MinBy(a => a.Rank!.Value);
            parts.Add(
                $"{least!.A} and {least.B} agree least on the order of features ({Say.WithInterval(least.Rank!, "")}; 1 is the same order)."
            );
        }
        if (
            stability.FirstOrDefault(s =>
                s.Name.StartsWith("Trained anew with other seeds", StringComparison.Ordinal)
            ) is
            { } seeds
        )
            parts.Add($"Trained anew with other seeds the order agrees by {Say.WithInterval(seeds.Value, "")}.");
        return parts.Count == 0 ? $"{run.Study}: no check of trust was asked for." : string.Join(' ', parts);
    }
}
