using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Judging nested sets in a fixed order, and what is said of features that stay.</summary>
public sealed class RetiringJudgeTests
{
    private const double Margin = 0.005;
    private const int Clusters = 100_001;

    private static readonly IReadOnlyList<string>[] Steps =
    [
        ["a", "b"],
        ["c"],
        ["d"],
    ];

    /// <summary>Fits that do not differ between seeds, so that the interval is value ± 1.96 errors.</summary>
    private static OverSeeds Loss(double value, double error = 0.001) =>
        OverSeeds.Of([value, value, value], error, Clusters);

    [Fact]
    public void Nothing_beyond_the_first_failure_is_judged()
    {
        var asked = new List<string>();
        var judged = Retiring.Judge(
            Steps,
            set =>
            {
                asked.Add(string.Concat(set));
                return Loss(set.Count == 3 ? 0.0035 : 0.001);
            },
            Margin
        );
        asked.ShouldBe(["ab", "abc"]);
        judged.Select(j => j.Passed).ShouldBe([true, false]);
        judged.Where(j => j.Passed).SelectMany(j => j.Added).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void All_that_pass_are_proposed_and_none_where_the_first_fails()
    {
        Retiring.Judge(Steps, _ => Loss(0.001), Margin).Count(j => j.Passed).ShouldBe(3);
        Retiring.Judge(Steps, _ => Loss(0.004), Margin).ShouldHaveSingleItem().Passed.ShouldBeFalse();
        Retiring.Judge([], _ => Loss(0), Margin).ShouldBeEmpty();
    }

    /// <summary>
    /// The theorem of fixed sequences (Maurer, Hothorn and Lehmacher 1995): however many looks, at one-sided 2.5 % each, a
    /// set that loses the margin is proposed in at most 2.5 % of the draws.
    /// </summary>
    [Fact]
    public void A_set_that_loses_the_margin_is_rarely_proposed()
    {
        const int draws = 20_000;
        const double error = 0.001;
        var wrong = 0;
        for (var d = 0; d < draws; d++)
        {
            var random = new CounterRandom(5, "fixed sequence", (ulong)d);
            // The first set is free; both larger ones lose exactly the margin, with errors of their own.
            var first = Loss(error * random.NextNormal(), error);
            var second = Loss(Margin + error * random.NextNormal(), error);
            var third = Loss(Margin + error * random.NextNormal(), error);
            var judged = Retiring.Judge(
                Steps,
                set =>
                    set.Count switch
                    {
                        2 => first,
                        3 => second,
                        _ => third,
                    },
                Margin
            );
            wrong += judged.Count(j => j.Passed) > 1 ? 1 : 0;
        }
        var bound = 0.025 + 3 * Math.Sqrt(0.025 * 0.975 / draws);
        ((double)wrong / draws).ShouldBeInRange(0.015, bound);
    }

    /// <summary>
    /// The same with a further part, whose order validation rows draw anew each time: a free set, then three features of which
    /// each loses exactly the margin besides it; errors on the rows that judge are independent of those that ordered.
    /// </summary>
    [Fact]
    public void Going_on_in_the_order_of_other_rows_keeps_the_error()
    {
        const int draws = 20_000;
        const double error = 0.001;
        string[] others = ["x", "y", "z"];
        var wrong = 0;
        for (var d = 0; d < draws; d++)
        {
            var random = new CounterRandom(6, "going on", (ulong)d);
            var validation = others.ToDictionary(f => f, _ => Margin + 3 * error * random.NextNormal());
            var test = new Dictionary<int, OverSeeds> { [2] = Loss(error * random.NextNormal(), error) };
            for (var n = 3; n <= 5; n++)
                test[n] = Loss((n - 2) * Margin + error * random.NextNormal(), error);
            IReadOnlyList<string>[] further =
            [
                .. Retiring.InOrder(others, f => validation[f]).Select(f => new[] { f }),
            ];
            var judged = Retiring.Judge(
                [
                    ["a", "b"],
                    .. further,
                ],
                set => test[set.Count],
                Margin
            );
            if (judged.Count > 1)
                judged[1].Added.ShouldBe([validation.MinBy(v => v.Value).Key]);
            wrong += judged.Count(j => j.Passed) > 1 ? 1 : 0;
        }
        var bound = 0.025 + 3 * Math.Sqrt(0.025 * 0.975 / draws);
        ((double)wrong / draws).ShouldBeInRange(0.015, bound);
    }

    [Fact]
    public void What_goes_on_is_not_fitted_before_the_order_comes_to_it()
    {
        static IEnumerable<IReadOnlyList<string>> Further()
        {
            yield return ["a"];
            throw new InvalidOperationException("not reached");
        }
        Retiring.Judge(Further(), _ => Loss(0.004), Margin).ShouldHaveSingleItem().Passed.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => Retiring.Judge(Further(), _ => Loss(0.001), Margin));
    }

    [Theory]
    [InlineData(0.002, "can be spared")]
    [InlineData(0.004, "undecided")]
    [InlineData(0.006, "undecided")]
    [InlineData(0.008, "needed")]
    public void A_verdict_is_given_where_the_interval_leaves_the_margin(double loss, string word) =>
        new RetiringVerdict("f", Loss(loss), Margin).Word.ShouldBe(word);

    /// <summary>
    /// By hand: 1.96 errors of clusters against a distance of .0005 take (1.96 · .001 / .0005)² = 15.4 times the clusters. Seeds
    /// of standard deviation .001 beside an error of clusters of .0001 and a distance of .0006: with 14 seeds 16.9 degrees of
    /// freedom, t = 2.111 and half a width of .000602; with 15 seeds 18.5, 2.097 and .000581 (tables of Student's t).
    /// </summary>
    [Fact]
    public void What_would_decide_is_clusters_or_seeds()
    {
        var clusters = new RetiringVerdict("f", Loss(0.0055), Margin);
        clusters.SeedsThatDecide.ShouldBeNull();
        clusters.ClustersThatDecide.ShouldBe(15.4, 0.1);
        var seeds = new RetiringVerdict("f", OverSeeds.Of([0.0046, 0.0056, 0.0066], 0.0001, Clusters), Margin);
        seeds.Word.ShouldBe("undecided");
        seeds.SeedsThatDecide.ShouldBe(15);
    }
}
