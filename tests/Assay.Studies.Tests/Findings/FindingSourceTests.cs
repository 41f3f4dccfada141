using static Assay.Studies.Tests.Fabricated;

namespace Assay.Studies.Tests;

/// <summary>Each kind of finding from made-up estimates, against the rules stated in docs/findings.md.</summary>
public sealed class FindingSourceTests
{
    private const string Plain = "permutation",
        Given = "conditional-permutation";

    private static Estimate Lead(
        string segment,
        string feature,
        double value,
        string method = Plain,
        double half = 0.01
    ) => Row(feature, "lead_permutation_auc", method, value, half, "region", segment);

    private static Estimate Contrast(string segment, string feature, double value, string method = Plain) =>
        Row(feature, "contrast_permutation_auc", method, value, 0.01, "region", segment);

    private static Finding Leaders(Fabricated made) =>
        made.Findings().Single(f => f.Kind == FindingKind.SegmentLeaders);

    [Fact]
    public void Different_leaders_given_the_others_are_one_finding_of_grade_B()
    {
        var found = Leaders(
            new Fabricated()
                .With(Lead("north", "recency", 0.05, Given))
                .With(Lead("south", "popularity", 0.03, Given))
                .With(Lead("east", "recency", 0.004, Given))
                .WithGoodDraws("recency", "popularity")
        );
        found.Grade.ShouldBe(Grade.B);
        found.Id.ShouldBe("*/lead_permutation_auc/conditional-permutation/region=*");
        found.Features.ShouldBe(["recency", "popularity"]);
        // The claim is as sure as the less sure of both leaders.
        found.Value.ShouldBe(0.03);
        found.Sentences.Effect.ShouldBe(
            "What matters most depends on region: where it is north it is Recency (ahead of the next by 0.0500 of AUC); "
                + "where it is south it is Popularity (ahead of the next by 0.0300 of AUC); one other has no sure leader."
        );
        found.Parts.Select(p => (p.Segment, p.Feature)).ShouldBe([("north", "recency"), ("south", "popularity")]);
    }

    [Fact]
    public void Leaders_of_one_fixed_model_are_C_unless_contrasts_given_the_others_back_both()
    {
        Fabricated Made() =>
            new Fabricated()
                .With(Lead("north", "recency", 0.05))
                .With(Lead("south", "popularity", 0.03))
                .WithGoodDraws("recency", "popularity");
        Leaders(Made()).Grade.ShouldBe(Grade.C);
        var one = Made().With(Contrast("north", "recency", 0.03, Given));
        Leaders(one).Grade.ShouldBe(Grade.C);
        Leaders(one.With(Contrast("south", "popularity", 0.02, Given))).Grade.ShouldBe(Grade.B);
        // A contrast of the fixed model itself says nothing new, nor does one of the wrong sign.
        Leaders(Made().With(Contrast("north", "recency", 0.03)).With(Contrast("south", "popularity", 0.02)))
            .Grade.ShouldBe(Grade.C);
        Leaders(
            Made().With(Contrast("north", "recency", 0.03, Given)).With(Contrast("south", "popularity", -0.02, Given))
        )
            .Grade.ShouldBe(Grade.C);
    }

    [Fact]
    public void The_same_leader_everywhere_or_an_unsure_one_is_no_finding()
    {
        new Fabricated()
            .With(Lead("north", "recency", 0.05))
            .With(Lead("south", "recency", 0.03))
            .With(Lead("east", "popularity", 0.005))
            .Findings()
            .ShouldBeEmpty();
        // The feature that makes the segments does not vary within them.
        new Fabricated()
            .With(Lead("north", "region", 0.05))
            .With(Lead("south", "recency", 0.03))
            .Findings()
            .ShouldBeEmpty();
    }

    [Fact]
    public void An_unreplicated_leader_does_not_lower_the_others()
    {
        var found = Leaders(
            new Fabricated()
                .With(Lead("north", "recency", 0.05, Given))
                .With(Lead("south", "popularity", 0.03, Given))
                .With(Lead("east", "price", 0.03, Given) with { Replicated = "no" })
                .WithGoodDraws("recency", "popularity", "price")
        );
        found.Grade.ShouldBe(Grade.B);
        found.Parts.Count.ShouldBe(2);
    }

    [Fact]
    public void A_difference_is_told_by_its_best_graded_measure()
    {
        var made = new Fabricated()
            .With(Contrast("south", "recency", -0.05))
            .With(Contrast("south", "recency", -0.03, Given))
            .With(Row("recency", "permutation_auc", Given, 0.01, 0.005, "region", "south"))
            .With(Contrast("north", "price", 0.0005))
            .WithGoodDraws("recency");
        var found = made.Findings().Single();
        (found.Kind, found.Grade, found.Method).ShouldBe((FindingKind.SegmentDifference, Grade.B, Given));
        found.Id.ShouldBe("recency/contrast_permutation_auc/conditional-permutation/region=south");
        found.Sentences.Effect.ShouldBe(
            "Recency adds less where region is south than elsewhere: without it the model loses 0.0100 of AUC there, 0.0400 elsewhere."
        );
        found.MissingForNextGrade.ShouldContain("whether it lasts");
    }

    [Fact]
    public void Refits_tell_what_can_be_retired_by_the_upper_end()
    {
        Finding Of(double value, double half) =>
            new Fabricated().With(Row("recency", "loco_auc", "retrain", value, half)).Findings().Single();
        // Better without it is as good a reason as no change.
        (Of(-0.005, 0.003).Kind, Of(-0.005, 0.003).Grade).ShouldBe((FindingKind.Retirable, Grade.B));
        Of(0.0005, 0.001).Kind.ShouldBe(FindingKind.Retirable);
        (Of(0.02, 0.003).Kind, Of(0.02, 0.003).Grade).ShouldBe((FindingKind.Needed, Grade.B));
        (Of(0.002, 0.003).Kind, Of(0.002, 0.003).Grade).ShouldBe((FindingKind.NotSettled, Grade.D));
        // Beyond chance, and on either side of the margin of .002: that is no refusal.
        var near = Of(0.003, 0.0015);
        (near.Kind, near.Grade).ShouldBe((FindingKind.NotSettled, Grade.D));
        near.GradeReasons.ShouldBe(["the loss may lie on either side of the margin"]);
    }

    [Fact]
    public void What_stays_besides_a_retired_set_is_needed_undecided_or_not_needed()
    {
        Finding Of(double value, double half) =>
            new Fabricated()
                .With(Row("idle", "retire_auc", "together", 0.0005, 0.001))
                .With(Row("recency", "retire_auc", "besides", value, half))
                .Findings()
                .Single();
        var needed = Of(0.004, 0.001);
        (needed.Kind, needed.Grade).ShouldBe((FindingKind.Needed, Grade.B));
        needed.Sentences.Effect.ShouldContain("without what can be retired the model loses");
        var undecided = Of(0.0025, 0.001);
        (undecided.Kind, undecided.Grade).ShouldBe((FindingKind.NotSettled, Grade.D));
        undecided.Sentences.Effect.ShouldContain("is undecided");
        undecided.Sentences.WhatToDo.ShouldContain("more seeds");
        // Small alone is no proposal: it was judged in no order.
        var spared = Of(0.0005, 0.001);
        spared.Kind.ShouldBe(FindingKind.NotSettled);
        spared.Sentences.Effect.ShouldContain("is not needed, nor proposed");
    }

    [Fact]
    public void A_remark_caps_importance_and_is_said_first()
    {
        Fabricated Made(params Remark[] remarks) =>
            new Fabricated { Remarks = remarks }
                .With(Row("recency", "conditional_permutation_auc", Given, 0.03, 0.01))
                .WithGoodDraws("recency");
        Made().Findings().Single().Grade.ShouldBe(Grade.B);
        Made(new Remark("price", "price moves it", Grade.C)).Findings().Single().Grade.ShouldBe(Grade.B);
        var said = Made(new Remark("recency", "position moves it")).Findings().Single();
        (said.Grade, said.Sentences.WhatCouldBeWrong).ShouldBe((Grade.B, "It could be that position moves it."));
        var capped = Made(new Remark("", "negatives were sampled by popularity", Grade.C)).Findings().Single();
        capped.Grade.ShouldBe(Grade.C);
        capped.GradeReasons.ShouldBe(["negatives were sampled by popularity"]);
    }

    [Fact]
    public void A_proxy_loses_most_of_its_importance_once_the_confounder_is_held()
    {
        IReadOnlyList<Finding> Of(double moved, double left) =>
            new Fabricated()
                .With(Row("badge", "moved_permutation_auc", "stratified:popularity", moved, 0.005))
                .With(Row("badge", "adjusted_permutation_auc", "stratified:popularity", left, 0.005))
                .Findings();
        var found = Of(0.03, 0.01).Single();
        found.Kind.ShouldBe(FindingKind.Proxy);
        found.Features.ShouldBe(["badge", "popularity"]);
        found.Sentences.Effect.ShouldContain("of the 0.0400 of AUC that the model loses without it, 75.0 % goes away");
        Of(0.01, 0.03).ShouldBeEmpty();
    }

    [Fact]
    public void A_feature_does_not_stand_in_for_the_confounder_that_it_is()
    {
        IReadOnlyList<Finding> Of(string held) =>
            new Fabricated { Declared = s => s with { Confounders = [new() { Name = "renown", Feature = held }] } }
                .With(Row("popularity", "moved_permutation_auc", "conditioned:renown", 0.04, 0.005))
                .With(Row("popularity", "adjusted_permutation_auc", "conditioned:renown", 0, 0.001))
                .Findings();
        Of("popularity").ShouldBeEmpty();
        Of("price").Single().Kind.ShouldBe(FindingKind.Proxy);
    }

    [Fact]
    public void Lasting_and_passing_drivers_are_told_apart()
    {
        FindingKind[] Of(double weakest) =>
            [
                .. new Fabricated()
                    .With(Row("recency", "permutation_auc", Plain, 0.04, 0.01))
                    .With(Row("recency", "persistent_permutation_auc", Plain, weakest, 0.001))
                    .Findings()
                    .Select(f => f.Kind),
            ];
        Of(0.02).ShouldBe([FindingKind.FeatureMatters, FindingKind.Persistent]);
        Of(0.0005).ShouldBe([FindingKind.FeatureMatters, FindingKind.Passing]);
        Of(0.0021).ShouldBe([FindingKind.FeatureMatters, FindingKind.Persistent]);
    }

    [Fact]
    public void Crosses_drift_sampling_and_disagreement_are_findings_of_their_own()
    {
        var found = new Fabricated()
            .With(Row("recency*price", "cross_auc", "refit", 0.01, 0.003))
            .With(Row("price", "parity_psi", "train-serve", 0.3, 0.05))
            .With(Row("recency", "parity_psi", "train-serve", 0.05, 0.03))
            .With(Row("", "alone_auc", "alone:popularity", 0.7, 0.01))
            .With(Row("recency", "alone_auc", "alone", 0.505, 0.01))
            .With(Row("", "agreement_rank", "permutation~integrated-gradients", 0.2, 0.1))
            .Findings();
        found
            .Select(f => (f.Kind, f.DisplayName))
            .ShouldBe([
                (FindingKind.CrossGains, "Recency × Price"),
                (FindingKind.Drifted, "Price"),
                (FindingKind.SamplingArtefact, "The item's popularity"),
                (FindingKind.MethodsDisagree, "permutation and integrated-gradients"),
            ]);
        found[0].Features.ShouldBe(["recency", "price"]);
        found[0].Grade.ShouldBe(Grade.B);
        found.Select(f => f.Id).ShouldBeUnique();
    }

    [Fact]
    public void Nothing_of_a_model_that_learnt_nothing_is_above_D()
    {
        var found = new Fabricated { LearntNothing = true }
            .With(Lead("north", "recency", 0.05, Given))
            .With(Lead("south", "popularity", 0.03, Given))
            .With(Contrast("north", "recency", 0.05, Given))
            .With(Row("recency*price", "cross_auc", "refit", 0.01, 0.003))
            .With(Row("price", "parity_psi", "train-serve", 0.3, 0.05))
            .With(Row("recency", "loco_auc", "retrain", 0.03, 0.01))
            .WithGoodDraws("recency", "popularity")
            .Findings();
        found.Count.ShouldBe(5);
        found.ShouldAllBe(f => f.Grade == Grade.D);
    }

    [Theory]
    [InlineData("user_id", "users")]
    [InlineData("usr", "users")]
    [InlineData("household_id", "households")]
    [InlineData("companyKey", "companies")]
    [InlineData("shop_branch_id", "shop branches")]
    [InlineData("customers", "customers")]
    [InlineData("address_hash", "addresses")]
    [InlineData("xq7", "values of xq7")]
    public void Units_are_called_by_a_word(string column, string word) => UnitWords.Of(column).ShouldBe(word);
}
