namespace Assay.Studies;

/// <summary>What drives the model in every period and segment, what only in some, and what drifts.</summary>
internal sealed class TimeStep : IChainStep
{
    private static readonly string[] Importances =
    [
        Estimands.Permutation + Estimands.Auc,
        Estimands.Conditional + Estimands.Auc,
        Estimands.Sage,
    ];

    public string Name => "time";

    public string Gives => "importances by period";

    public bool IsAsked(StudyDefinition study) => study.Segments.Any(s => s.Period is not null);

    public ChainResult Run(ChainContext context)
    {
        var estimates = new List<Estimate>();
        var persistences = new Dictionary<(string, string, string, string), Persistence>();
        for (var s = 0; s < context.Splits.Count; s++)
        {
            var replicates = context.Merged.Replicates[s].Where(IsCell(context.Splits[s])).ToArray();
            estimates.AddRange(Persistent(context, context.Splits[s], persistences));
            estimates.AddRange(Trends(context, context.Splits[s], replicates));
        }
        var adjusted = Replicated(Families.Adjusted(estimates));
        var standings = adjusted
            .Where(e =>
                e.Split == Splits.Explain && e.Estimand.StartsWith(Estimands.Persistent, StringComparison.Ordinal)
            )
            .Select(e => new FeatureStanding(e, persistences[Key(e)]))
            .ToArray();
        var trends = adjusted
            .Where(e => e.Split == Splits.Explain && e.Estimand.StartsWith(Estimands.Trend, StringComparison.Ordinal))
            .ToArray();
        return new()
        {
            Estimates = adjusted,
            Section = TimeSection.Write(context, standings, trends),
            Remarks = [.. Remarks(context, standings, trends)],
            Facts = new
            {
                column = context.Study.Time,
                periods = context
                    .Plan.Segments.Where(p => p.Period is not null)
                    .Select(p => new
                    {
                        p.Name,
                        p.Period!.Part,
                        taken_as = p.Period.Unit,
                        offset_minutes = p.Period.OffsetMinutes,
                        p.Period.Predicate,
                    }),
                cells = standings.Select(f => f.Over.Cells.Count).DefaultIfEmpty(0).Max(),
                test = "intersection-union over the shown periods and segments: the largest one-sided p-value",
            },
        };
    }

    private static (string, string, string, string) Key(Estimate e) => (e.Split, e.Estimand, e.Method, e.Feature);

    private static Func<Replicated, bool> IsCell(SplitData data) =>
        r =>
            r.Segment > 0
            && data.Segments[r.Segment].Name != SegmentColumn.Missing
            && Importances.Contains(r.Estimate.Estimand);

    private static IEnumerable<Estimate> Persistent(
        ChainContext context,
        SplitData data,
        Dictionary<(string, string, string, string), Persistence> into
    )
    {
        // From the estimates of the merge: those of the replicates do not carry their adjusted p-values.
        var features = context.Plan.Features.Select(f => f.Entry.Name).ToHashSet();
        var cells = context
            .Merged.Estimates.Where(e =>
                e.Split == data.Split.Name
                && e.Dimension != SegmentBuilder.Overall
                && e.Segment != SegmentColumn.Missing
                && e.Status == "ok"
                && Importances.Contains(e.Estimand)
                && features.Contains(e.Feature)
            )
            .GroupBy(e => (e.Estimand, e.Method, e.Feature, e.Group));
        var maker = new EstimateMaker(data, context.Head);
        foreach (var feature in cells)
        {
            // The loss that counts as negligible is one of AUC.
            var margin = feature.Key.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal)
                ? context.Study.Margin
                : 0;
            if (Persistence.Of([.. feature], margin) is not { } found)
                continue;
            var estimate = maker.Empty(
                data.Segments[0],
                Estimands.Persistent + feature.Key.Estimand,
                feature.Key.Method
            ) with
            {
                Feature = feature.Key.Feature,
                Group = feature.Key.Group,
                Baseline = found.Weakest.Baseline,
                Space = found.Weakest.Space,
                Value = found.Weakest.Value,
                StandardError = found.Weakest.StandardError,
                Low = found.Low,
                High = found.High,
                Interval = "t",
                PValue = found.PValue,
            };
            into[Key(estimate)] = found;
            yield return estimate;
        }
    }

    private static IEnumerable<Estimate> Trends(ChainContext context, SplitData data, Replicated[] cells) =>
        context
            .Plan.Segments.Where(s => s.Period is { IsOrdered: true })
            .SelectMany(dimension =>
                cells
                    .Where(r => r.Estimate.Dimension == dimension.Name)
                    .GroupBy(r => (r.Estimate.Estimand, r.Estimate.Method, r.Estimate.Feature))
                    .Select(g => g.OrderBy(r => r.Segment).ToArray())
                    .Where(g => g.Length >= Trend.LeastPeriods)
                    .Select(g => Trend.Estimate(g, data))
            );

    // Seen again: the same standing (or a trend of the same sign) beyond chance on the holdout.
    private static Estimate[] Replicated(Estimate[] all)
    {
        var again = all.Where(e => e.Split == Splits.Holdout)
            .ToDictionary(e => (e.Dimension, e.Estimand, e.Method, e.Feature));
        return Array.ConvertAll(
            all,
            e =>
                e.Split != Splits.Explain || !(e.PAdjusted < Grading.Level) ? e
                : !again.TryGetValue((e.Dimension, e.Estimand, e.Method, e.Feature), out var h)
                    ? e with
                    {
                        Replicated = Replication.NotTested,
                    }
                : e with
                {
                    Replicated = h.PAdjusted < Grading.Level && Math.Sign(h.Value) == Math.Sign(e.Value) ? "yes" : "no",
                }
        );
    }

    private static IEnumerable<Remark> Remarks(ChainContext context, FeatureStanding[] standings, Estimate[] trends)
    {
        foreach (var f in standings.Where(f => f.Standing == Standing.Passing).DistinctBy(f => f.Estimate.Feature))
            yield return new(
                f.Estimate.Feature,
                $"it drives the model in some periods and segments only: its importance is negligible in {TimeSection.Cells(f.Over.Negligible)}"
            );
        foreach (var t in trends.Where(t => t.PAdjusted < Grading.Level).DistinctBy(t => t.Feature))
            yield return new(
                t.Feature,
                $"its importance {(t.Value > 0 ? "grew" : "fell")} from {t.SegmentLabel} ({t.Dimension}), so it may not last"
            );
    }
}

/// <summary>A feature over all periods and segments.</summary>
internal sealed record FeatureStanding(Estimate Estimate, Persistence Over)
{
    public Standing Standing => Over.Standing(Estimate.PAdjusted);
}
