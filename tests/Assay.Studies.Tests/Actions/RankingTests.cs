namespace Assay.Studies.Tests;

/// <summary>Values in a declared currency and the two orders.</summary>
public sealed class RankingTests
{
    private static Fabricated Made(ValueDefinition? value) =>
        new Fabricated { Declared = s => s with { Actions = new ActionsDefinition { Value = value } } }
            // Large and unsure, small and sure.
            .With(Fabricated.Row("recency*price", "cross_auc", "refit", 0.03, 0.028))
            .With(Fabricated.Row("recency*popularity", "cross_auc", "refit", 0.02, 0.005))
            .With(Fabricated.Row("idle", "loco_auc", "retrain", 0.0002, 0.001));

    [Fact]
    public void By_effect_and_cautiously_by_its_lower_end()
    {
        var actions = Made(null).Actions();
        actions
            .Select(a => (a.Target.Features[^1], a.Rank, a.CautiousRank))
            .ShouldBe([("price", 1, 2), ("popularity", 2, 1), ("idle", 3, 3)]);
        actions.ShouldAllBe(a => a.Value == null);
    }

    [Fact]
    public void By_value_with_the_interval_of_the_effect()
    {
        // 100 a point: .02 of AUC are 2 points, 200; .03 are 300.
        var actions = Made(new("EUR", 100, 0, 0)).Actions();
        var value = actions[1].Value!;
        value.Unit.ShouldBe("EUR");
        value.Value.ShouldBe(200, 1e-9);
        value.Low.ShouldBe(150, 1e-9);
        value.High.ShouldBe(250, 1e-9);
    }

    [Fact]
    public void Safeguards_come_first_and_evidence_last()
    {
        var made = Made(null).Matters("price", 0.3);
        made.With(Fabricated.Row("price", "opportunity_auc", "permutation", 0.4, 0.1))
            .With(Fabricated.Row("recency", "opportunity_auc", "permutation", 0.4, 0.1));
        var tiers = made.Actions().Select(a => a.Tier).ToArray();
        tiers.ShouldBe(tiers.Order());
        tiers[0].ShouldBe(ActionTier.Safeguard);
        tiers[^1].ShouldBe(ActionTier.Evidence);
    }

    /// <summary>A negligible loss may be a loss: .0012 of AUC at 10,000 a point are 1,200, and at least 800.</summary>
    [Fact]
    public void What_surely_costs_more_than_it_brings_is_no_proposal()
    {
        var made = new Fabricated
        {
            Declared = s => s with { Actions = new ActionsDefinition { Value = new("EUR", 10_000, 0, 0) } },
        }.With(Fabricated.Row("idle", "loco_auc", "retrain", 0.0012, 0.0004));
        var retired = made.Actions().Single(a => a.Id == "retire_feature/idle");
        retired.Value!.High.ShouldBe(-800, 1e-6);
        retired.Tier.ShouldBe(ActionTier.NotWorthIt);
        Made(new("EUR", 10_000, 0, 0))
            .Actions()
            .Single(a => a.Id == "retire_feature/idle")
            .Tier.ShouldBe(ActionTier.Improve);
    }

    [Theory]
    [InlineData("value: {currency: EUR, per_point_of_auc: -1}", "cannot be negative")]
    [InlineData("value: {currency: EUR}", "give at least one of per_point_of_auc, per_lookup, per_megabyte")]
    [InlineData("value: {per_lookup: 1}", "'currency' is missing")]
    [InlineData("value: {currency: EUR, per_lookups: 1}", "unknown key 'per_lookups'")]
    [InlineData("smallest_lift: 0", "'smallest_lift' is a share")]
    public void What_is_declared_is_checked(string yaml, string error)
    {
        using var folder = new TempFolder();
        var text = $"model: m.onnx\ndictionary: f.yaml\ndata: {{explain: x.parquet}}\nlabel: l\ncluster: c\n{yaml}\n";
        Should
            .Throw<Onnx.AssayException>(() => StudyDefinition.Load(folder.File("study.yaml", text)))
            .Message.ShouldContain(error);
    }
}
