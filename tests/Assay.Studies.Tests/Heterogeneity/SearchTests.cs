using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Two-way segments, and the search, on worlds whose truth is known.</summary>
public sealed class SearchTests
{
    private const string Two = "segments: {area: area, stage: stage, both: {cross: [area, stage]}}";

    [Fact]
    public void A_cross_has_the_rows_that_both_dimensions_have()
    {
        using var world = new GateWorld();
        var result = world.Run(Two + "\nminimum_rows: 100");
        var both = result
            .Estimates.Where(e =>
                e.Dimension == "both" && e.Estimand == "auc" && e.Method == "model" && e.Split == "explain"
            )
            .ToArray();
        both.Select(e => e.Segment)
            .ShouldBe(
                [
                    "east × early",
                    "east × middle",
                    "east × late",
                    "north × early",
                    "north × middle",
                    "north × late",
                    "south × early",
                    "south × middle",
                    "south × late",
                ],
                ignoreOrder: true
            );
        // 120 users of each region, 12 rows each, a third of them in each stage.
        both.ShouldAllBe(e => e.Rows == 480 && e.Clusters == 120 && e.Status == "ok");
        result
            .Estimates.Single(e =>
                e.Dimension == "both"
                && e.Feature == "recency"
                && e.Estimand == "heterogeneity_permutation_auc"
                && e.Split == "explain"
            )
            .PAdjusted.ShouldBeLessThan(0.01);
        result.Report.ShouldContain("Recency leads in north × early");
    }

    [Fact]
    public void Small_segments_of_a_cross_are_hidden()
    {
        using var world = new GateWorld(users: 120);
        var result = world.Run(Two + "\nminimum_rows: 200");
        var both = result.Estimates.Where(e => e.Dimension == "both" && e.Split == "explain").ToArray();
        both.ShouldAllBe(e => e.Status == "too small");
        both.Length.ShouldBe(9);
    }

    [Theory]
    [InlineData("segments: {area: area, both: {cross: [area, nowhere]}}", "'nowhere'")]
    [InlineData("segments: {area: area, both: {cross: [area]}}", "two dimensions")]
    [InlineData("segments: {area: area, both: {cross: [area, stage], column: stage}, stage: stage}", "two dimensions")]
    [InlineData("segments: {area: area}\nsearch: {dimensions: [stage]}", "'stage'")]
    [InlineData("search: true", "'segments'")]
    public void What_cannot_be_crossed_or_searched_is_refused(string yaml, string says)
    {
        using var world = new GateWorld(users: 6);
        Should.Throw<AssayException>(() => world.Study(yaml)).Message.ShouldContain(says);
    }

    [Fact]
    public void Planted_segments_are_found_and_confirmed_by_clusters_that_did_not_find_them()
    {
        using var world = new GateWorld(users: 600);
        var result = world.Run("segments: {area: area, stage: stage}\nsearch: true\nminimum_rows: 50");
        var found = result
            .Estimates.Where(e => e.Estimand == "search_permutation_auc" && e.Split == "explain")
            .ToArray();
        var north = found.Single(e => e.Dimension == "area" && e.Segment == "north" && e.Feature == "recency");
        north.PAdjusted.ShouldBeLessThan(0.01);
        (north.Replicated, north.Low > 0).ShouldBe(("yes", true));
        // About half of the 200 users of the north; the other half searched.
        north.Clusters.ShouldBeInRange(70, 130);
        var south = found.Single(e => e.Dimension == "area" && e.Segment == "south" && e.Feature == "popularity");
        south.PAdjusted.ShouldBeLessThan(0.01);
        // Nothing departs by stage beyond its region, so no confirmed cross or stage of features the model uses.
        found.Where(e => e.Dimension == "stage").ShouldAllBe(e => !(e.PAdjusted < 0.05));
        result.Report.ShouldContain("### Segments found by searching");
        result.Report.ShouldContain("Recency matters more where area is north");
    }

    [Fact]
    public void Where_all_segments_are_alike_searching_confirms_next_to_nothing()
    {
        // Ten worlds, each searched over 2 dimensions and their cross, 3 features: an uncorrected 5 % would show in most.
        var confirmed = 0;
        var differing = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            using var world = new GateWorld(seed, alike: true, users: 150);
            var result = world.Run(
                "segments: {area: area, stage: stage}\nsearch: true\nminimum_rows: 50\nreplicates: 100"
            );
            confirmed += result.Estimates.Count(e =>
                e.Estimand == "search_permutation_auc" && e.Split == "explain" && e.PAdjusted < 0.05
            );
            differing += result.Estimates.Any(e =>
                e.Estimand == "heterogeneity_permutation_auc" && e.Split == "explain" && e.PAdjusted < 0.05
            )
                ? 1
                : 0;
        }
        confirmed.ShouldBeLessThanOrEqualTo(1);
        // P(more than 2 of 10 at 5 %) is 1.2 %.
        differing.ShouldBeLessThanOrEqualTo(2);
    }
}
