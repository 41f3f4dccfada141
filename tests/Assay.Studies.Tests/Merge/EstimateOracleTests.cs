using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Estimates of a whole run against the statistics computed straight from its files.</summary>
public sealed class EstimateOracleTests(FinishedRun finished) : IClassFixture<FinishedRun>
{
    private readonly TinyWorld world = finished.World;

    private sealed record Rows(
        double[] Label,
        double[] Score,
        double[] Permuted,
        int[] Cluster,
        int[] List,
        ulong[] Keys
    );

    /// <summary>The rows of one country (0: all) as the run folder holds them, clusters and lists numbered from 0.</summary>
    private Rows Read(string player, long country)
    {
        var folder = world.Folder["run"];
        var (label, score, permuted) = (new List<double>(), new List<double>(), new List<double>());
        var (cluster, list, keys) = (new List<int>(), new List<int>(), new List<ulong>());
        using var prepared = ColumnReader.Open(PreparedSplit.ParquetPath(folder, "explain"));
        var files = Directory.GetFiles(Path.Combine(folder, "scores"), "explain-*").Order().ToArray();
        var last = (-1, -1);
        for (var g = 0; g < files.Length; g++)
        {
            using var scores = ColumnReader.Open(files[g]);
            var (s, p) = (scores.Read<float>(0, "score"), scores.Read<float>(0, player + "#0"));
            var (c, r) = (prepared.Read<int>(g, "cluster"), prepared.Read<int>(g, "request"));
            var (l, k) = (prepared.Read<double>(g, "label"), prepared.Read<long>(g, "cluster_key"));
            var x = prepared.Read<long>(g, "x:country");
            for (var i = 0; i < s.Length; i++)
            {
                if (country != 0 && x[i] != country)
                    continue;
                if (c[i] != last.Item1)
                    keys.Add((ulong)k[i]);
                list.Add((list.Count == 0 ? -1 : list[^1]) + (r[i] != last.Item2 ? 1 : 0));
                last = (c[i], r[i]);
                cluster.Add(keys.Count - 1);
                label.Add(l[i]);
                score.Add(s[i]);
                permuted.Add(p[i]);
            }
        }
        return new Rows([.. label], [.. score], [.. permuted], [.. cluster], [.. list], [.. keys]);
    }

    [Theory]
    [InlineData(0, "all")]
    [InlineData(2, "2")]
    public void Losses_and_intervals_are_those_of_the_plain_statistics(long country, string segment)
    {
        var result = finished.Result;
        var rows = Read("product", country);
        Estimate Find(string estimand) =>
            result.Estimates.Single(e =>
                e.Estimand == estimand && e.Feature == "product" && e.Segment == segment && e.Split == "explain"
            );
        var lists = new RowGroups(rows.List, rows.List[^1] + 1);
        Find("permutation_auc")
            .Value.ShouldBe(RocAuc.Of(rows.Score, rows.Label) - RocAuc.Of(rows.Permuted, rows.Label), 1e-12);
        Find("permutation_logloss")
            .Value.ShouldBe(LogLoss.Of(rows.Permuted, rows.Label) - LogLoss.Of(rows.Score, rows.Label), 1e-12);
        Find("permutation_gauc")
            .Value.ShouldBe(
                GroupedAuc.Of(rows.Score, rows.Label, lists) - GroupedAuc.Of(rows.Permuted, rows.Label, lists),
                1e-12
            );
        double Ndcg10(double[] scores)
        {
            var values = new double[lists.Count];
            Ndcg.PerGroup(scores, rows.Label, lists, 10, values);
            return values.Where(v => !double.IsNaN(v)).Average();
        }
        Find("permutation_ndcg@10").Value.ShouldBe(Ndcg10(rows.Score) - Ndcg10(rows.Permuted), 1e-12);
        var bootstrap = new ClusterBootstrap(rows.Keys, 1, 200);
        var before = bootstrap.Auc(AucPlacements.Of(rows.Score, rows.Label).ByCluster(rows.Cluster, rows.Keys.Length));
        var after = bootstrap.Auc(
            AucPlacements.Of(rows.Permuted, rows.Label).ByCluster(rows.Cluster, rows.Keys.Length)
        );
        var replicates = before.Zip(after, (a, b) => a - b).ToArray();
        var clusters = rows.Keys.Length;
        double[] Influence(double[] scores)
        {
            var sums = AucPlacements.Of(scores, rows.Label).ByCluster(rows.Cluster, clusters);
            return ClusterStandardError.Influence([
                new(sums.PositivePlacements, sums.PositiveWeights),
                new(sums.NegativePlacements, sums.NegativeWeights),
            ]);
        }
        var influence = Influence(rows.Score).Zip(Influence(rows.Permuted), (a, b) => a - b).ToArray();
        var interval = Intervals.StudentT(
            Find("permutation_auc").Value,
            Intervals.BootstrapStandardError(replicates, clusters),
            ClusterStandardError.DegreesOfFreedom(influence)
        );
        Find("permutation_auc").Low.ShouldBe(interval.Low, 1e-12);
        Find("permutation_auc").High.ShouldBe(interval.High, 1e-12);
        Find("permutation_auc")
            .StandardError.ShouldBe(Intervals.BootstrapStandardError(replicates, rows.Keys.Length), 1e-12);
    }

    [Fact]
    public void Families_are_adjusted_within_estimand_and_dimension()
    {
        var result = finished.Result;
        var family = result
            .Estimates.Where(e => e is { Estimand: "permutation_auc", Dimension: "country", Split: "holdout" })
            .ToArray();
        // 4 features and 1 group in 3 countries.
        family.Length.ShouldBe(15);
        family.Select(e => e.PAdjusted).ShouldBe(MultipleTesting.BenjaminiHochberg([.. family.Select(e => e.PValue)]));
    }

    [Fact]
    public void Cluster_features_are_exchanged_between_whole_users()
    {
        var rows = Read("country", 0);
        // The model adds up, so score − permuted score = own − donor's country weight: one number for each user.
        var difference = rows.Score.Zip(rows.Permuted, (a, b) => Math.Round(a - b, 5)).ToArray();
        foreach (var user in difference.Zip(rows.Cluster).GroupBy(p => p.Second))
            user.Select(p => p.First).Distinct().Count().ShouldBe(1);
        difference.Distinct().Count().ShouldBeGreaterThan(3);
        // Whole users are exchanged, so each country keeps its number of users: the differences cancel.
        difference.Sum().ShouldBe(0, 0.01);
    }

    [Fact]
    public void Floors_come_from_the_other_split()
    {
        var result = finished.Result;
        Estimate Floor(string method, string estimand) =>
            result.Estimates.Single(e =>
                e.Method == "floor:" + method && e.Estimand == estimand && e.Segment == "all" && e.Split == "holdout"
            );
        Floor("global-rate", "auc").Value.ShouldBe(0.5);
        // By the item's rate alone the five products are in their true order, as by their weights alone.
        using var duck = Duck.Open(world.Folder.Path);
        var (label, product) = (new List<double>(), new List<double>());
        duck.Read(
            "SELECT CAST(label AS DOUBLE), CAST(product AS DOUBLE) FROM 'holdout.parquet'",
            r =>
            {
                label.Add(r.GetDouble(0));
                product.Add(r.GetDouble(1));
            }
        );
        Floor("item-rate", "auc").Value.ShouldBe(RocAuc.Of([.. product], [.. label]), 1e-12);
        var advantage = Floor("item-rate", "auc_over_floor");
        var model = result.Estimates.Single(e =>
            e is { Method: "model", Estimand: "auc", Segment: "all", Split: "holdout" }
        );
        advantage.Value.ShouldBe(model.Value - Floor("item-rate", "auc").Value, 1e-12);
        advantage.Low.ShouldBeGreaterThan(0);
    }
}
