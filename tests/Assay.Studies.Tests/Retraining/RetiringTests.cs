using System.Text.Json;

namespace Assay.Studies.Tests;

/// <summary>Retiring, curves, remove-and-retrain and stability in the tiny world, run once.</summary>
public sealed class TinyRetiring : IDisposable
{
    private readonly TinyRefits refits = new(
        """
        drop: none
          shuffle: false
          retire: {margin: 0.01, refused: all}
          curve: [0, 0.25, 0.5]
          roar: [1]
          resamples: 2
          neighbours: [0.5]
        """
    );

    public StudyResult Result => refits.Result;

    public void Dispose() => refits.Dispose();
}

/// <summary>
/// The truth is planted: idle does nothing, so it is retired and loses less than the margin on rows that did not choose
/// it; country, product and price carry the logit, so each loses more besides it.
/// </summary>
public sealed class RetiringTests(TinyRetiring world) : IClassFixture<TinyRetiring>
{
    private const double Margin = 0.01;

    private Estimate One(string estimand, string method, string feature = "", string split = "holdout") =>
        world.Result.Estimates.Single(e =>
            (e.Estimand, e.Method, e.Feature, e.Split) == (estimand, method, feature, split)
        );

    [Fact]
    public void What_does_nothing_is_retired_and_what_carries_the_label_stays()
    {
        One("retire_auc", "together", "idle").High.ShouldBeLessThan(Margin);
        world.Result.Estimates.Count(e => e is { Method: "together", Split: "holdout" }).ShouldBe(1);
        foreach (var feature in (string[])["country", "product", "price"])
            One("retire_auc", "besides", feature).Low.ShouldBeGreaterThan(Margin);
        world.Result.Report.ShouldContain("Fitted without `idle` the network loses");
        world.Result.Report.ShouldContain("together they can be retired");
    }

    [Fact]
    public void Each_part_is_told_in_the_report_and_what_was_judged_in_run_json()
    {
        foreach (
            var heading in (string[])
                ["What can be retired", "How many features are needed", "Strongest features removed", "Stability under"]
        )
            world.Result.Report.ShouldContain($"### {heading}");
        using var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(world.Result.Folder, "run.json")));
        var retire = run.RootElement.GetProperty("chain").GetProperty("retraining").GetProperty("retire");
        retire.GetProperty("proposed").EnumerateArray().Select(f => f.GetString()).ShouldBe(["idle"]);
        // After what passed on the validation rows it goes on with the weakest other, which carries the label: there it ends.
        var judged = retire.GetProperty("judged").EnumerateArray().ToArray();
        judged.Select(j => j.GetProperty("passed").GetBoolean()).ShouldBe([true, false]);
        judged.Select(j => j.GetProperty("passed_on_validation_rows").GetBoolean()).ShouldBe([true, false]);
        judged[0].GetProperty("loss").GetProperty("high").GetDouble().ShouldBeLessThan(Margin);
        retire
            .GetProperty("stay")
            .EnumerateArray()
            .Select(s => s.GetProperty("word").GetString())
            .ShouldBe(["needed", "needed", "needed"]);
    }

    [Fact]
    public void The_curve_falls_to_a_half_and_its_area_is_that_of_its_trapezoids()
    {
        double Kept(int k) => One("kept_auc", $"kept:{k}").Value;
        Kept(0).ShouldBe(0.5, 1e-9);
        Kept(1).ShouldBeGreaterThan(0.55);
        Kept(2).ShouldBeGreaterThan(Kept(1));
        Kept(4).ShouldBeGreaterThan(Kept(2));
        var area = One("aukc", "permutation");
        area.Value.ShouldBe(((Kept(0) + Kept(1)) / 2 + (Kept(1) + Kept(2)) / 2 + Kept(2) + Kept(4)) / 4, 1e-9);
        area.Low.ShouldBeLessThan(area.Value);
    }

    [Fact]
    public void Removing_the_strongest_of_a_ranking_loses_most()
    {
        var all = One("refit_auc", "retrain");
        var strongest = One("roar_auc", "roar:permutation:1");
        strongest.High.ShouldBeLessThan(all.Low);
        One("roar_auc", "roar:random:1").Value.ShouldBeGreaterThanOrEqualTo(strongest.Value);
        One("roar_auc", "roar:integrated-gradients:1").Value.ShouldBeLessThan(all.Low);
    }

    [Fact]
    public void Small_changes_keep_the_order()
    {
        foreach (var what in (string[])["seeds", "resampled", "neighbours"])
            One("stability_rank", $"{what}:permutation_auc", "", "explain").Low.ShouldBeGreaterThan(0.5);
        var product = One("stability_permutation_auc", "resampled", "product");
        product.Low.ShouldBeLessThanOrEqualTo(product.High);
        product.Low.ShouldBeGreaterThan(0);
    }
}
