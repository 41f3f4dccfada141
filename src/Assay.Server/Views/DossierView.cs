using Assay.Studies;

namespace Assay.Server;

/// <summary>How much a feature counts, by one way of measuring.</summary>
internal sealed record ImportanceLine(
    string Estimand,
    string Title,
    string Method,
    string Unit,
    Num? Explain,
    Num? Holdout,
    string Replicated,
    string? Grade
);

/// <summary>What filling a feature in might gain.</summary>
internal sealed record OpportunityLine(string Estimand, Num Value);

/// <summary>How often a feature is known.</summary>
internal sealed record CoverageInfo(
    Num? Coverage,
    Num? Missing,
    Num? Default,
    IReadOnlyList<OpportunityLine> Opportunity
);

/// <summary>Where a feature counts more or less than elsewhere.</summary>
internal sealed record SegmentLine(string Dimension, string Segment, string Label, Num Value, string Replicated);

/// <summary>Another feature that works together with this one, or stands in for it.</summary>
internal sealed record InteractionLine(Ref Other, Num Value, string Kind);

/// <summary>Importance with a declared confounder held.</summary>
internal sealed record AdjustedLine(string Confounder, Num? Crude, Num? Adjusted, Num? Moved);

/// <summary>Importance in one period.</summary>
internal sealed record PeriodLine(string Period, Num Value);

/// <summary>What refits say.</summary>
internal sealed record RetrainingLine(string Estimand, string Title, Num Value);

/// <summary>What somebody expected, and what came of it.</summary>
internal sealed record HypothesisLine(
    string? Id,
    string Claim,
    string? By,
    string? Verdict,
    string? Because,
    string? Grade
);

/// <summary>The importance in an earlier run.</summary>
internal sealed record HistoryLine(string Run, DateTime Created, string? ModelVersion, Num Value);

/// <summary>How the rows studied differ from those of training.</summary>
internal sealed record ParityInfo(Num? Psi, Num? Missing, string? Says);

/// <summary>All that is known about a feature.</summary>
internal sealed record Dossier
{
    public required FeatureInfo Feature { get; init; }
    public required string Sentence { get; init; }
    public required IReadOnlyList<ImportanceLine> Importance { get; init; }
    public CoverageInfo? Coverage { get; init; }
    public required IReadOnlyList<SegmentLine> Segments { get; init; }
    public required IReadOnlyList<InteractionLine> Interactions { get; init; }
    public required IReadOnlyList<AdjustedLine> Adjusted { get; init; }
    public required IReadOnlyList<PeriodLine> Time { get; init; }
    public required IReadOnlyList<RetrainingLine> Retraining { get; init; }
    public required IReadOnlyList<InboxItem> Findings { get; init; }
    public required IReadOnlyList<InboxItem> Actions { get; init; }
    public required IReadOnlyList<HypothesisLine> Hypotheses { get; init; }
    public required IReadOnlyList<HistoryLine> History { get; init; }
    public ParityInfo? Parity { get; init; }
}

/// <summary>One feature: how much it counts, for whom, how sure, what to do.</summary>
internal static class DossierView
{
    private const int MostSegments = 30;

    public static Dossier? Of(ViewContext view, string feature)
    {
        var run = view.Run;
        if (!run.Names.Has(feature))
            return null;
        var findings = run.Findings.Where(f => f.Features.Contains(feature)).ToArray();
        return new Dossier
        {
            Feature = run.Names.Info(feature),
            Sentence = Sentence(run, feature, findings),
            Importance = [.. Importance(run, feature, findings)],
            Coverage = Coverage(run, feature),
            Segments = [.. Segments(run, feature)],
            Interactions = [.. Interactions(run, feature)],
            Adjusted = [.. Adjusted(run, feature)],
            Time = [.. Time(run, feature)],
            Retraining = [.. Retraining(run, feature)],
            Findings = [.. findings.Select(f => InboxView.Of(view, f))],
            Actions = [.. run.Actions.Where(a => a.Features.Contains(feature)).Select(a => InboxView.Of(view, a))],
            Hypotheses = [.. Hypotheses(view, feature)],
            History = [.. History(view, feature)],
            Parity = Parity(run, feature),
        };
    }

    // The best supported finding about all rows, and the first difference between segments.
    private static string Sentence(RunFolder run, string feature, StoredFinding[] findings)
    {
        var own = findings.Where(f => f.Feature == feature).OrderBy(f => f.Grade, StringComparer.Ordinal).ToArray();
        var whole =
            own.FirstOrDefault(f => f.IsOverall && f.Kind is "feature_matters" or "needed" or "feature_hurts")
            ?? own.FirstOrDefault(f => f.IsOverall);
        var part = own.FirstOrDefault(f => f.Kind == "segment_difference" && f.Grade != "D");
        var text = whole?.Effect ?? $"Nothing was found about {run.Names.Title(feature)}.";
        return part is null ? text : $"{text} {part.Effect}";
    }

    private static IEnumerable<ImportanceLine> Importance(RunFolder run, string feature, StoredFinding[] findings)
    {
        foreach (
            var choice in run
                .Estimates.Keys.Where(k => k.Dimension == SegmentBuilder.Overall && IsImportance(k.Estimand))
                .Select(k => (k.Estimand, k.Method))
                .Distinct()
        )
        {
            var explain = run.Estimates.Overall(choice.Estimand, choice.Method, Splits.Explain, feature);
            if (Num.Of(explain) is not { } value)
                continue;
            var words = EstimandWords.Of(choice.Estimand);
            yield return new(
                choice.Estimand,
                words.Title,
                run.Names.Method(choice.Method),
                words.Unit,
                value,
                Num.Of(run.Estimates.Overall(choice.Estimand, choice.Method, Splits.Holdout, feature)),
                explain!.Value.Replicated,
                findings
                    .Where(f =>
                        f.Feature == feature
                        && f.IsOverall
                        && f.Estimand == choice.Estimand
                        && f.Method == choice.Method
                    )
                    .Select(f => f.Grade)
                    .FirstOrDefault()
            );
        }
    }

    private static bool IsImportance(string estimand) =>
        estimand is Estimands.MeanAbsAttribution or Estimands.MeanAttribution or Estimands.AloneAuc
        || new[]
        {
            Estimands.Permutation,
            Estimands.Conditional,
            Estimands.GivenPresence,
            "loco_",
            "sage_",
            "taylor_",
        }.Any(p => estimand.StartsWith(p, StringComparison.Ordinal))
            && estimand is not (Estimands.ConditionalFit or Estimands.ConditionalCheck or Estimands.ConditionalMoved);

    private static CoverageInfo? Coverage(RunFolder run, string feature)
    {
        Num? Share(string estimand) => Num.Of(run.Estimates.Overall(estimand, Estimands.Data, Splits.Explain, feature));
        var coverage = Share(Estimands.Coverage);
        return coverage is null
            ? null
            : new(
                coverage,
                Share(Estimands.MissingShare),
                Share(Estimands.DefaultShare),
                [
                    .. Where(run, k => k.Estimand.StartsWith(Estimands.Opportunity, StringComparison.Ordinal), feature)
                        .Select(o => new OpportunityLine(o.Key.Estimand, o.Value)),
                ]
            );
    }

    private static IEnumerable<SegmentLine> Segments(RunFolder run, string feature)
    {
        var (estimand, method) = run.Primary;
        return RunsView
            .Dimensions(run)
            .SelectMany(d =>
                run.Estimates.Find(Estimands.Contrast + estimand, method, Splits.Explain, d.Name) is { } block
                    ? block.Segments.Select(s => (d.Title, Segment: s, Cell: block[s.Id, feature]))
                    : []
            )
            .Where(s => s.Cell is { } c && !double.IsNaN(c.Value))
            .OrderBy(s => double.IsNaN(s.Cell!.Value.PAdjusted) ? 1 : s.Cell!.Value.PAdjusted)
            .ThenByDescending(s => Math.Abs(s.Cell!.Value.Value))
            .Take(MostSegments)
            .Select(s => new SegmentLine(
                s.Title,
                s.Segment.Id,
                s.Segment.Label,
                Num.Of(s.Cell)!,
                s.Cell!.Value.Replicated
            ));
    }

    private static IEnumerable<InteractionLine> Interactions(RunFolder run, string feature) =>
        GraphView
            .Edges(run)
            .Where(e => e.From == feature || e.To == feature)
            .Select(e => new InteractionLine(
                run.Names.Named(e.From == feature ? e.To : e.From),
                new Num(Rounding.Of(e.Strength), e.Low, e.High),
                e.Kind
            ));

    private static IEnumerable<AdjustedLine> Adjusted(RunFolder run, string feature)
    {
        var auc = Estimands.Permutation + Estimands.Auc;
        var crude = Num.Of(run.Estimates.Overall(auc, run.Primary.Method, Splits.Explain, feature));
        return Where(run, k => k.Estimand == Estimands.Adjusted + Estimands.Auc, feature)
            .Select(a => new AdjustedLine(
                run.Names.Method(a.Key.Method),
                crude,
                a.Value,
                Num.Of(run.Estimates.Overall(Estimands.Moved + Estimands.Auc, a.Key.Method, Splits.Explain, feature))
            ));
    }

    private static IEnumerable<PeriodLine> Time(RunFolder run, string feature)
    {
        var (estimand, method) = run.Primary;
        return run
            .Run.At("chain")
            .At("time")
            .Each("periods")
            .Select(p => p.Text("name") ?? "")
            .SelectMany(name =>
                run.Estimates.Find(estimand, method, Splits.Explain, name) is { } block
                    ? block.Segments.Select(s =>
                        (Label: $"{run.Names.DimensionTitle(name)}: {s.Label}", Value: Num.Of(block[s.Id, feature]))
                    )
                    : []
            )
            .Where(p => p.Value is not null)
            .Select(p => new PeriodLine(p.Label, p.Value!));
    }

    private static IEnumerable<RetrainingLine> Retraining(RunFolder run, string feature) =>
        Where(
                run,
                k =>
                    k.Method is "retrain" or "shuffled-labels"
                    && (
                        k.Estimand.StartsWith("refit_", StringComparison.Ordinal)
                        || k.Estimand.StartsWith("loco_", StringComparison.Ordinal)
                        || k.Estimand.StartsWith("null_", StringComparison.Ordinal)
                        || k.Estimand.StartsWith("between_seed_sd_", StringComparison.Ordinal)
                    ),
                feature
            )
            .Select(r => new RetrainingLine(r.Key.Estimand, EstimandWords.Of(r.Key.Estimand).Title, r.Value));

    private static IEnumerable<HypothesisLine> Hypotheses(ViewContext view, string feature) =>
        HypothesisLines(view.Run)
            .Where(h => h.Feature == feature)
            .Select(h => h.Line)
            .Concat(
                view.Facts.Hypotheses.Where(h => h.Feature == feature)
                    .Select(h => new HypothesisLine(h.Id, h.Claim, h.By, null, null, null))
            );

    /// <summary>What was expected before the study, by feature.</summary>
    public static IEnumerable<(string Feature, HypothesisLine Line)> HypothesisLines(RunFolder run) =>
        run
            .HypothesesFile.Each("hypotheses")
            .Select(h =>
            {
                var expected = h.At("hypothesis");
                return (
                    expected.Text("feature") ?? "",
                    new HypothesisLine(
                        null,
                        h.Text("expected") ?? "",
                        expected.Text("author"),
                        h.Text("verdict"),
                        h.Text("because"),
                        h.Text("grade")
                    )
                );
            });

    private static IEnumerable<HistoryLine> History(ViewContext view, string feature)
    {
        var (estimand, method) = view.Run.Primary;
        return view
            .Earlier.Select(e => (e.Folder, e.Known.ModelVersion))
            .Prepend((view.Run, view.Facts.ModelVersion))
            .Reverse()
            .Select(r =>
                (r.Item1, r.Item2, Value: Num.Of(r.Item1.Estimates.Overall(estimand, method, Splits.Explain, feature)))
            )
            .Where(r => r.Value is not null)
            .Select(r => new HistoryLine(r.Item1.Id, r.Item1.Created, r.Item2, r.Value!));
    }

    private static ParityInfo? Parity(RunFolder run, string feature)
    {
        Num? Of(string estimand) =>
            run.Estimates.Of(estimand).Select(k => k.Method).FirstOrDefault() is { } method
                ? Num.Of(run.Estimates.Overall(estimand, method, Splits.Explain, feature))
                : null;
        var psi = Of(Estimands.ParityPsi);
        return psi is null
            ? null
            : new(
                psi,
                Of(Estimands.ParityMissing),
                run.Findings.FirstOrDefault(f => f.Kind == "drifted" && f.Feature == feature)?.Effect
                    ?? "Its values are spread much as in training."
            );
    }

    private static IEnumerable<(BlockKey Key, Num Value)> Where(
        RunFolder run,
        Func<BlockKey, bool> holds,
        string feature
    ) =>
        run
            .Estimates.Keys.Where(k => k.Split == Splits.Explain && k.Dimension == SegmentBuilder.Overall && holds(k))
            .Select(k => (k, Num.Of(run.Estimates.Overall(k.Estimand, k.Method, k.Split, feature))))
            .Where(e => e.Item2 is not null)
            .Select(e => (e.k, e.Item2!));
}
