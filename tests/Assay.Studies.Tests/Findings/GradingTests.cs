namespace Assay.Studies.Tests;

/// <summary>The rules of grading, as the project states them: what is at least needed for B and for C.</summary>
public sealed class GradingTests
{
    // All that grade B asks for.
    private static Evidence Best =>
        new()
        {
            Estimate = new Estimate
            {
                Split = "explain",
                Dimension = "overall",
                Segment = "all",
                SegmentLabel = "all",
                Feature = "recency",
                Estimand = Estimands.Conditional + Estimands.Auc,
                Method = "conditional-permutation",
                Head = "click",
                Value = 0.03,
                StandardError = 0.005,
                Low = 0.02,
                High = 0.04,
                PAdjusted = 0.001,
                Rows = 9000,
                Clusters = 300,
                Replicated = "yes",
            },
            HasHoldout = true,
            MinimumClusters = 20,
            Margin = 0.002,
            CheckAuc = 0.51,
        };

    private static Evidence With(Func<Estimate, Estimate> change) => Best with { Estimate = change(Best.Estimate) };

    [Fact]
    public void All_a_study_can_give_is_B()
    {
        var graded = Grading.Of(Best);
        graded.Grade.ShouldBe(Grade.B);
        graded.Missing.ShouldBe(["a replicated experiment"]);
    }

    [Fact]
    public void Without_holdout_replication_or_a_believable_draw_it_is_C()
    {
        Grading.Of(Best with { HasHoldout = false }).Grade.ShouldBe(Grade.C);
        Grading.Of(With(e => e with { Replicated = "no" })).Grade.ShouldBe(Grade.C);
        Grading.Of(Best with { CheckAuc = 0.7 }).Grade.ShouldBe(Grade.C);
        Grading.Of(Best with { CheckAuc = double.NaN }).Grade.ShouldBe(Grade.C);
        var marginal = Grading.Of(With(e => e with { Estimand = "permutation_auc", Method = "permutation" }));
        marginal.Grade.ShouldBe(Grade.C);
        marginal.Missing.Single().ShouldContain("conditional-permutation");
    }

    [Fact]
    public void At_a_floor_or_without_interval_null_or_result_it_is_D()
    {
        Grading.Of(Best with { LearntNothing = true }).Grade.ShouldBe(Grade.D);
        Grading.Of(With(e => e with { Low = double.NaN, High = double.NaN })).Grade.ShouldBe(Grade.D);
        Grading.Of(With(e => e with { Estimand = Estimands.MeanAbsAttribution })).Grade.ShouldBe(Grade.D);
        Grading.Of(With(e => e with { Clusters = 5 })).Grade.ShouldBe(Grade.D);
        // One test among many: its own interval excludes 0, the adjusted p does not.
        Grading.Of(With(e => e with { PAdjusted = 0.2 })).Grade.ShouldBe(Grade.D);
        Grading.Of(With(e => e with { Low = -0.01 })).Grade.ShouldBe(Grade.D);
    }

    [Fact]
    public void Unimportant_only_with_the_whole_interval_within_the_margin()
    {
        FindingKind Kind(double low, double high, double p = 1) =>
            With(e => e with { Low = low, High = high, Value = (low + high) / 2, PAdjusted = p }).Kind;
        Kind(-0.001, 0.002).ShouldBe(FindingKind.FeatureDoesNotMatter);
        Kind(0, 0).ShouldBe(FindingKind.FeatureDoesNotMatter);
        Kind(0.0005, 0.0015, 0.001).ShouldBe(FindingKind.FeatureDoesNotMatter);
        Kind(-0.001, 0.0021).ShouldBe(FindingKind.NotSettled);
        Kind(-0.0021, 0.001).ShouldBe(FindingKind.NotSettled);
        Kind(-0.03, -0.01, 0.001).ShouldBe(FindingKind.FeatureHurts);
    }

    [Fact]
    public void Not_settled_says_how_many_units_would_settle_it()
    {
        // Half an interval of .004 must shrink to the margin of .002: four times 300.
        var unsettled = With(e => e with { Value = 0, Low = -0.004, High = 0.004, PAdjusted = 1 });
        Grading.Of(unsettled).Missing.Single().ShouldStartWith("about 1,200 independent units");
    }

    [Fact]
    public void What_does_not_matter_must_be_so_on_the_holdout_too()
    {
        var small = With(e => e with { Value = 0, Low = -0.001, High = 0.001, PAdjusted = 1, Replicated = "" });
        Grading.Of(small).Grade.ShouldBe(Grade.C);
        Grading.Of(small with { Again = small.Estimate }).Grade.ShouldBe(Grade.B);
        Grading.Of(small with { Again = small.Estimate with { High = 0.01 } }).Grade.ShouldBe(Grade.C);
    }
}
