using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Interactions;

/// <summary>
/// Friedman's H: the part of the joint partial dependence of a set of features that no smaller set explains, as a share (its
/// root); of a single feature its interaction with all others together.
/// </summary>
internal sealed class HStatistic : InteractionMethod
{
    private const int DefaultRows = 64;

    // Dependences that vary less than this share of the score's variance are rounding, and their ratio says nothing.
    private const double Rounding = 1e-10;

    public override MethodInfo Info { get; } =
        new(
            "h-statistic",
            "Friedman's H",
            "Friedman and Popescu 2008, arXiv 0811.1679",
            ["0 without interaction", "1 where features act only together"],
            "R rows: R² (F² / 2 + 2F + 1) forward passes for all pairs",
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
        var picked = RowSample.Pick(clusters.Rows, settings.SampleRows ?? DefaultRows, settings.Explain.Seed, Info.Id);
        var sample = RowSample.Take(rows, picked);
        using var against = model.Against(settings.Explain.Background ?? sample);
        return Of(new ModelGames(against, sample), settings, clusters.Take(picked));
    }

    /// <summary>H of all sets up to the order; a game's value is a partial dependence at its row.</summary>
    public static InteractionRanking Of(IGames games, InteractionSettings settings, RowClusters clusters)
    {
        var sets = PlayerSets.UpTo(Math.Min(settings.Order, games.Players), games.Players);
        var (all, without, dependence) = Evaluate(games, sets);
        var at = sets.Select((s, i) => (Key(s), i)).ToDictionary();
        var total = clusters.Sums(r => all[r] * all[r]);
        var bootstrap = clusters.Bootstrap(settings.Explain.Seed, settings.Replicates);
        var ranked = sets.Select(
            (set, s) =>
            {
                var own = set.Count == 1 ? all : dependence[s];
                double[] residual =
                    set.Count == 1
                        ? [.. all.Select((f, r) => f - dependence[s][r] - without[set[0]][r])]
                        : [.. Enumerable.Range(0, games.Count).Select(r => Pure(set, r))];
                return Ratio(set, clusters.Sums(r => residual[r] * residual[r]), clusters.Sums(r => own[r] * own[r]));
            }
        );
        var evaluations = (long)games.Count * games.EvaluationsPerCoalition * (sets.Count + games.Players + 1);
        return new(
            "H (of one feature: with all others)",
            games.Count,
            clusters.Count,
            InteractionRanking.Ordered(ranked)
        )
        {
            Evaluations = evaluations,
        };

        // Σ over non-empty subsets, signs alternating.
        double Pure(IReadOnlyList<int> set, int row)
        {
            var sum = 0.0;
            for (var mask = 1; mask < 1 << set.Count; mask++)
            {
                var subset = set.Where((_, k) => (mask >> k & 1) != 0).ToArray();
                sum += ((set.Count - subset.Length) % 2 == 0 ? 1 : -1) * dependence[at[Key(subset)]][row];
            }
            return sum;
        }

        RankedInteraction Ratio(IReadOnlyList<int> set, double[] above, double[] below)
        {
            var share = ClusterStandardError.Ratio(above, total);
            if (!(below.Sum() > Rounding * total.Sum()))
                return new(set, 0, double.NaN, Interval.None) { Share = 0 };
            var replicates = Array.ConvertAll(bootstrap.Ratios(above, below), Math.Sqrt);
            return new(
                set,
                Math.Sqrt(ClusterStandardError.Ratio(above, below)),
                Intervals.BootstrapStandardError(replicates, clusters.Count),
                Intervals.Percentile(replicates, clusters.Count, 1 - settings.Level)
            )
            {
                Share = share,
            };
        }
    }

    // The score, the dependence on all but each feature, and that on each set; all centred.
    private static (double[] All, double[][] Without, double[][] Of) Evaluate(
        IGames games,
        IReadOnlyList<IReadOnlyList<int>> sets
    )
    {
        var coalitions = new Coalitions(games.Players);
        coalitions.AddAll();
        for (var p = 0; p < games.Players; p++)
            coalitions[coalitions.AddAll(), p] = false;
        foreach (var set in sets)
        {
            var c = coalitions.Add();
            foreach (var p in set)
                coalitions[c, p] = true;
        }
        var values = GameTable.Evaluate(games, coalitions);
        foreach (var column in values)
            Centre(column);
        return (values[0], values[1..(games.Players + 1)], values[(games.Players + 1)..]);
    }

    private static void Centre(double[] values)
    {
        var mean = values.Average();
        for (var i = 0; i < values.Length; i++)
            values[i] -= mean;
    }

    private static string Key(IReadOnlyList<int> set) => string.Join(",", set);
}
