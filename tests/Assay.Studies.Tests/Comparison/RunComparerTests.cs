using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Comparisons of tiny worlds, of which the truth is known.</summary>
public sealed class RunComparerTests : IDisposable
{
    private readonly TinyWorld world = new();
    private readonly TinyWorld other = new(seed: 2);
    private readonly TinyWorld shuffled = new(seed: 1, shuffled: true);
    private readonly string run;

    public RunComparerTests()
    {
        world.Run();
        run = world.Folder["run"];
    }

    public void Dispose()
    {
        world.Dispose();
        other.Dispose();
        shuffled.Dispose();
    }

    private static Difference Overall(RunComparison c, string feature, string estimand) =>
        c.Differences.Single(d =>
            d.Any is { Split: "explain", Dimension: "overall" }
            && d.Any.Feature == feature
            && d.Any.Estimand == estimand
        );

    [Fact]
    public void A_run_does_not_differ_from_itself()
    {
        var c = RunComparer.Compare(run, run, []);
        c.Differences.ShouldAllBe(d => d.Verdict == ChangeVerdict.NoDifference && d.Value == 0);
        c.Differences.Count.ShouldBeGreaterThan(50);
        Overall(c, "product", "permutation_auc").StandardError.ShouldBe(0);
        Overall(c, "product", "permutation_auc").Rank.ShouldBe(new RankChange(0, 0, 0));
        c.Notes[0].ShouldBe("explain: 300 clusters in both runs, of 300 and 300.");
    }

    [Fact]
    public void Losses_vanish_where_labels_say_nothing()
    {
        shuffled.Run();
        var c = RunComparer.Compare(run, shuffled.Folder["run"], []);
        foreach (var feature in (string[])["country", "product"])
            Overall(c, feature, "permutation_auc").Verdict.ShouldBe(ChangeVerdict.Vanished);
        Overall(c, "idle", "permutation_auc").Verdict.ShouldBe(ChangeVerdict.NoDifference);
        // country, product, price, idle by loss: known of the world, and noise where labels are.
        var rank = Overall(c, "idle", "permutation_auc");
        rank.First!.Rank.ShouldBe(4);
        rank.Rank!.Value.Value.ShouldBe(rank.Second!.Rank!.Value - 4.0);
        rank.Rank!.Value.Low.ShouldBeInRange(-3, rank.Rank!.Value.Value);
        rank.Rank!.Value.High.ShouldBeInRange(rank.Rank!.Value.Value, 3);
        // The same model on the same rows: attributions do not know of labels.
        Overall(c, "product", "mean_abs_attribution").Verdict.ShouldBe(ChangeVerdict.NoDifference);
        var back = RunComparer.Compare(shuffled.Folder["run"], run, []);
        Overall(back, "product", "permutation_auc").Verdict.ShouldBe(ChangeVerdict.Appeared);
    }

    [Fact]
    public void Errors_of_a_paired_difference_are_those_of_the_differences_by_cluster()
    {
        other.Run();
        var d = Overall(RunComparer.Compare(run, other.Folder["run"], []), "price", "mean_abs_attribution");
        d.Errors.ShouldBe("paired");
        // Oracle: |½ (price − 0)| by user in both worlds (zero baseline), users paired; 30 rows each, so a mean of
        // differences by user, whose bootstrap error is sd / √n up to the 200 replicates' noise (5 %).
        using var duck = Duck.Open();
        var by = new List<double>();
        duck.Read(
            $"SELECT avg(abs(a.price))/2 FROM read_parquet({Sql.Text(world.Folder["explain.parquet"])}) a GROUP BY usr ORDER BY usr",
            r => by.Add(r.GetDouble(0))
        );
        var place = 0;
        duck.Read(
            $"SELECT avg(abs(a.price))/2 FROM read_parquet({Sql.Text(other.Folder["explain.parquet"])}) a GROUP BY usr ORDER BY usr",
            r => by[place] = r.GetDouble(0) - by[place++]
        );
        var moments = default(WeightedMoments).Add(by.ToArray());
        d.Value.ShouldBe(by.Average(), 1e-5);
        d.StandardError.ShouldBe(moments.StandardDeviation / Math.Sqrt(by.Count), 0.2 * d.StandardError);
    }

    [Fact]
    public void Without_kept_replicates_errors_are_independent()
    {
        File.Delete(Path.Combine(run, "replicates.explain.parquet"));
        var d = Overall(RunComparer.Compare(run, run, []), "product", "permutation_auc");
        d.Errors.ShouldBe("independent");
        d.StandardError.ShouldBe(Math.Sqrt(2) * d.First!.StandardError, 1e-12);
    }

    [Fact]
    public void The_spread_between_retrainings_is_part_of_chance()
    {
        shuffled.Run();
        other.Run();
        string[] nulls = [run, other.Folder["run"], shuffled.Folder["run"]];
        var d = Overall(RunComparer.Compare(run, nulls[2], nulls), "product", "permutation_auc");
        var values = nulls
            .Select(n =>
                EstimatesFile
                    .ReadRun(n)
                    .Single(e =>
                        e is { Split: "explain", Dimension: "overall", Feature: "product", Estimand: "permutation_auc" }
                    )
                    .Value
            )
            .ToArray();
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / 2;
        d.RetrainingError.ShouldBe(Math.Sqrt(2 * variance), 1e-12);
        d.StandardError.ShouldBeGreaterThan(d.RetrainingError);
        d.DegreesOfFreedom.ShouldBeInRange(2, 3);
        d.Verdict.ShouldBe(ChangeVerdict.NoDifference);
    }

    [Fact]
    public void Mistakes_are_said_in_one_line()
    {
        Should.Throw<AssayException>(() => RunComparer.Compare(run, run, [run])).Fault.ShouldBe(Fault.Usage);
        Should
            .Throw<AssayException>(() => RunComparer.Compare(run, world.Folder["none"], []))
            .Message.ShouldContain("no finished study");
    }
}
