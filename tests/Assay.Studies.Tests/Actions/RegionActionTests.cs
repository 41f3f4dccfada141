namespace Assay.Studies.Tests;

/// <summary>The motivating example: recency drives the north and popularity the south, so the study asks for a part of their own.</summary>
public sealed class RegionActionTests
{
    private static StudyResult Run(GateWorld world) =>
        StudyRunner.Run(
            world.Study("segments: {area: area}") with
            {
                Methods = [new() { Id = "permutation" }, new() { Id = "conditional-permutation" }],
            },
            world.Folder["run"],
            new RunOptions { Threads = 2 }
        );

    [Fact]
    public void Two_regions_with_different_drivers_call_for_parts_of_their_own()
    {
        using var world = new GateWorld();
        var result = Run(world);
        var finding = result.Findings.Single(f => f.Kind == FindingKind.SegmentLeaders);
        finding.Grade.ShouldBe(Grade.B, string.Join("; ", finding.GradeReasons));
        var split = result.Actions.Single(a => a.Kind == ActionKind.SplitModelOrSegmentPart);
        split.Id.ShouldBe("split_model_or_segment_part/area");
        split.Evidence[0].Id.ShouldBe(finding.Id);
        split.Grade.ShouldBe(Grade.B);
        split.Target.Features.Order().ShouldBe(["popularity", "recency"]);
        split.Title.ShouldContain("Recency where it is north");
        split.Title.ShouldContain("Popularity where it is south");
        split.Experiment!.UnitOfRandomisation.ShouldBe("usr");
        split.Experiment.SampleSize!.UnitsPerArm.ShouldBeGreaterThan(0);
        result.Report.ShouldContain(split.Title);
    }

    [Fact]
    public void Where_all_regions_are_alike_nothing_is_split()
    {
        using var world = new GateWorld(alike: true);
        Run(world).Actions.ShouldNotContain(a => a.Kind == ActionKind.SplitModelOrSegmentPart);
    }
}
