namespace Assay.Studies.Tests;

/// <summary>What each kind of action is proposed from, and what it is not proposed from.</summary>
public sealed class ProposerTests
{
    private const string Conditional = "conditional-permutation";

    private static Estimate Row(string feature, string estimand, string method, double value, double half) =>
        Fabricated.Row(feature, estimand, method, value, half);

    [Fact]
    public void Retires_what_refits_do_not_miss()
    {
        var actions = new Fabricated().With(Row("idle", "loco_auc", "retrain", 0.0003, 0.001)).Actions();
        var retire = actions.Only(ActionKind.RetireFeature);
        retire.Id.ShouldBe("retire_feature/idle");
        retire.Grade.ShouldBe(Grade.B);
        retire.Effect!.Value.ShouldBe(-0.0003);
        retire.Effect.Low!.Value.ShouldBe(-0.0013, 1e-12);
        retire.Effect.Basis.ShouldBe(EffectBasis.MeasuredByRefit);
        retire.Experiment!.Hypothesis.ShouldBe("non_inferiority");
        retire.Experiment.UnitOfRandomisation.ShouldBe("shopper_id");
        retire.Evidence[0].Id.ShouldBe("idle/loco_auc/retrain/overall=all");
    }

    [Fact]
    public void Refuses_to_retire_what_may_be_missed_or_is_needed()
    {
        // The upper end, not the value, must lie within the margin of .002.
        new Fabricated()
            .With(Row("idle", "loco_auc", "retrain", 0.001, 0.0015))
            .Actions()
            .ShouldBeEmpty();
        new Fabricated().With(Row("price", "loco_auc", "retrain", 0.02, 0.005)).Actions().ShouldBeEmpty();
    }

    [Fact]
    public void What_was_left_out_together_is_retired_together()
    {
        var made = new Fabricated()
            .With(Row("idle", "loco_auc", "retrain", 0.0003, 0.001))
            .With(Row("price", "loco_auc", "retrain", 0.0002, 0.001))
            .With(Row("history", "loco_auc", "retrain", 0.0001, 0.001))
            .With(Row("idle", "retire_auc", "together", 0.0005, 0.001))
            .With(Row("price", "retire_auc", "together", 0.0005, 0.001))
            .With(Row("history", "retire_auc", "besides", 0.004, 0.001));
        var actions = made.Actions();
        actions.Select(a => a.Id).ShouldBe(["retire_feature/history", "retire_feature/idle+price"], ignoreOrder: true);
        actions.ShouldAllBe(a => a.Grade == Grade.B);
        var joint = actions.Single(a => a.Target.Features.Count == 2);
        joint.Effect!.Low!.Value.ShouldBe(-0.0015, 1e-12);
        joint.Evidence.ShouldContain(e => !e.IsNeeded && e.Says.StartsWith("History is needed"));
        // Alone it is only known alone.
        actions.Single(a => a != joint).Risk.Says.ShouldStartWith("It was left out on its own");
        new Fabricated()
            .With(Row("idle", "retire_auc", "together", 0.002, 0.001))
            .With(Row("price", "retire_auc", "together", 0.002, 0.001))
            .Actions()
            .ShouldBeEmpty();
    }

    [Fact]
    public void What_refits_left_undecided_is_a_question_to_more_of_them()
    {
        var question = new Fabricated()
            .With(Row("price", "retire_auc", "besides", 0.0025, 0.001))
            .With(Row("history", "retire_auc", "besides", 0.004, 0.001))
            .Actions()
            .Single();
        (question.Kind, question.Decides).ShouldBe((ActionKind.CollectEvidence, ActionKind.RetireFeature));
        question.Target.Features.ShouldBe(["price"]);
        question.Missing[0].ShouldContain("more seeds");
    }

    [Fact]
    public void A_cross_that_residuals_hint_at_is_a_question_to_refits()
    {
        var hint = Row("recency*price", "missing_cross_logloss", "score-test", 0.004, double.NaN) with
        {
            PAdjusted = 0.001,
        };
        var question = new Fabricated().With(hint).Actions().Single();
        (question.Kind, question.Decides).ShouldBe((ActionKind.CollectEvidence, ActionKind.AddCross));
        question.Missing[0].ShouldContain("crosses: {try: [recency*price]}");
        // Once tried, the trial speaks.
        new Fabricated()
            .With(hint)
            .With(Row("recency*price", "cross_auc", "table", 0.012, 0.004))
            .With(Row("recency*price", "cross_auc", "refit", 0.015, 0.005))
            .Actions()
            .Single()
            .Evidence[0]
            .Id.ShouldContain("/refit/");
    }

    [Fact]
    public void What_is_merely_unimportant_is_a_question_to_refits()
    {
        var made = new Fabricated()
            .With(Row("idle", "conditional_permutation_auc", Conditional, 0.0001, 0.0005))
            .WithGoodDraws("idle")
            .Matters("price");
        var question = made.Actions().Only(ActionKind.CollectEvidence);
        question.Decides.ShouldBe(ActionKind.RetireFeature);
        question.Target.Features.ShouldBe(["idle"]);
        question.Grade.ShouldBe(Grade.B);
        question.Missing[0].ShouldContain("refit without them");
        question.Experiment.ShouldBeNull();
    }

    [Theory]
    [InlineData(0.8, ActionKind.EnrichFeature)]
    [InlineData(0.2, ActionKind.CollectSignal)]
    public void Missing_values_of_what_matters_are_repaired_or_collected(double coverage, ActionKind kind)
    {
        var made = new Fabricated()
            .Matters("recency")
            .With(Row("recency", "coverage", "data", coverage, double.NaN))
            .With(Row("recency", "opportunity_auc", "permutation", 0.012, 0.004));
        var action = made.Actions().Only(kind);
        action.Grade.ShouldBe(Grade.B);
        action.Effect!.Basis.ShouldBe(EffectBasis.AtMost);
        (action.Effect.Low!.Value, action.Effect.High!.Value).ShouldBe((0.008, 0.016));
        // Paired units: 400 · (2.8016 · .002 / .012)² = 87.2
        action.Experiment!.Offline!.UnitsNeeded.ShouldBe(88);
    }

    [Fact]
    public void Opportunity_alone_is_a_fixed_model_s_word()
    {
        var made = new Fabricated()
            .With(Row("recency", "coverage", "data", 0.7, double.NaN))
            .With(Row("recency", "opportunity_auc", "permutation", 0.012, 0.004));
        var question = made.Actions().Only(ActionKind.CollectEvidence);
        question.Decides.ShouldBe(ActionKind.EnrichFeature);
        question.Grade.ShouldBe(Grade.C);
    }

    [Fact]
    public void Different_leaders_call_for_a_part_of_their_own()
    {
        Estimate Lead(string feature, string segment) =>
            Fabricated.Row(feature, "lead_permutation_auc", "permutation", 0.02, 0.008, "region", segment);
        Estimate Contrast(string feature, string segment) =>
            Fabricated.Row(feature, "contrast_permutation_auc", Conditional, 0.02, 0.008, "region", segment);
        var made = new Fabricated()
            .With(Lead("recency", "north"))
            .With(Lead("popularity", "south"))
            .With(Contrast("recency", "north"))
            .With(Contrast("popularity", "south"))
            .WithGoodDraws("recency", "popularity");
        var split = made.Actions().Only(ActionKind.SplitModelOrSegmentPart);
        split.Id.ShouldBe("split_model_or_segment_part/region");
        split.Grade.ShouldBe(Grade.B);
        split.Target.Segments.ShouldBe(["north", "south"]);
        split.Evidence[0].Id.ShouldBe("*/lead_permutation_auc/permutation/region=*");
        split.Effect!.Basis.ShouldBe(EffectBasis.SizeOnly);
        split.Value.ShouldBeNull();
        split.Experiment!.Population.ShouldBe("shoppers where region is north or south");
    }

    [Fact]
    public void A_cross_that_gained_is_added()
    {
        var made = new Fabricated().With(Row("recency*price", "cross_auc", "refit", 0.015, 0.005));
        var cross = made.Actions().Only(ActionKind.AddCross);
        cross.Target.Features.ShouldBe(["recency", "price"]);
        cross.Effect!.Value.ShouldBe(0.015);
        new Fabricated().With(Row("recency*price", "cross_auc", "refit", 0, 0.001)).Actions().ShouldBeEmpty();
    }

    [Fact]
    public void Drift_and_hurt_and_sensitive_and_proxies_have_their_actions()
    {
        var retrain = new Fabricated()
            .With(Row("price", "parity_psi", "train-serve", 0.4, 0.1))
            .Actions()
            .Only(ActionKind.Retrain);
        retrain.Target.Features.ShouldBe(["price"]);
        // The error of a stability index says nothing about differences of AUC.
        retrain.Experiment!.Offline!.UnitsNeeded.ShouldBeNull();
        new Fabricated()
            .With(Row("price", "conditional_permutation_auc", Conditional, -0.02, 0.006))
            .WithGoodDraws("price")
            .Actions()
            .Only(ActionKind.ChangeRepresentation)
            .Effect!.Value.ShouldBe(0.02);
        var sensitive = new Fabricated
        {
            Declared = s => s with { Governance = new Governance { Sensitive = ["price", "idle"] } },
        }
            .Matters("price")
            .Actions()
            .Only(ActionKind.ReviewSensitiveReliance);
        sensitive.Target.Features.ShouldBe(["price"]);
        sensitive.Tier.ShouldBe(ActionTier.Safeguard);
        var entry = new FeatureEntry
        {
            Name = "a",
            Kind = FeatureKind.Numeric,
            Input = "a",
            Source = "a",
        };
        new Governance { Sensitive = ["b"] }
            .SensitiveOf([entry with { IsSensitive = true }, entry with { Name = "b" }, entry with { Name = "c" }])
            .Select(f => f.Name)
            .ShouldBe(["a", "b"]);
        var proxy = new Fabricated()
            .With(Row("price", "adjusted_permutation_auc", "stratified:popularity", 0.005, 0.004))
            .With(Row("price", "moved_permutation_auc", "stratified:popularity", 0.03, 0.01))
            .Actions()
            .Single(a => (a.Decides ?? a.Kind) == ActionKind.InvestigateLeakOrProxy);
        proxy.Target.Features.ShouldBe(["price"]);
    }

    [Fact]
    public void What_is_missing_or_unseen_more_than_in_training_is_repaired_and_the_rest_refitted()
    {
        var actions = new Fabricated()
            .With(Row("price", "parity_psi", "train-serve", 0.4, 0.1))
            .With(Row("price", "parity_missing", "train-serve", 0.2, 0.02))
            .With(Row("idle", "parity_psi", "train-serve", 0.6, 0.1))
            .With(Row("idle", "parity_unseen", "train-serve", 0.3, 0.02))
            .With(Row("recency", "parity_psi", "train-serve", 0.3, 0.1))
            .With(Row("recency", "parity_unseen", "train-serve", 0.04, 0.02))
            .With(Row("popularity", "parity_psi", "train-serve", 0.5, 0.1))
            .With(Row("popularity", "parity_missing", "train-serve", -0.2, 0.02))
            .Actions();
        actions
            .Where(a => a.Kind == ActionKind.EnrichFeature)
            .Select(a => a.Id)
            .ShouldBe(["enrich_feature/idle/pipeline", "enrich_feature/price/pipeline"], ignoreOrder: true);
        var retrain = actions.Only(ActionKind.Retrain);
        retrain.Target.Features.ShouldBe(["popularity", "recency"]);
        retrain.Grade.ShouldBe(Grade.B);
        actions.Count.ShouldBe(3);
    }

    [Fact]
    public void A_feature_that_carries_nearly_all_is_looked_at()
    {
        // The model leads guessing by .2.
        var leak = new Fabricated().Matters("price", 0.3).Actions().Only(ActionKind.InvestigateLeakOrProxy);
        leak.Id.ShouldBe("investigate_leak_or_proxy/price/leak");
        leak.Rank.ShouldBe(1);
    }

    [Fact]
    public void A_blind_segment_and_a_blind_objective_are_seen()
    {
        var blind = new Fabricated()
            .With(Fabricated.Row("", "auc", "model", 0.51, 0.02, "region", "south"))
            .With(Row("", "gauc", "model", 0.52, 0.01));
        var actions = blind.Actions();
        actions.Only(ActionKind.CollectSignal).Target.Segments.ShouldBe(["south"]);
        actions.Only(ActionKind.ReconsiderObjective).Effect!.Value.ShouldBe(0.18, 1e-12);
    }

    [Fact]
    public void A_history_is_read_by_age_of_event()
    {
        var made = new Fabricated().Matters("history");
        for (var i = 0; i < 5; i++)
            // Oldest first: the last place is the newest event.
            made.With(Row($"history[{i}]", "permutation_auc", "permutation", i == 4 ? 0.02 : 0.001, 0.0005));
        made.Actions().Only(ActionKind.AddHistoryModule).Id.ShouldBe("add_history_module/history/short-term");
    }

    [Fact]
    public void A_model_that_learnt_nothing_has_one_thing_to_mend()
    {
        var made = new Fabricated { LearntNothing = true }
            .Matters("price", 0.3)
            .With(Row("idle", "loco_auc", "retrain", 0.0003, 0.001));
        var only = made.Actions().Single();
        (only.Kind, only.Decides, only.Grade).ShouldBe(
            (ActionKind.CollectEvidence, ActionKind.MendDataOrSampling, Grade.D)
        );
    }

    [Fact]
    public void Below_B_nothing_but_evidence()
    {
        var made = new Fabricated { HasHoldout = false }
            .Matters("price", 0.3)
            .With(Row("idle", "loco_auc", "retrain", 0.0003, 0.001))
            .With(Row("recency*price", "cross_auc", "refit", 0.015, 0.005));
        var actions = made.Actions();
        actions.Count.ShouldBeGreaterThanOrEqualTo(3);
        actions.ShouldAllBe(a => a.Kind == ActionKind.CollectEvidence && a.Missing.Count > 0 && a.Experiment == null);
    }
}
