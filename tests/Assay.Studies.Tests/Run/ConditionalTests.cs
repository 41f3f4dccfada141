using Assay.Statistics;

namespace Assay.Studies.Tests;

/// <summary>Conditional permutation against closed forms of a world whose conditional distributions are known.</summary>
public sealed class ConditionalTests(ConditionalTests.Shared shared) : IClassFixture<ConditionalTests.Shared>
{
    /// <summary>One run by fitted models, with plain permutation beside it.</summary>
    public sealed class Shared : IDisposable
    {
        public Shared() =>
            Result = World.Run("[{id: permutation}, {id: conditional-permutation, groups: [pair, twins]}]");

        internal GaussWorld World { get; } = new();

        public StudyResult Result { get; }

        public void Dispose() => World.Dispose();
    }

    private GaussWorld World => shared.World;

    private static Estimate Find(StudyResult r, string estimand, string feature) =>
        r.Estimates.Single(e => (e.Estimand, e.Feature, e.Segment) == (estimand, feature, "all"));

    // For a linear model the squared change is 2 β² Var(x | others): draw and value are independent given the others.
    [Theory]
    [InlineData("a", 2 * 0.36, 2.0)]
    [InlineData("b", 2 * 0.25 * 0.36, 2 * 0.25)]
    [InlineData("twin", 0.0, 2.0)]
    [InlineData("copy", 0.0, 2 * 0.25)]
    [InlineData("home", 2 * 0.64 * 0.64, 2 * 0.64)]
    [InlineData("work", 2 * 0.25 * 0.64, 2 * 0.25)]
    public void Numbers_are_drawn_with_their_conditional_variance(string feature, double conditional, double marginal)
    {
        // 6,000 rows, but 600 users where users differ: the mean of 600 squares has a relative error of about 8 %.
        var tolerance = feature is "home" or "work" ? 0.2 : 0.06;
        World.Moved("run", $"{feature}#0").ShouldBe(marginal, tolerance * marginal);
        World.Moved("run", $"conditional:{feature}#0").ShouldBe(conditional, tolerance * marginal);
    }

    [Fact]
    public void Ids_are_drawn_with_their_conditional_probabilities()
    {
        // E of 2 Var(w | alone), alone standard normal, by the trapezoid rule.
        var expected = 0.0;
        for (var z = -6.0; z <= 6; z += 0.01)
        {
            var p = GaussWorld.KindGiven(z);
            var mean = p.Select((v, k) => v * GaussWorld.Kind[k + 1]).Sum();
            var square = p.Select((v, k) => v * GaussWorld.Kind[k + 1] * GaussWorld.Kind[k + 1]).Sum();
            expected += 2 * (square - mean * mean) * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * 0.01;
        }
        World.Moved("run", "conditional:kind#0").ShouldBe(expected, 0.08 * expected);
        World.Moved("run", "kind#0").ShouldBeGreaterThan(1.5 * expected);
        // The maker follows from the brand, through means of its codes over brands.
        World.Moved("run", "conditional:maker#0").ShouldBeLessThan(0.1 * World.Moved("run", "maker#0"));
    }

    [Fact]
    public void A_duplicate_adds_nothing_given_the_other_and_both_together_do()
    {
        var result = shared.Result;
        Find(result, "permutation_auc", "twin").Low.ShouldBeGreaterThan(0.03);
        Math.Abs(Find(result, "conditional_permutation_auc", "twin").Value).ShouldBeLessThan(0.002);
        Find(result, "conditional_permutation_auc", "twins").Low.ShouldBeGreaterThan(0.05);
        var a = Find(result, "conditional_permutation_auc", "a");
        a.Low.ShouldBeGreaterThan(0);
        a.Value.ShouldBeLessThan(Find(result, "permutation_auc", "a").Value);
        a.Rank.ShouldNotBeNull();
        result.Report.ShouldContain("AUC of real against drawn");
    }

    [Fact]
    public void The_quality_of_the_conditional_models_stands_beside_their_estimates()
    {
        var result = shared.Result;
        double Value(string estimand, string feature) => Find(result, estimand, feature).Value;
        // R² is the squared correlation; nothing else predicts any of them.
        Value("conditional_fit", "a").ShouldBe(0.64, 0.03);
        Value("conditional_fit", "work").ShouldBe(0.36, 0.08);
        Value("conditional_fit", "twin").ShouldBe(1, 1e-3);
        Value("conditional_fit", "maker").ShouldBeGreaterThan(0.9);
        Value("conditional_fit", "kind").ShouldBeInRange(0.2, 0.6);
        Math.Abs(Value("conditional_fit", "brand")).ShouldBeLessThan(1);
        foreach (var feature in (string[])["a", "b", "kind", "home", "alone", "maker"])
            Value("conditional_check_auc", feature).ShouldBeInRange(0.46, 0.54, feature);
        Value("conditional_moved", "a").ShouldBeGreaterThan(0.95);
        Find(result, "conditional_fit", "a").Rank.ShouldBeNull();
        Find(result, "conditional_fit", "a").Replicated.ShouldBeEmpty();
    }

    [Fact]
    public void Strata_that_miss_the_dependence_are_found_out_by_the_check()
    {
        // Within halves of a column of the data: given the sign of a, Var(a) is 1 − 2/π.
        var result = World.Run("[{id: conditional-permutation, strata: [region]}]", "strata");
        World.Moved("strata", "conditional:a#0").ShouldBe(2 * (1 - 2 / Math.PI), 0.05);
        World.Moved("strata", "conditional:twin#0").ShouldBe(2, 0.15);
        Find(result, "conditional_fit", "a").Value.ShouldBe(2 / Math.PI, 0.03);
        Find(result, "conditional_check_auc", "twin").Value.ShouldBeGreaterThan(0.8);
        Find(result, "conditional_check_auc", "alone").Value.ShouldBeGreaterThan(0.6);
        // What varies within a user cannot be a stratum of what does not.
        World.Moved("strata", "conditional:home#0").ShouldBe(2 * 0.64, 0.2);
        var run = File.ReadAllText(Path.Combine(World.Folder["strata"], "run.json"));
        run.ShouldContain("\"region\"");
        result.Estimates.ShouldAllBe(e => e.Dimension == "overall");
    }

    [Fact]
    public void Neighbours_come_near_the_conditional_variance()
    {
        var result = World.Run(
            "[{id: conditional-permutation, by: neighbours, given: [b, twin, copy, alone]}]",
            "near"
        );
        // Neighbours are at a distance, so some of what b says is lost; here less than a tenth.
        World.Moved("near", "conditional:a#0").ShouldBe(2 * 0.36, 0.12);
        World.Moved("near", "conditional:twin#0").ShouldBeLessThan(0.02);
        Find(result, "conditional_fit", "a").Value.ShouldBeInRange(0.5, 0.68);
        // Not given the home, the work is drawn from all.
        World.Moved("near", "conditional:work#0").ShouldBe(2 * 0.25, 0.1);
    }

    [Theory]
    [InlineData("{id: conditional-permutation, repeats: 2, groups: [pair]}")]
    [InlineData("{id: conditional-permutation, by: neighbours}")]
    [InlineData("{id: conditional-permutation, strata: [maker, region, b], bins: 4}")]
    public void Bytes_do_not_depend_on_threads_workers_or_restarts(string method)
    {
        byte[] Bytes(string name, RunOptions options)
        {
            World.Run($"[{method}]", name, options);
            return File.ReadAllBytes(Path.Combine(World.Folder[name], "estimates.parquet"));
        }
        var own = $"{(uint)StableHash.Of(method)}";
        var one = Bytes("a" + own, new RunOptions { Threads = 1 });
        Bytes("b" + own, new RunOptions { Threads = 2, Workers = 3 }).ShouldBe(one);
        File.Delete(Directory.GetFiles(Path.Combine(World.Folder["b" + own], "scores")).Order().First());
        Bytes("b" + own, new RunOptions { Threads = 2 }).ShouldBe(one);
    }

    [Fact]
    public void Unknown_names_are_refused()
    {
        Should
            .Throw<Onnx.AssayException>(() => World.Run("[{id: conditional-permutation, given: [hom]}]", "no"))
            .Message.ShouldContain("'hom', which is no feature of the dictionary");
        Should
            .Throw<Onnx.AssayException>(() => World.Run("[{id: conditional-permutation, strata: [regio]}]", "no"))
            .Message.ShouldContain("regio");
    }
}
