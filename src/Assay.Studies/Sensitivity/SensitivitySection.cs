using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on other baselines and settings.</summary>
internal sealed class SensitivitySection(
    ChainContext context,
    IReadOnlyList<Tried> tried,
    IReadOnlyList<(Variant Variant, string Why)> failed
)
{
    private const int Shown = 10;

    public string Write()
    {
        var text = new StringBuilder("## Would another baseline or setting say the same?\n\n");
        foreach (var method in tried.GroupBy(t => t.Method))
            Method(text, [.. method]);
        foreach (var (variant, why) in failed)
            text.Append($"Not possible {variant.Words}: {why}\n\n");
        if (tried.Count == 0 && failed.Count == 0)
            text.Append("Nothing that was to be varied makes a difference to the methods of this study.\n\n");
        return text.ToString();
    }

    /// <summary>A sentence for the card.</summary>
    public static string? ForCard(ChainContext context, IReadOnlyList<Tried> tried)
    {
        if (tried.Count == 0)
            return null;
        var lowest = tried.MinBy(t => t.Tau.Value)!;
        var moved = tried
            .Where(t => !t.Variant.Coarser)
            .SelectMany(t => t.Moved)
            .Select(d => d.Feature)
            .Distinct()
            .Count();
        var what =
            moved == 0
                ? "no feature moves by more than a few places"
                : $"{moved} of {context.Plan.Features.Count} features move by more than a few places";
        return $"Attributions were made again in {Count(tried.DistinctBy(t => t.Variant.Name).Count(), "other way")}: {what}; the order agrees least {lowest.Variant.Words} (Kendall's tau {Text.Number(lowest.Tau.Value)}).";
    }

    private void Method(StringBuilder text, Tried[] all)
    {
        if (context.Plan.PerRow.Count > 1)
            text.Append($"### {all[0].Method}\n\n");
        Baselines(text, [.. all.Where(t => t.Variant.What == Varied.Baseline)]);
        Steps(text, [.. all.Where(t => t.Variant.What == Varied.Steps)]);
        foreach (var t in all.Where(t => t.Variant.What is Varied.At or Varied.Budget or Varied.Space))
            text.Append(Same(t)).Append("\n\n");
        Variants(text, all);
        Features(text, all);
    }

    private void Baselines(StringBuilder text, Tried[] all)
    {
        if (all.Length == 0)
            return;
        var fallen = all.SelectMany(t => t.Fallen.Select(d => (t, d.Feature))).GroupBy(p => p.Feature).ToArray();
        var top = all[0].Pair.Top;
        text.Append(
            fallen.Length == 0
                ? $"Of what “without the feature” means ({all.Length + 1} baselines were tried) it does not depend which {top} features move the score most, beyond chance.\n\n"
                : $"Which features move the score most depends on what “without the feature” means: {Text.List([.. fallen.Select(g => Falls([.. g.Select(p => p.t)], g.Key))])}.\n\n"
        );
        Turns(text, all);
    }

    private void Turns(StringBuilder text, Tried[] all)
    {
        int[] turned = [.. all.SelectMany(t => t.Turned).Distinct().OrderBy(f => all[0].OwnPlace(f))];
        if (turned.Length > 0)
            text.Append(
                $"{Named(turned)} {(turned.Length == 1 ? "pushes" : "push")} the score up on average by one baseline and down by another: say the baseline with the direction.\n\n"
            );
    }

    private string Falls(Tried[] all, int f)
    {
        var worst = all.MaxBy(t => t.Place(f))!;
        return $"{Title(f)} ranks {worst.OwnPlace(f)}, and {worst.Place(f)} {worst.Variant.Words}";
    }

    private void Steps(StringBuilder text, Tried[] all)
    {
        foreach (var t in all.Where(t => !t.Variant.Coarser))
            text.Append(
                t.Outside.Count == 0
                    ? $"The integral has converged: {t.Variant.Words} every importance stays within its interval.\n\n"
                    : $"**The integral has not converged**: {t.Variant.Words} the importance of {Named(t.Outside)} leaves its interval. Raise `steps`, or give a `tolerance`.\n\n"
            );
        if (all.Length > 0 && all.All(t => t.Variant.Coarser))
            text.Append(
                all.All(t => t.Outside.Count == 0)
                    ? "The integral has converged: with fewer steps every importance stays within its interval too.\n\n"
                    : "Whether the integral has converged was not tried: no larger number of `steps` was given.\n\n"
            );
    }

    private string Same(Tried t)
    {
        var moved = t.Moved.Count;
        return $"{Capital(t.Variant.Words)} "
            + (
                moved == 0
                    ? $"no feature moves by more than {t.Few} places beyond chance."
                    : $"{Named([.. t.Moved.Select(d => d.Feature)])} {(moved == 1 ? "moves" : "move")} by more than {t.Few} places."
            );
    }

    private static void Variants(StringBuilder text, Tried[] all)
    {
        text.Append(
            Text.Table(
                ["changed", "Kendall's tau", "importance outside its interval", "moved"],
                all.Select(t =>
                    (IReadOnlyList<string>)
                        [
                            t.Variant.Name.Replace(":", " ", StringComparison.Ordinal),
                            Tau(t),
                            t.Variant.What == Varied.Space ? "–" : $"{t.Outside.Count} of {t.Own.Sizes.Length}",
                            $"{t.Moved.Count}",
                        ]
                )
            )
        );
        text.Append(
            $"\n*Moved*: by more than {all[0].Few} places, beyond chance, from or into the better half. 95 % intervals over clusters.\n\n"
        );
    }

    private void Features(StringBuilder text, Tried[] all)
    {
        // Less exact variants would widen what the study itself has got right.
        Tried[] shown = [.. all.Where(t => !t.Variant.Coarser && t.Variant.What != Varied.Space)];
        if (shown.Length == 0)
            return;
        var own = shown[0].Own;
        var marked = shown.SelectMany(t => t.Moved).Select(d => d.Feature).ToHashSet();
        var features = Enumerable
            .Range(0, own.Sizes.Length)
            .Where(f => own.Sizes[f].Rank <= Shown || marked.Contains(f))
            .OrderBy(f => own.Sizes[f].Rank);
        text.Append(
            Text.Table(
                ["feature", "rank", "over all", "mean |attribution|", "smallest to largest"],
                features.Select(f =>
                {
                    int[] places = [shown[0].OwnPlace(f), .. shown.Select(t => t.Place(f))];
                    double[] sizes = [own.Sizes[f].Value, .. shown.Select(t => t.Other.Sizes[f].Value)];
                    return (IReadOnlyList<string>)
                        [
                            Title(f),
                            $"{places[0]}",
                            places.Min() == places.Max() ? "the same" : $"{places.Min()}–{places.Max()}",
                            Text.Number(sizes[0]),
                            $"{Text.Number(sizes.Min())} to {Text.Number(sizes.Max())}",
                        ];
                })
            )
        );
        text.Append('\n');
    }

    private static string Tau(Tried t)
    {
        var (value, replicates) = t.Tau;
        var interval = Statistics.Intervals.Percentile(replicates, t.Own.Sizes[0].Draws);
        return $"{Text.Number(value)} ({Text.Number(interval.Low)} to {Text.Number(interval.High)})";
    }

    private string Named(IReadOnlyList<int> features) =>
        features.Count <= 5
            ? Text.List([.. features.Select(Title)])
            : $"{string.Join(", ", features.Take(4).Select(Title))} and {features.Count - 4} more";

    private string Title(int feature) => context.Plan.Features[feature].Entry.Title;

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
