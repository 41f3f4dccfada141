using Assay.Worlds.Comparison;
using Assay.Worlds.Truth;

namespace Assay.Worlds.Tests;

public sealed class ComparisonTests(SmallWorld fixture) : IClassFixture<SmallWorld>
{
    private readonly PopulationTruth truth = PopulationTruth.Of(
        fixture.World,
        fixture.World.RowsOf(WorldSplit.Explain)
    );

    [Fact]
    public void Estimates_equal_to_the_truth_pass_and_have_the_same_ranks()
    {
        var found = truth.Features.ToDictionary(f => f.Feature.Name, f => new Finding(f.DeltaLogLoss, 0, 1));
        var lines = TruthTable.Lines(truth, TruthEstimand.DeltaLogLoss, found);
        lines.Count.ShouldBe(WorldFeatures.All.Count);
        lines.Take(10).ShouldAllBe(l => l.TruthRank == l.FoundRank);
        PlantedChecks
            .Leaders(found, new Dictionary<string, IReadOnlyDictionary<string, Finding>>())[0]
            .Holds.ShouldBeTrue();
    }

    [Fact]
    public void Estimates_that_put_noise_first_fail()
    {
        var found = truth.Features.ToDictionary(
            f => f.Feature.Name,
            f => new Finding(f.Feature.Role == FeatureRole.Noise ? 1 : 0, 0, 1)
        );
        var segments = new Dictionary<string, IReadOnlyDictionary<string, Finding>>
        {
            ["north"] = found,
            ["south"] = found,
        };
        PlantedChecks.Leaders(found, segments).ShouldAllBe(c => !c.Holds);
        PlantedChecks.Confounding(truth, found).Holds.ShouldBeFalse();
    }
}
