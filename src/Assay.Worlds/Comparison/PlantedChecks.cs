using System.Globalization;
using Assay.Worlds.Truth;

namespace Assay.Worlds.Comparison;

/// <summary>A question the planted truth answers, and whether the study got it right.</summary>
/// <param name="Question">What was planted, as a statement.</param>
/// <param name="Holds">Whether the estimates say the same.</param>
/// <param name="Detail">The numbers behind it.</param>
public sealed record PlantedCheck(string Question, bool Holds, string Detail);

/// <summary>Compares a study's estimates with what was planted.</summary>
public static class PlantedChecks
{
    /// <summary>The strongest features lead overall, each driver in its segment.</summary>
    /// <param name="overall">Estimates over all rows, by feature.</param>
    /// <param name="segments">Estimates within each region ("north", …), by feature.</param>
    public static IReadOnlyList<PlantedCheck> Leaders(
        IReadOnlyDictionary<string, Finding> overall,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, Finding>> segments
    )
    {
        var two = PlantedTruth.Strongest;
        var found = Ranked(overall).Take(two.Count).ToArray();
        var checks = new List<PlantedCheck>
        {
            new(
                $"{string.Join(" and ", two)} matter most overall",
                two.ToHashSet().SetEquals(found.Select(f => f.Key)),
                Text(found)
            ),
        };
        foreach (var (segment, driver) in PlantedTruth.Drivers)
        {
            var leading = segments.TryGetValue(segment, out var s) ? Ranked(s).Take(2).ToArray() : [];
            checks.Add(new($"{driver} leads in the {segment}", leading.FirstOrDefault().Key == driver, Text(leading)));
        }
        return checks;
    }

    /// <summary>
    /// The proxy's confounding: it tells clicks apart when alone and the model leans on it, yet it has no effect.
    /// </summary>
    /// <param name="truth">The truth over the rows studied.</param>
    /// <param name="overall">Estimates over all rows, by feature.</param>
    public static PlantedCheck Confounding(PopulationTruth truth, IReadOnlyDictionary<string, Finding> overall)
    {
        var (proxy, cause) = PlantedTruth.Confounded;
        var alone = truth.Features.Single(f => f.Feature.Name == proxy).AloneAuc;
        var found = overall.GetValueOrDefault(proxy)?.Value ?? double.NaN;
        var noise = truth
            .Features.Where(f => f.Feature.Role == FeatureRole.Noise)
            .Max(f => overall.GetValueOrDefault(f.Feature.Name)?.Value ?? double.NegativeInfinity);
        return new(
            $"{proxy} has no effect of its own but follows {cause}",
            alone > 0.55 && found > noise,
            string.Create(
                CultureInfo.InvariantCulture,
                $"alone AUC {alone:F3}; the model leans on it by {found:G3}, on noise by at most {noise:G3}; the truth is 0"
            )
        );
    }

    private static IOrderedEnumerable<KeyValuePair<string, Finding>> Ranked(
        IReadOnlyDictionary<string, Finding> found
    ) => found.OrderByDescending(f => f.Value.Value).ThenBy(f => f.Key, StringComparer.Ordinal);

    private static string Text(IEnumerable<KeyValuePair<string, Finding>> found) =>
        string.Join(
            ", ",
            found.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value.Value:G3}"))
        );
}
