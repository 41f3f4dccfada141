using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Which pairs (and triples) of features act together anywhere in a batch of rows: Archipelago's strengths, averaged, with an
/// interval over clusters and a test that they exceed a least share of the score's variation.
/// </summary>
internal sealed class InteractionDetection : InteractionMethod
{
    private const int DefaultRows = 2000;

    // Triples grow fast; those of the strongest pairs are enough to propose crosses from.
    private const int MostTriples = 200;

    public override MethodInfo Info { get; } =
        new(
            "interaction-detection",
            "Detection of interactions over a batch",
            "Tsang, Rambhatla and Liu 2020, arXiv 2006.10965 (ArchDetect); Tsang et al. 2020, arXiv 2006.10966 (GLIDER)",
            ["0 without interaction", "symmetry"],
            "F² + F + 2 forward passes for all pairs",
            PerRow: false,
            NeedsGradient: false,
            Complete: false
        );

    public override InteractionRanking Rank(
        InteractionModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        RowClusters clusters
    )
    {
        var settings = model.Settings;
        var (seed, most) = (settings.Explain.Seed, settings.SampleRows ?? DefaultRows);
        if (!settings.AgainstRows)
        {
            var some = RowSample.Pick(clusters.Rows, most, seed, Info.Id);
            return Of(new ModelGames(model.Explained, RowSample.Take(rows, some)), settings, clusters.Take(some));
        }
        var background = settings.Explain.Background;
        var opponents = background is null
            ? Opponents.Paired(clusters, most, seed)
            : Opponents.Of(
                RowSample.Pick(clusters.Rows, most, seed, Info.Id),
                RowsOfInputs.Count(background, "background"),
                seed
            );
        if (opponents.Rows.Length == 0)
            throw AssayException.Usage(
                "Rows are compared with rows of other clusters, so at least two clusters (or rows) are needed; give more rows, or a --baseline."
            );
        using var against = model.Against(background ?? rows);
        var games = new DonorGames(
            against,
            RowSample.Take(rows, opponents.Rows),
            RowSample.Take(background ?? rows, opponents.Others)
        );
        return Of(games, settings, clusters.Take(opponents.Rows));
    }

    /// <summary>Pairs, and triples where the order is 3, ranked; a cluster for each game.</summary>
    public static InteractionRanking Of(IGames games, InteractionSettings settings, RowClusters clusters)
    {
        var differences = new Differences(games);
        var test = new StrengthTest(settings, clusters, differences.Scale());
        var found = test.Family([.. PlayerSets.OfSize(2, games.Players)], differences);
        var family = $"all {found.Count} pairs";
        if (settings.Order == 3 && Triples(found) is { Count: > 0 } triples)
        {
            differences.Evaluate(triples);
            found = [.. found, .. test.Family(triples, differences)];
            family += $", and by itself all {triples.Count} triples that hold two discovered pairs";
        }
        return new(
            "root mean square of the joint difference",
            games.Count,
            clusters.Count,
            InteractionRanking.Ordered(found)
        )
        {
            Evaluations = (long)games.Count * differences.Evaluations,
            Test = FormattableString.Invariant(
                $"the share is at most {settings.LeastShare}: one-sided t over clusters; discovered at a false discovery rate of {settings.Level} (Benjamini–Hochberg; family: {family})"
            ),
        };
    }

    private static IReadOnlyList<IReadOnlyList<int>> Triples(IReadOnlyList<RankedInteraction> pairs)
    {
        var discovered = pairs.Where(p => p.Discovered).ToArray();
        var strengths = new Dictionary<string, (IReadOnlyList<int> Set, double Sum)>();
        foreach (var first in discovered)
        foreach (var second in discovered)
            if (first.Players.Union(second.Players).Order().ToArray() is { Length: 3 } set)
                strengths.TryAdd(string.Join(",", set), (set, first.Share + second.Share));
        return [.. strengths.Values.OrderByDescending(s => s.Sum).Take(MostTriples).Select(s => s.Set)];
    }
}
