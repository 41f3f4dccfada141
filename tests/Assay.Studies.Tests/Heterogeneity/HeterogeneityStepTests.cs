namespace Assay.Studies.Tests;

/// <summary>The whole step on worlds whose truth is known.</summary>
public sealed class HeterogeneityStepTests
{
    private static Estimate[] Rows(StudyResult result, string prefix, string split = "explain") =>
        [.. result.Estimates.Where(e => e.Estimand == prefix + "permutation_auc" && e.Split == split)];

    [Fact]
    public void Planted_differences_are_found_replicated_and_said()
    {
        using var world = new GateWorld();
        var result = world.Run();
        var tests = Rows(result, Estimands.Heterogeneity);
        tests.Length.ShouldBe(8);
        Estimate Test(string dimension, string feature) =>
            tests.Single(e => e.Dimension == dimension && e.Feature == feature);
        foreach (var feature in (string[])["recency", "popularity"])
        {
            Test("area", feature).PAdjusted.ShouldBeLessThan(0.001);
            Test("area", feature).Replicated.ShouldBe("yes");
            Test("area", feature).Segment.ShouldBe("between");
            Test("stage", feature).PAdjusted.ShouldBeGreaterThan(0.05);
        }
        // Idle changes no score at all.
        (Test("area", "idle").PValue, Test("area", "idle").Value).ShouldBe((1, 0));

        Estimate Lead(string segment) =>
            Rows(result, Estimands.Lead).Single(e => e.Dimension == "area" && e.Segment == segment);
        (Lead("north").Feature, Lead("south").Feature).ShouldBe(("recency", "popularity"));
        foreach (var segment in (string[])["north", "south"])
        {
            Lead(segment).PAdjusted.ShouldBeLessThan(0.01);
            (Lead(segment).Replicated, Lead(segment).Low > 0).ShouldBe(("yes", true));
        }
        // In the east both weigh 0.8: nobody leads.
        Lead("east").PAdjusted.ShouldBeGreaterThan(0.05);

        var contrast = Rows(result, Estimands.Contrast)
            .Single(e => e.Segment == "north" && e.Feature == "recency" && e.Dimension == "area");
        contrast.Low.ShouldBeGreaterThan(0);
        contrast.Replicated.ShouldBe("yes");
        result.Report.ShouldContain("## For whom");
        result.Report.ShouldContain("Recency leads in north (0.");
        result.Report.ShouldContain("Popularity leads in south (0.");
        result.Report.ShouldContain("Recency matters more in area = north than in the rest");
    }

    [Fact]
    public void Contrasts_and_leads_are_differences_of_the_importances()
    {
        using var world = new GateWorld();
        var result = world.Run();
        Estimate Own(string segment, string feature) =>
            result.Estimates.Single(e =>
                e.Estimand == "permutation_auc"
                && e.Split == "explain"
                && e.Dimension == "area"
                && e.Segment == segment
                && e.Feature == feature
            );
        double Of(string prefix, string segment, string feature) =>
            Rows(result, prefix)
                .Single(e => e.Dimension == "area" && e.Segment == segment && e.Feature == feature)
                .Value;
        // Regions have the same number of rows.
        var rest = (Own("south", "recency").Value + Own("east", "recency").Value) / 2;
        Of(Estimands.Contrast, "north", "recency").ShouldBe(Own("north", "recency").Value - rest, 1e-12);
        var next = new[] { "popularity", "region", "idle" }.Max(f => Own("north", f).Value);
        Of(Estimands.Lead, "north", "recency").ShouldBe(Own("north", "recency").Value - next, 1e-12);
        // Users of different regions are independent, so variances of the contrast add up, but for the noise of 300
        // replicates: about 4 %.
        var error = Math.Sqrt(
            Math.Pow(Own("north", "recency").StandardError, 2)
                + (
                    Math.Pow(Own("south", "recency").StandardError, 2)
                    + Math.Pow(Own("east", "recency").StandardError, 2)
                ) / 4
        );
        var contrast = Rows(result, Estimands.Contrast)
            .Single(e => e.Dimension == "area" && e.Segment == "north" && e.Feature == "recency");
        (contrast.StandardError / error).ShouldBe(1, 0.15);
    }

    [Fact]
    public void Can_be_left_out_and_then_leaves_no_rows()
    {
        using var world = new GateWorld(users: 90);
        var result = world.Run("segments: [area]\nheterogeneity: false");
        result.Estimates.ShouldNotContain(e => e.Estimand.StartsWith(Estimands.Contrast));
        result.Report.ShouldNotContain("## For whom");
    }

    [Fact]
    public void Families_span_features_dimensions_and_segments()
    {
        using var world = new GateWorld();
        var result = world.Run();
        var family = Rows(result, Estimands.Contrast);
        var p = family.Select(e => e.PValue).ToArray();
        family
            .Select(e => e.PAdjusted)
            .ShouldBe(Assay.Statistics.MultipleTesting.BenjaminiHochberg(p), ignoreOrder: false);
        family.Select(e => e.Dimension).Distinct().Count().ShouldBe(2);
    }
}
