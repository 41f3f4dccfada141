using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>What fields alone predict, in worlds whose sampling is known.</summary>
public sealed class SamplingTests : IDisposable
{
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    private static Estimate Alone(StudyResult result, string feature, string method = "alone") =>
        result.Estimates.Single(e =>
            (e.Estimand, e.Feature, e.Method, e.Split) == (Estimands.AloneAuc, feature, method, "explain")
        );

    [Fact]
    public void A_rule_is_the_log_odds_of_smoothed_rates_without_the_own_fold()
    {
        ulong[] keys = [1, 1, 1, 2, 2, 2];
        double[] labels = [1, 1, 0, 0, 0, 1];
        int[] folds = [0, 1, 1, 0, 1, 1];
        var rule = new AloneRule([keys], labels, folds);
        // By hand, without fold 0: rows 1, 2, 4, 5; two of four positive: base (2 + ½) / (4 + 1) = ½. Key 1: one of two.
        var scores = rule.Score(
            [
                [1, 2, 3],
            ],
            [0, 0, 0]
        );
        scores[0].ShouldBe(0, 1e-12);
        scores[2].ShouldBe(0, 1e-12);
        // Without fold 1: rows 0 and 3: base ½, key 1: (1 + 20 · ½) / (1 + 20), key 2: (0 + 10) / 21.
        scores = rule.Score(
            [
                [1, 2],
            ],
            [1, 1]
        );
        scores[0].ShouldBe(Math.Log(11.0 / 10), 1e-12);
        scores[1].ShouldBe(Math.Log(10.0 / 11), 1e-12);
        // All rows: base (3 + ½) / 7 = ½; key 1: (2 + 10) / 23.
        rule.Score(
                [
                    [1],
                ],
                null
            )[0]
            .ShouldBe(Math.Log(12.0 / 11), 1e-12);
    }

    [Fact]
    public void Numbers_are_cut_at_quantiles()
    {
        FieldCodes.Edges([1, 2, 3, 4], 2).ShouldBe([3]);
        FieldCodes.Edges([5, 5, 5, 5], 4).ShouldBeEmpty();
        FieldCodes.Binned([2.9, 3, 7], [3, 6]).ShouldBe([0UL, 1, 2]);
    }

    [Fact]
    public void What_is_planted_is_told_alone_and_noise_is_not()
    {
        var result = world.Run(study: world.With("integrated-gradients, steps: 4", "saliency"));
        // AUC of a score z for labels drawn from logit z + rest, from the 9,000 rows themselves, the rule being monotone in z.
        var country = Alone(result, "country");
        country.Low.ShouldBeGreaterThan(0.58);
        country.Replicated.ShouldBe("yes");
        Alone(result, "product").Low.ShouldBeGreaterThan(0.58);
        var idle = Alone(result, "idle");
        idle.Low.ShouldBeLessThan(0.5);
        idle.High.ShouldBeGreaterThan(0.5);
        idle.Value.ShouldBe(0.5, 0.03);
        // A user's rate says what the country says; with the item, more.
        Alone(result, "", "alone:user").Value.ShouldBe(country.Value, 0.03);
        Alone(result, "", "alone:user*item").Low.ShouldBeGreaterThan(country.High);
        var model = result.Estimates.First(e => e is { Estimand: "auc", Method: "model" });
        Alone(result, "", "alone:user*item").Value.ShouldBeLessThan(model.Value);
        result.Report.ShouldContain("No sign that sampling made the importances");
    }

    [Fact]
    public void Without_a_holdout_noise_still_scores_a_half()
    {
        // The mean over worlds of a field that says nothing. Compared between folds it would be below.
        var values = Enumerable
            .Range(0, 60)
            .Select(w =>
            {
                const int n = 2000;
                var random = new CounterRandom((ulong)w, "null");
                var labels = Enumerable.Range(0, n).Select(_ => random.NextBool(0.3) ? 1.0 : 0).ToArray();
                var keys = Enumerable.Range(0, n).Select(_ => (ulong)random.NextInt(3)).ToArray();
                var folds = Enumerable.Range(0, n).Select(_ => random.NextInt(SmoothedRates.Folds)).ToArray();
                var scores = new AloneRule([keys], labels, folds).Score([keys], folds);
                var within = Enumerable
                    .Range(0, SmoothedRates.Folds)
                    .Average(f =>
                    {
                        var own = Enumerable.Range(0, n).Where(i => folds[i] == f).ToArray();
                        return RocAuc.Of(
                            Array.ConvertAll(own, i => scores[i]),
                            Array.ConvertAll(own, i => labels[i]),
                            default
                        );
                    });
                return (Within: within, Between: RocAuc.Of(scores, labels, default));
            })
            .ToArray();
        values.Average(v => v.Within).ShouldBe(0.5, 0.005);
        values.Average(v => v.Between).ShouldBeLessThan(0.497);
    }

    [Fact]
    public void Sampled_negatives_that_swap_the_item_are_found_out()
    {
        foreach (var (split, seed) in new[] { ("explain", 1UL), ("holdout", 2UL) })
            Manufactured(split, seed);
        var result = world.Run(
            "made",
            study: world.With("integrated-gradients, steps: 4", "saliency") with
            {
                Replicates = 100,
            }
        );
        result.Report.ShouldContain("exactly a fifth of every list (`visit`) is positive");
        result.Report.ShouldContain("here Home country");
        result.Report.ShouldContain("negatives that keep the context and swap the item make the item's importance");
        result.Report.ShouldContain("The same holds on the holdout rows.");
        Alone(result, "country").Value.ShouldBe(0.5, 0.001);
        var popular = Alone(result, "", "alone:popularity");
        // P(popular positive above uniform negative), ties half: shares 1..5 of 15 against a fifth each.
        var exact = Enumerable.Range(1, 5).Sum(k => k / 15.0 * (k - 1 + 0.5) / 5);
        popular.Value.ShouldBe(exact, 0.012);
        result
            .Findings.Where(f => f.Feature == "product" && f.Kind != FindingKind.SamplingArtefact)
            .ShouldAllBe(f => f.AlternativeExplanations.Any(a => a.Contains("sampled negatives may have made it")));
        result
            .Findings.Where(f => f.Feature == "country")
            .ShouldAllBe(f => f.AlternativeExplanations.Any(a => a.Contains("exactly a fifth")));
    }

    [Fact]
    public void The_step_can_be_left_out()
    {
        var result = world.Run(
            "without",
            study: world.With("replicates: 200", "replicates: 50\nsampling_check: false")
        );
        result.Estimates.ShouldNotContain(e => e.Estimand == Estimands.AloneAuc);
        result.Report.ShouldNotContain("how the rows were sampled");
    }

    // A bought product, drawn in proportion to 1 … 5, and four others drawn alike, all else being the visit's.
    private void Manufactured(string split, ulong seed)
    {
        const int visits = 4000;
        const int n = visits * 5;
        var usr = new string[n];
        var (visit, country, product, label) = (new int[n], new int[n], new int[n], new int[n]);
        var (price, idle) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var random = new CounterRandom(seed, "made", (ulong)i);
            visit[i] = i / 5;
            usr[i] = $"u{visit[i] % 300}";
            country[i] = 1 + visit[i] % 300 % 3;
            label[i] = i % 5 == 0 ? 1 : 0;
            var draw = random.NextInt(15);
            product[i] = label[i] == 1 ? 1 + Enumerable.Range(1, 4).Count(k => draw >= k * (k + 1) / 2) : 1 + draw % 5;
            price[i] = 1;
        }
        RowFile.Write(
            world.Folder[split + ".parquet"],
            ("usr", usr),
            ("visit", visit),
            ("country", country),
            ("product", product),
            ("label", label),
            ("price", price),
            ("idle", idle)
        );
    }
}
