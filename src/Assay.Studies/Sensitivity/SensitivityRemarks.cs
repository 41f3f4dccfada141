namespace Assay.Studies;

/// <summary>What other baselines and settings hold against findings made of attributions, and against no others.</summary>
internal sealed class SensitivityRemarks(ChainContext context, IReadOnlyList<Tried> tried)
{
    public IReadOnlyList<Remark> All()
    {
        var remarks = new List<Remark>();
        foreach (var method in tried.Where(t => !t.Variant.Coarser).GroupBy(t => t.Method))
        {
            Tried[] all = [.. method];
            for (var f = 0; f < context.Plan.Features.Count; f++)
            {
                if (OnSize(all, f) is var (size, cap))
                    remarks.Add(Of(method.Key, f, Estimands.MeanAbsAttribution, size, cap));
                if (OnSign(all, f) is { } sign)
                    remarks.Add(Of(method.Key, f, Estimands.MeanAttribution, sign, Grade.C));
            }
        }
        return remarks;
    }

    // The most telling variant speaks: a place lost, then places moved, then a size out of its interval.
    private static (string Text, Grade? Cap)? OnSize(Tried[] all, int f)
    {
        // Another space answers another question.
        var fallen = all.Where(t => t.Variant.What != Varied.Space && t.Fallen.Any(d => d.Feature == f)).ToArray();
        if (fallen.MaxBy(t => t.Place(f)) is { } worst)
            return (Ranks(worst, f), Grade.C);
        if (
            all.Where(t => t.Moved.Any(d => d.Feature == f)).MaxBy(t => Math.Abs(t.Place(f) - t.OwnPlace(f))) is
            { } moved
        )
            return (Ranks(moved, f), null);
        return
            all.Where(t => t.Outside.Contains(f)).MaxBy(t => Math.Abs(t.Other.Sizes[f].Value - t.Own.Sizes[f].Value))
                is { } outside
            ? (Size(outside, f), null)
            : null;
    }

    private static string? OnSign(Tried[] all, int f) =>
        all.FirstOrDefault(t => t.Turned.Contains(f)) is { } turned
            ? $"{turned.Variant.Words} it pushes the score {Way(turned.Other.Means[f])} on average, not {Way(turned.Own.Means[f])}"
            : null;

    private static string Ranks(Tried t, int f) =>
        $"{t.Variant.Words} it ranks {t.Place(f)} instead of {t.OwnPlace(f)}";

    private static string Size(Tried t, int f)
    {
        var text =
            $"{t.Variant.Words} it moves the score by {Text.Number(t.Other.Sizes[f].Value)} on average instead of {Text.Number(t.Own.Sizes[f].Value)}";
        return t.Variant.What == Varied.Steps ? $"{text}: the integral has not converged" : text;
    }

    private static string Way(Estimate e) => e.Value > 0 ? "up" : "down";

    private Remark Of(string method, int f, string estimand, string text, Grade? cap) =>
        new(context.Plan.Features[f].Entry.Name, text, cap)
        {
            // Contrasts, trends and the like are made of it too; losses of quality do not depend on it.
            Only = e => e.Method == method && e.Estimand.EndsWith(estimand, StringComparison.Ordinal),
        };
}
