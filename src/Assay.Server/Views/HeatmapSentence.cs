using Assay.Studies;

namespace Assay.Server;

/// <summary>What a table of features and segments shows, in a sentence or two.</summary>
internal static class HeatmapSentence
{
    public static string Of(RunFolder run, BlockKey key, EstimateBlock block, SegmentInfo[] segments, string[] features)
    {
        var words = EstimandWords.Of(key.Estimand);
        if (key.Dimension == SegmentBuilder.Overall)
            return Overall(run, key, words, features);
        var leaders = segments
            .Select(s =>
                (Segment: s, Feature: features.Where(f => Has(block[s.Id, f])).MaxBy(f => block[s.Id, f]!.Value.Value))
            )
            .Where(l => l.Feature is not null)
            .Select(l => (l.Segment, Feature: l.Feature!, Cell: block[l.Segment.Id, l.Feature!]!.Value))
            .ToArray();
        if (leaders.Length == 0)
            return $"Every segment of {run.Names.Dimension(key.Dimension)} is too small to show.";
        var measured = leaders.Length;
        // A first place that may be worth nothing is not said to lead.
        leaders = [.. leaders.Where(l => double.IsNaN(l.Cell.Low) || l.Cell.ExcludesZero)];
        if (leaders.Length == 0)
            return $"No feature stands out beyond chance in any segment of {run.Names.Dimension(key.Dimension)}.";
        var groups = leaders
            .GroupBy(l => l.Feature)
            .OrderByDescending(g => g.Sum(l => l.Segment.Rows))
            .Take(3)
            .ToArray();
        var dimension = run.Names.Dimension(key.Dimension);
        var text =
            groups.Length == 1
                ? Everywhere(run, words, dimension, groups[0].ToArray())
                : Differing(run, words, dimension, groups);
        var rest = measured - leaders.Length;
        return text
            + (rest == 0 ? "" : $" In {rest} more none stands out beyond chance.")
            + Settled(run, key, measured);
    }

    private static string Overall(RunFolder run, BlockKey key, EstimandInfo words, string[] features)
    {
        var first = features.Take(2).ToArray();
        if (first.Length == 0)
            return "Nothing was measured.";
        string Said(string f) =>
            Num.Of(run.Estimates.Overall(key.Estimand, key.Method, key.Split, f)) is { } n
                ? $"{run.Names.Title(f)} ({Say.WithInterval(n, words.Unit)})"
                : run.Names.Title(f);
        var text = $"{Said(first[0]).Replace(" (", $" {words.Verb} (", StringComparison.Ordinal)}";
        return first.Length > 1 ? $"{text}, then {Said(first[1])}." : $"{text}.";
    }

    private static string Everywhere(
        RunFolder run,
        EstimandInfo words,
        string dimension,
        (SegmentInfo Segment, string Feature, EstimateCell Cell)[] leaders
    )
    {
        var most = leaders.MaxBy(l => l.Cell.Value);
        var least = leaders.MinBy(l => l.Cell.Value);
        var title = run.Names.Title(most.Feature);
        if (leaders.Length == 1)
            return $"{title} {words.Verb} where {dimension} is {most.Segment.Label} ({Value(most.Cell, words)}).";
        return $"{title} {words.Verb} whatever the {dimension}: most for {most.Segment.Label} ({Value(most.Cell, words)}), least for {least.Segment.Label} ({Value(least.Cell, words)}).";
    }

    private static string Differing(
        RunFolder run,
        EstimandInfo words,
        string dimension,
        IGrouping<string, (SegmentInfo Segment, string Feature, EstimateCell Cell)>[] groups
    )
    {
        var parts = groups.Select(
            (g, i) =>
            {
                var top = g.MaxBy(l => l.Cell.Value);
                var labels = Say.List(g.OrderByDescending(l => l.Segment.Rows).Select(l => l.Segment.Label), 2);
                var where = i == 0 ? $" {words.Verb} where {dimension} is {labels}" : $" where it is {labels}";
                var many = g.Count() > 1 ? $"up to {Value(top.Cell, words)}" : Value(top.Cell, words);
                return $"{run.Names.Title(g.Key)}{where} ({many})";
            }
        );
        return $"{string.Join("; ", parts)}.";
    }

    // Of leaders that chance could have picked a reader should know.
    private static string Settled(RunFolder run, BlockKey key, int segments)
    {
        if (run.Estimates.Find(Estimands.Lead + key.Estimand, key.Method, key.Split, key.Dimension) is not { } lead)
            return "";
        var sure = lead.Segments.Count(s =>
            lead.Features.Any(f => lead[s.Id, f] is { Low: > 0, PAdjusted: not > 0.05 })
        );
        return sure == segments ? " Which comes first is beyond chance in each."
            : sure == 0 ? " Which comes first is not beyond chance in any."
            : $" Which comes first is beyond chance in {sure} of {segments}.";
    }

    private static bool Has(EstimateCell? cell) => cell is { } c && !double.IsNaN(c.Value);

    private static string Value(EstimateCell cell, EstimandInfo words) => Say.WithInterval(Num.Of(cell)!, words.Unit);
}
