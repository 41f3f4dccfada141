using Assay.Worlds.Truth;

namespace Assay.Worlds.Tests;

public sealed class TruthTests
{
    private static readonly World World = World.Create(new WorldOptions { Users = 700 });
    private static readonly PopulationTruth Overall = PopulationTruth.Of(World, World.RowsOf(WorldSplit.Explain));

    [Fact]
    public void The_two_strongest_are_the_two_strongest_by_every_estimand()
    {
        Leaders(Overall, f => f.MeanAbsShapley, 2).ShouldBe(PlantedTruth.Strongest, ignoreOrder: true);
        Leaders(Overall, f => f.DeltaLogLoss, 2).ShouldBe(PlantedTruth.Strongest, ignoreOrder: true);
        Leaders(Overall, f => f.DeltaAuc, 2).ShouldBe(PlantedTruth.Strongest, ignoreOrder: true);
    }

    [Fact]
    public void Each_driver_leads_in_its_segment()
    {
        foreach (var (segment, driver) in PlantedTruth.Drivers)
        {
            var label = WorldFeature.FirstLabel + Array.IndexOf(WorldFeatures.Regions, segment);
            var rows = World
                .RowsOf(WorldSplit.Explain)
                .Where(r => World.Table[WorldFeatures.Region].Id(r) == label)
                .ToArray();
            var truth = PopulationTruth.Of(World, rows);
            Leaders(truth, f => f.MeanAbsShapley, 1).ShouldBe([driver]);
            Leaders(truth, f => f.DeltaLogLoss, 1).ShouldBe([driver]);
            Leaders(truth, f => f.DeltaAuc, 1).ShouldBe([driver]);
        }
    }

    [Fact]
    public void What_has_no_effect_has_no_importance_but_the_proxy_looks_useful_alone()
    {
        foreach (
            var f in Overall.Features.Where(f =>
                f.Feature.Role is FeatureRole.Noise or FeatureRole.None or FeatureRole.Proxy
            )
        )
            (f.MeanAbsShapley, f.DeltaLogLoss, f.DeltaAuc).ShouldBe((0, 0, 0), f.Feature.Name);
        Overall.Features.Single(f => f.Feature.Name == WorldFeatures.Badge).AloneAuc.ShouldBeGreaterThan(0.58);
        foreach (var f in Overall.Features.Where(f => f.Feature.Role == FeatureRole.Noise))
            f.AloneAuc.ShouldBeInRange(0.46, 0.54, f.Feature.Name);
    }

    [Fact]
    public void Everything_else_matters()
    {
        foreach (
            var f in Overall.Features.Where(f =>
                f.Feature.Role is FeatureRole.Strong or FeatureRole.Weak or FeatureRole.Sparse
            )
        )
            f.DeltaLogLoss.ShouldBeGreaterThan(0, f.Feature.Name);
    }

    [Fact]
    public void The_true_logit_is_calibrated()
    {
        var rows = Enumerable.Range(0, World.Rows).ToArray();
        var expected = rows.Average(r => 1 / (1 + Math.Exp(-World.TrueLogit(r))));
        var clicks = rows.Average(r => (double)World.Labels[r]);
        // Bernoulli standard error is below √(¼/n).
        Math.Abs(clicks - expected).ShouldBeLessThan(4 * Math.Sqrt(0.25 / rows.Length));
    }

    [Fact]
    public void No_rows_are_refused() => Should.Throw<ArgumentException>(() => PopulationTruth.Of(World, []));

    private static IEnumerable<string> Leaders(PopulationTruth truth, Func<FeatureTruth, double> by, int count) =>
        truth.Features.OrderByDescending(by).Take(count).Select(f => f.Feature.Name);
}
