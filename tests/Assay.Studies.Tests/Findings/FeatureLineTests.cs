using static Assay.Studies.Tests.Fabricated;

namespace Assay.Studies.Tests;

/// <summary>One feature's line of the first screen: everything found about it is said, the strongest claim never alone.</summary>
public sealed class FeatureLineTests
{
    private const string Given = "conditional-permutation";

    private static FeatureLine Line(params Estimate[] estimates)
    {
        var made = new Fabricated().WithGoodDraws("recency");
        foreach (var e in estimates)
            made.With(e);
        return new FeatureLine("recency", made.Findings(), lead: 0.2);
    }

    private static Estimate Leans(double value) => Row("recency", "permutation_auc", "permutation", value, 0.001);

    private static Estimate Adds(double value) => Row("recency", "conditional_permutation_auc", Given, value, 0.001);

    private static Estimate Lost(double value) => Row("recency", "loco_auc", "retrain", value, 0.001);

    [Fact]
    public void A_better_graded_nothing_does_not_hide_that_the_model_leans_on_it()
    {
        var line = Line(Leans(0.02), Adds(0));
        line.Best!.Grade.ShouldBe(Grade.B);
        (line.Matters, line.Replaceable, line.Negligible).ShouldBe((true, true, false));
        line.Effect.ShouldBe("the model leans on it for 10 % (9.5 to 11); other features can take its place");
        line.Sure.ShouldBe("C that it leans on it, B that others can replace it");
        line.ToDo.ShouldBe("Train it anew without; if nothing is lost, retire it");
    }

    [Fact]
    public void What_it_alone_gives_decides_the_grade()
    {
        var line = Line(Leans(0.02), Adds(0.01));
        (line.Grade, line.Replaceable).ShouldBe((Grade.B, false));
        line.Effect.ShouldContain("what no other feature could give: 5.0 % (4.5 to 5.5)");
        line.ToDo.ShouldBe("Guard its data quality; test an improvement");
        Line(Leans(0.02)).ToDo.ShouldBe("Find out more first");
    }

    [Fact]
    public void Refits_have_the_last_word()
    {
        Line(Leans(0.02), Adds(0), Lost(0)).ToDo.ShouldBe("Retire it, watched by an experiment");
        Line(Leans(0.02), Adds(0.01), Lost(0.01))
            .Effect.ShouldEndWith("trained anew without it the model is worse by 5.0 % (4.5 to 5.5)");
        Line(Leans(0), Adds(0), Lost(0)).Negligible.ShouldBeTrue();
    }

    [Fact]
    public void For_whom_comes_from_segment_differences()
    {
        var names = new FeatureNames(new Dictionary<string, string>(), "shoppers");
        Line(Leans(0.02)).ForWhom(names, []).ShouldBe("400 shoppers, on average");
        Line(Leans(0.02))
            .ForWhom(names, ["region", "age_band"])
            .ShouldBe("all shoppers; no difference shown by region or age band");
        Estimate In(string segment, double value) =>
            Row("recency", "contrast_permutation_auc", Given, value, 0.01, "region", segment);
        Line(Leans(0.02), In("north", 0.05), In("south", -0.04))
            .ForWhom(names, ["region"])
            .ShouldBe("more for region north, less for region south (B)");
        // Each difference has its own grade.
        var crude = Row("recency", "contrast_permutation_auc", "permutation", 0.06, 0.01, "age_band", "old");
        Line(Leans(0.02), In("north", 0.05), crude)
            .ForWhom(names, ["region"])
            .ShouldBe("more for region north (B); more for age band old (C)");
    }
}
