using Assay.Statistics;

namespace Assay.Studies;

/// <summary>
/// Searches the declared dimensions and their crosses for the segments where reliance differs most. Found on a hashed half of
/// the clusters, measured and tested on the other half only, so that having searched costs no honesty (Cox 1975); then held
/// against the holdout.
/// </summary>
internal sealed class SearchStep : IChainStep
{
    public const double Level = 0.05;

    // A cross must depart this much further than both of its dimensions do on their own.
    private const double Beyond = 1.25;

    public string Name => "search";
    public string Gives => "a search for the segments that differ most";

    public bool IsAsked(StudyDefinition study) => study.Search.Asked;

    public ChainResult Run(ChainContext context)
    {
        var names = context.Plan.Features.Select(f => f.Entry.Name).ToArray();
        var searched = new Searched(context, context.Splits[0]);
        var looked = searched.Contrasts(true, (dimension, f) => !IsMadeOf(context, searched, dimension, names[f]));
        Estimate[] chosen =
        [
            .. looked
                .GroupBy(e => (e.Estimand, e.Method))
                .SelectMany(g => Choose([.. g], searched, context.Study.Search.Most)),
        ];
        var asked = chosen.Select(e => (e.Dimension, e.Feature)).ToHashSet();
        bool Asks(string dimension, int feature) => asked.Contains((dimension, names[feature]));
        var estimates = new List<Estimate>();
        Estimate[] confirmed = [.. Confirmed(chosen, searched.Contrasts(false, Asks))];
        estimates.AddRange(confirmed);
        foreach (var again in context.Splits.Skip(1))
            estimates.AddRange(Again(chosen, new Searched(context, again).Contrasts(null, Asks)));
        var judged = Replication.Mark(Named(estimates), context.Splits.Count > 1);
        return new ChainResult
        {
            Estimates = judged,
            Section = SearchSection.Write(context, judged, looked.Count, chosen.Length),
            Facts = new
            {
                found_on = "a hashed half of the clusters, by Benjamini-Hochberg over all contrasts searched",
                confirmed_on = "the other half, by Holm over those taken there",
                searched = looked.Count,
                taken = chosen.Length,
                confirmed = judged.Count(IsConfirmed),
                seen_again = judged.Count(e => IsConfirmed(e) && e.Replicated == "yes"),
            },
        };
    }

    /// <summary>Whether the half that did not find it shows it too.</summary>
    public static bool IsConfirmed(Estimate e) => e.Split == Splits.Explain && e.PAdjusted < Level;

    private static bool IsMadeOf(ChainContext context, Searched searched, string dimension, string feature) =>
        searched.Parents.TryGetValue(dimension, out var of)
            ? IsMadeOf(context, searched, of.First, feature) || IsMadeOf(context, searched, of.Second, feature)
            : SegmentDefinition.AreMadeOf(context.Plan.Segments, dimension, feature);

    /// <summary>The largest differences beyond chance of the half searched.</summary>
    private static IEnumerable<Estimate> Choose(Estimate[] looked, Searched searched, int most)
    {
        var adjusted = MultipleTesting.BenjaminiHochberg([.. looked.Select(e => e.PValue)]);
        var sizes = looked.ToDictionary(e => (e.Dimension, e.Segment, e.Feature), e => Math.Abs(e.Value));
        bool IsNews(Estimate e)
        {
            if (!searched.Parents.TryGetValue(e.Dimension, out var of))
                return true;
            // Names of segments may contain the sign, so each way to split it is tried.
            var parents = sizes.Where(s =>
                s.Key.Feature == e.Feature
                && (
                    (
                        s.Key.Dimension == of.First
                        && e.Segment.StartsWith(s.Key.Segment + " × ", StringComparison.Ordinal)
                    )
                    || (
                        s.Key.Dimension == of.Second
                        && e.Segment.EndsWith(" × " + s.Key.Segment, StringComparison.Ordinal)
                    )
                )
            );
            return parents.All(p => Math.Abs(e.Value) >= Beyond * p.Value);
        }
        return looked
            .Where((e, i) => adjusted[i] < Level && IsNews(e))
            .OrderByDescending(e => Math.Abs(e.Value))
            .ThenBy(e => e.Feature, StringComparer.Ordinal)
            .ThenBy(e => e.Dimension, StringComparer.Ordinal)
            .ThenBy(e => e.Segment, StringComparer.Ordinal)
            .Take(most);
    }

    /// <summary>What was chosen as the other half has it: a difference the other way confirms nothing.</summary>
    private static IEnumerable<Estimate> Confirmed(Estimate[] chosen, IReadOnlyList<Estimate> other)
    {
        var signs = chosen.ToDictionary(Key, e => Math.Sign(e.Value));
        var measured = other.ToDictionary(Key);
        foreach (var family in chosen.GroupBy(e => (e.Estimand, e.Method)))
        {
            Estimate[] own =
            [
                .. family
                    .Select(e => measured.GetValueOrDefault(Key(e)))
                    .OfType<Estimate>()
                    .Select(e => Math.Sign(e.Value) == signs[Key(e)] ? e : e with { PValue = 1 }),
            ];
            var adjusted = MultipleTesting.Holm([.. own.Select(e => e.PValue)]);
            for (var i = 0; i < own.Length; i++)
                yield return own[i] with
                {
                    PAdjusted = adjusted[i],
                };
        }
    }

    private static IEnumerable<Estimate> Again(Estimate[] chosen, IReadOnlyList<Estimate> holdout)
    {
        var keys = chosen.Select(Key).ToHashSet();
        return holdout.Where(e => keys.Contains(Key(e)));
    }

    private static Estimate[] Named(IEnumerable<Estimate> contrasts) =>
        [.. contrasts.Select(e => e with { Estimand = Estimands.Search + e.Estimand[Estimands.Contrast.Length..] })];

    private static (string, string, string, string, string) Key(Estimate e) =>
        (e.Estimand, e.Method, e.Dimension, e.Segment, e.Feature);
}
