namespace Assay.Studies.Tests;

/// <summary>The motivating example: what was planted is found, as one finding a team may act on, and nothing else about segments.</summary>
public sealed class RegionFindingTests : IDisposable
{
    private RegionWorld? world;

    public void Dispose() => world?.Dispose();

    [Fact]
    public void Recency_drives_one_region_and_popularity_another()
    {
        world = new RegionWorld();
        var result = world.Run();
        var found = result.Findings.Single(f => f.Kind == FindingKind.SegmentLeaders);
        found.Grade.ShouldBe(Grade.B, string.Join("; ", found.GradeReasons));
        found.Dimension.ShouldBe("region");
        found
            .Parts.Select(p => (p.Label, p.Feature, p.Replicated))
            .ShouldBe([("north", "recency", "yes"), ("south", "popularity", "yes")]);
        found.Sentences.Effect.ShouldStartWith("What matters most depends on region: where it is north it is Recency");
        found.Sentences.WhatToDo.ShouldStartWith("Consider a part of the model of its own");
        // Each driver counts more at home and less away; nothing else differs, and nothing by device.
        result
            .Findings.Where(f => f.Kind == FindingKind.SegmentDifference && f.Grade <= Grade.B)
            .Select(f => (f.SegmentLabel, f.Feature, f.Value > 0))
            .ShouldBe(
                [
                    ("north", "recency", true),
                    ("south", "recency", false),
                    ("north", "popularity", false),
                    ("south", "popularity", true),
                ],
                ignoreOrder: true
            );
        result.Report.ShouldContain("**Differs between groups** (B): What matters most depends on region");
        result.Report.ShouldContain("more for region north, less for region south (B)");
    }

    [Fact]
    public void Where_all_regions_are_alike_nothing_is_found()
    {
        world = new RegionWorld(alike: true);
        var result = world.Run();
        result.Findings.ShouldNotContain(f => f.Kind == FindingKind.SegmentLeaders);
        result.Findings.ShouldNotContain(f => f.Kind == FindingKind.SegmentDifference && f.Grade <= Grade.B);
    }
}
