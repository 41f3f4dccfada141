using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Studies whose intervals cover other users and other items: the tiny world with prices that are those of 40 items.</summary>
public sealed class TwoWayStudyTests : IDisposable
{
    private const int Items = 40,
        PerUser = 30,
        Rows = TinyWorld.Users * PerUser;
    private readonly TinyWorld world = new();
    private readonly double[] seen = new double[Items];

    public TwoWayStudyTests()
    {
        Write("explain.parquet", 0);
        Write("holdout.parquet", 1);
    }

    public void Dispose() => world.Dispose();

    private StudyDefinition TwoWay => world.With("cluster: usr", "cluster: [usr, good]\nunits: [shoppers, goods]");

    [Fact]
    public void Intervals_widen_where_items_vary()
    {
        var one = world.Run("one").Estimates.ToDictionary(Key);
        var two = world.Run("two", study: TwoWay).Estimates.ToDictionary(Key);
        double Ratio(string estimand, string feature) =>
            Find(two, estimand, feature).StandardError / Find(one, estimand, feature).StandardError;

        // φ = price / 2, and prices are normal over items: the error of their mean is ½ √Σn² / N by items. Bounds: four times the
        // 11 % by which 40 draws miss a standard deviation.
        var truth = 0.5 * Math.Sqrt(seen.Sum(n => n * n)) / Rows;
        Find(two, "mean_attribution", "price").StandardError.ShouldBe(truth, 0.45 * truth);
        Find(one, "mean_attribution", "price").StandardError.ShouldBeLessThan(truth / 5);
        Ratio("permutation_auc", "price").ShouldBeGreaterThan(1.3);
        Ratio("permutation_ndcg@10", "price").ShouldBeGreaterThan(1.2);
        // Users' own: as before, but for the chance in 200 replicates.
        Ratio("mean_attribution", "country").ShouldBe(1, 0.15);
        two.Values.Where(e => e.Interval.Length > 0)
            .ShouldAllBe(e => e.SecondClusters == Items || e.Dimension != "overall");
        // Values of the merge are those of one way; shrunk and calibrated ones know of the errors.
        foreach (var (key, e) in two.Where(e => e.Value.Estimand.StartsWith("permutation_", StringComparison.Ordinal)))
            e.Value.ShouldBe(one[key].Value, key);
        // Segments of users share items, so their errors are taken jointly.
        one.Keys.ShouldContain(k => k.Contains("i_squared_permutation_auc", StringComparison.Ordinal));
        two.Keys.ShouldNotContain(k => k.Contains("i_squared", StringComparison.Ordinal));
    }

    [Fact]
    public void It_says_what_the_intervals_cover()
    {
        var run = world.Run("two", study: TwoWay);
        run.Findings.Where(f => f.Interval is not null)
            .ShouldAllBe(f =>
                f.Sentences.HowSure.Contains("the true value, over other shoppers and other goods, very likely lies")
                && f.Assumptions.Contains(
                    "different shoppers are independent of each other, and so are different goods"
                )
                && f.Pedigree.SecondClusters != null
            );
        run.Report.ShouldContain("of 300 clusters (`usr`) and 40 (`good`)");
        run.Report.ShouldContain("so they cover other shoppers and other goods");
        File.ReadAllText(Path.Combine(run.Folder, "card.md"))
            .ShouldContain("Intervals cover drawing other shoppers (`usr`) and other goods (`good`) at once");
        EstimatesFile
            .ReadRun(run.Folder)
            .First(e => e is { Estimand: "permutation_auc", Segment: "all" })
            .SecondClusters.ShouldBe(Items);
    }

    [Fact]
    public void One_column_is_as_without_the_list()
    {
        var plain = world.Run("plain");
        var listed = world.Run("listed", study: world.With("cluster: usr", "cluster: [usr]"));
        foreach (
            var file in (string[])
                ["estimates.parquet", "replicates.explain.parquet", "prepared/explain.parquet", "report.md", "card.md"]
        )
            File.ReadAllBytes(world.Folder[$"listed/{file}"])
                .AsSpan()
                .SequenceEqual(File.ReadAllBytes(world.Folder[$"plain/{file}"]))
                .ShouldBeTrue(file);
        using var estimates = ColumnReader.Open(world.Folder["plain/estimates.parquet"]);
        estimates.Has("second_clusters").ShouldBeFalse();
        using var prepared = ColumnReader.Open(world.Folder["plain/prepared/explain.parquet"]);
        prepared.Has(PreparedColumns.SecondKey).ShouldBeFalse();
        plain.Findings.ShouldAllBe(f => !f.Sentences.HowSure.Contains(", over"));
        listed.Estimates.ShouldBe(plain.Estimates);
    }

    [Fact]
    public void Threads_do_not_change_a_byte()
    {
        world.Run("a", new RunOptions { Threads = 1 }, TwoWay);
        world.Run("b", new RunOptions { Threads = 2 }, TwoWay);
        File.ReadAllBytes(world.Folder["a/estimates.parquet"])
            .ShouldBe(File.ReadAllBytes(world.Folder["b/estimates.parquet"]));
    }

    // A user's sum of what its rows add is what the one-way standard error takes, with weights and ties.
    [Fact]
    public void Rows_add_up_to_their_users()
    {
        var checkedSegments = 0;
        var probe = new Probe(data =>
        {
            foreach (var segment in data.Segments.Where(data.IsShown))
            {
                var scores = Array.ConvertAll(data.Score, s => Math.Round(s, 1));
                var metric = MetricSums.Of(segment, scores);
                var byRow = QualityInfluence.Of(segment, segment.Take(scores));
                for (var q = 0; q < byRow.Length; q++)
                {
                    var sums = new double[segment.Clusters.Length];
                    for (var i = 0; i < segment.Rows.Length; i++)
                        sums[segment.Local[i]] += byRow[q][i];
                    var expected = metric.Influence(segment, q);
                    for (var c = 0; c < sums.Length; c++)
                        sums[c].ShouldBe(expected[c], 2e-7 * expected.Max(Math.Abs) * 30, $"{segment.Name} {q} {c}");
                }
                checkedSegments++;
            }
        });
        Run("two", TwoWay with { Weight = "idle_weight" }, probe);
        checkedSegments.ShouldBeGreaterThan(5);
    }

    // To first order, GAUC and AUC of rows with one item counted 1 + h times are the value and h times what the item adds.
    [Fact]
    public void Items_add_what_counting_them_a_little_more_does()
    {
        var probe = new Probe(data =>
        {
            var segment = data.Segments[0];
            var byRow = QualityInfluence.Of(segment, segment.Take(data.Score));
            var lists = new RowGroups(data.Request, data.Request[^1] + 1);
            foreach (var item in (int[])[0, 7, 39])
            {
                double Slope(Func<double[], double> value)
                {
                    const double H = 1e-4;
                    double At(double h) => value([.. data.Second!.OfRow.Select(i => i == item ? 1 + h : 1)]);
                    return (At(H) - At(-H)) / (2 * H);
                }
                double Sum(int q) =>
                    Enumerable.Range(0, Rows).Where(i => data.Second!.OfRow[i] == item).Sum(i => (double)byRow[q][i]);
                Sum(0).ShouldBe(Slope(w => RocAuc.Of(data.Score, data.Label, w)), 1e-6);
                Sum(2).ShouldBe(Slope(w => GroupedAuc.Of(data.Score, data.Label, lists, w)), 1e-6);
            }
        });
        Run("two", TwoWay, probe);
        probe.Ran.ShouldBeTrue();
    }

    [Theory]
    [InlineData("cluster: [usr, usr]", "'cluster' names 'usr' twice")]
    [InlineData("cluster: [usr, good, product]", "'cluster' is one column, or two such as [user_id, item_id], not 3")]
    [InlineData("cluster: []", "'cluster' is one column, or two")]
    [InlineData("cluster: [usr, god]", "column 'god' (second cluster key) is missing. Did you mean 'good'?")]
    [InlineData("cluster: [usr, same]", "column 'same' (second cluster key) has a single value")]
    [InlineData("cluster: usr\nunits: [users, goods]", "'units' has 2 names for 1 column of 'cluster'")]
    public void Mistakes_are_one_line(string replacement, string expected)
    {
        var e = Should.Throw<AssayException>(() => world.Run(study: world.With("cluster: usr", replacement)));
        e.Message.ShouldContain(expected);
        e.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_row_without_an_item_is_named()
    {
        var study = TwoWay with
        {
            Explain = new()
            {
                Format = DataFormat.Sql,
                Query = "SELECT * REPLACE (CASE WHEN price > 0 THEN NULL ELSE good END AS good) FROM 'explain.parquet'",
                Folder = world.Folder["."],
            },
        };
        Should
            .Throw<AssayException>(() => world.Run(study: study))
            .Message.ShouldContain(
                "column 'good' (second cluster key): the value is NULL; drop such rows with 'where'"
            );
    }

    private void Run(string folder, StudyDefinition study, IChainStep step) =>
        StudyRunner.Run(
            study,
            world.Folder[folder],
            new RunOptions { Threads = 2 },
            (plan, model) => new ModelRunner(plan, model),
            [step]
        );

    private static string Key(Estimate e) =>
        string.Join('|', e.Split, e.Estimand, e.Method, e.Dimension, e.Segment, e.Feature);

    private static Estimate Find(Dictionary<string, Estimate> all, string estimand, string feature) =>
        all.Values.Single(e =>
            e.Split == "explain" && e.Estimand == estimand && e.Feature == feature && e.Dimension == "overall"
        );

    private void Write(string name, ulong part)
    {
        var (users, visits, goods) = (new string[Rows], new int[Rows], new string[Rows]);
        var (country, product, label) = (new int[Rows], new int[Rows], new int[Rows]);
        var (price, idle, weight) = (new double[Rows], new double[Rows], new double[Rows]);
        for (var i = 0; i < Rows; i++)
        {
            var random = new CounterRandom(9, $"two-way/{part}", (ulong)i);
            var (user, good) = (i / PerUser, random.NextInt(Items));
            (users[i], visits[i], goods[i]) = ($"u{user}", i / 10, $"g{good}");
            country[i] = 1 + user % 3;
            product[i] = 1 + random.NextInt(5);
            // The price, and how much people like the good beyond it, are the good's.
            price[i] = CounterRandom.NormalAt(9, 1, (ulong)good);
            idle[i] = random.NextNormal();
            weight[i] = 0.5 + random.NextInt(3);
            var logit = TinyWorld.Logit(country[i], product[i], price[i]) + CounterRandom.NormalAt(9, 2, (ulong)good);
            label[i] = random.NextBool(1 / (1 + Math.Exp(-logit))) ? 1 : 0;
            if (part == 0)
                seen[good]++;
        }
        RowFile.Write(
            world.Folder[name],
            ("usr", users),
            ("visit", visits),
            ("good", goods),
            ("country", country),
            ("product", product),
            ("price", price),
            ("idle", idle),
            ("idle_weight", weight),
            ("same", Enumerable.Repeat(1, Rows).ToArray()),
            ("label", label)
        );
    }

    private sealed class Probe(Action<SplitData> look) : IChainStep
    {
        public bool Ran { get; private set; }
        public string Name => "probe";
        public string Gives => "nothing";

        public bool IsAsked(StudyDefinition study) => true;

        public ChainResult Run(ChainContext context)
        {
            look(context.Splits[0]);
            Ran = true;
            return new();
        }
    }
}
