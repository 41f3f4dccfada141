using System.Globalization;
using Assay.Studies;

namespace Assay.Server;

/// <summary>A sentence with its number and where it comes from.</summary>
internal sealed record LearntLine(string Says, string? Grade, Num? Value, string? Unit, string? Link);

/// <summary>What a decision or an action brought or promises.</summary>
internal sealed record GainLine(string Says, Money? Money, Num? Value, string? Unit);

/// <summary>One quantity in two runs.</summary>
internal sealed record DifferenceLine(string Title, Num? Before, Num? After, Num? Difference, string Says);

/// <summary>This run against the one before.</summary>
internal sealed record RunComparison(
    string PreviousRun,
    string? PreviousName,
    IReadOnlyList<DifferenceLine> Differences
);

/// <summary>One page: what was learnt, decided, gained.</summary>
internal sealed record LeadershipDocument
{
    public required string Title { get; init; }
    public required string Period { get; init; }
    public required string Headline { get; init; }
    public required IReadOnlyList<LearntLine> Learnt { get; init; }
    public required IReadOnlyList<LogEntry> Decided { get; init; }
    public required IReadOnlyList<GainLine> Gained { get; init; }
    public required IReadOnlyList<LearntLine> Open { get; init; }
    public required IReadOnlyList<LogEntry> DecisionLog { get; init; }
    public RunComparison? Comparison { get; init; }
}

/// <summary>The page for those who ask what came of it.</summary>
internal static class LeadershipView
{
    private const int MostLearnt = 8;
    private const int MostOpen = 8;
    private const int MostLog = 100;
    private const int MostDifferences = 10;

    private static readonly string[] FirstTold = ["segment_leaders", "feature_matters", "needed", "segment_difference"];

    public static LeadershipDocument Of(ViewContext view)
    {
        var run = view.Run;
        return new()
        {
            Title = run.Study,
            Period = Period(run),
            Headline = RunsView.Summary(view).Headline,
            Learnt = [.. Learnt(run)],
            Decided = [.. view.Facts.Decisions.Take(MostLearnt)],
            Gained = [.. Gained(view)],
            Open =
            [
                .. run
                    .Actions.Where(a => a.Tier != "not_worth_it")
                    .Where(a => view.Subject("action", a.Id) is { Status: "open" or "snoozed", Decision: null })
                    .OrderBy(a => a.Rank)
                    .Take(MostOpen)
                    .Select(a => new LearntLine(
                        $"{a.Title}.",
                        a.Grade,
                        a.Effect,
                        a.Unit == "auc" ? "AUC" : a.Unit,
                        $"action:{a.Id}"
                    )),
            ],
            DecisionLog = [.. view.Facts.Decisions.Take(MostLog)],
            Comparison = view.Previous is { } previous ? Compare(run, previous) : null,
        };
    }

    private static string Period(RunFolder run)
    {
        var data = run.Card.Each("data").ToArray();
        var first = data.Select(d => d.Text("first")).Where(t => t is not null).Min(StringComparer.Ordinal);
        var last = data.Select(d => d.Text("last")).Where(t => t is not null).Max(StringComparer.Ordinal);
        return first is null || last is null
            ? $"Studied {run.Created.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}"
            : $"{Day(first)} to {Day(last)}";
    }

    private static string Day(string text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
            : text;

    // The best supported of each kind: a page of the same sentence ten times teaches nothing.
    private static IEnumerable<LearntLine> Learnt(RunFolder run) =>
        run
            .Findings.Where(f => f.Grade != "D" && f.Kind is not ("feature_does_not_matter" or "not_settled"))
            .OrderBy(f => f.Grade, StringComparer.Ordinal)
            .ThenByDescending(f => Math.Abs(f.Value.Value ?? 0))
            .GroupBy(f => f.Kind)
            .SelectMany(g => g.DistinctBy(f => f.Feature).Take(g.Key == "feature_matters" ? 3 : 2))
            .OrderBy(f => f.Grade, StringComparer.Ordinal)
            .ThenBy(f => Array.IndexOf(FirstTold, f.Kind) is >= 0 and var i ? i : FirstTold.Length)
            .Take(MostLearnt)
            .Select(f => new LearntLine(
                f.Effect,
                f.Grade,
                f.Value,
                EstimandWords.Of(f.Estimand).Unit,
                $"finding:{f.Id}"
            ));

    // Only what is decided counts as gained; before that it is a promise under "open".
    private static IEnumerable<GainLine> Gained(ViewContext view) =>
        view
            .Run.Actions.Where(a => view.Subject("action", a.Id).Status is "accepted" or "done")
            .Select(a => new GainLine(
                $"{a.Title}: {a.Whole.At("effect").Text("says") ?? "no number says what it brings."}",
                a.Money,
                a.Effect,
                a.Unit == "auc" ? "AUC" : a.Unit
            ));

    private static RunComparison Compare(RunFolder now, RunFolder before)
    {
        var (estimand, method) = now.Primary;
        var unit = EstimandWords.Of(estimand).Unit;
        DifferenceLine?[] quality =
        [
            .. EstimandWords.Qualities.Select(q =>
                Difference(
                    q.Title,
                    q.Unit,
                    before.Estimates.Overall(q.Id, "model", Splits.Explain),
                    now.Estimates.Overall(q.Id, "model", Splits.Explain)
                )
            ),
        ];
        var features = now
            .Names.Features.Select(f =>
                Difference(
                    f.Title,
                    unit,
                    before.Estimates.Overall(estimand, method, Splits.Explain, f.Name),
                    now.Estimates.Overall(estimand, method, Splits.Explain, f.Name)
                )
            )
            .OfType<DifferenceLine>()
            .OrderByDescending(d => Math.Abs(d.Difference?.Value ?? 0));
        return new(
            before.Id,
            before.Study,
            [.. quality.OfType<DifferenceLine>().Take(2), .. features.Take(MostDifferences)]
        );
    }

    // The runs' errors are taken as independent: wider than what 'assay compare' finds with paired replicates.
    private static DifferenceLine? Difference(string title, string unit, EstimateCell? before, EstimateCell? after)
    {
        if (Num.Of(before) is not { Value: not null } was || Num.Of(after) is not { Value: not null } now)
            return null;
        var change = after!.Value.Value - before!.Value.Value;
        var error = Math.Sqrt(Math.Pow(after.Value.StandardError, 2) + Math.Pow(before.Value.StandardError, 2));
        var difference = Num.Of(change, change - 1.96 * error, change + 1.96 * error);
        var sure = difference is { Low: > 0 } or { High: < 0 };
        return new(
            title,
            was with
            {
                Rank = null,
            },
            now with
            {
                Rank = null,
            },
            difference,
            sure
                ? $"{title}: {(change > 0 ? "up" : "down")} from {Say.WithInterval(was, unit)} to {Say.WithInterval(now, unit)}."
                : $"{title}: no change beyond chance ({Say.WithInterval(now, unit)} now)."
        );
    }
}
