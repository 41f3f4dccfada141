namespace Assay.Studies.Tests;

/// <summary>Declared confounders in a world with position bias, where what is true with the place held is known.</summary>
public sealed class ConfounderTests
{
    private const string All = "{place: {column: place, by: [condition, stratify, weight]}}";

    private static Estimate Find(StudyResult result, string estimand, string method, string feature) =>
        result.Estimates.Single(e =>
            (e.Estimand, e.Method, e.Feature, e.Split, e.Dimension) == (estimand, method, feature, "explain", "overall")
        );

    private static Estimate Adjusted(StudyResult result, string way, string feature) =>
        Find(result, "adjusted_permutation_auc", way + ":place", feature);

    [Fact]
    public void Weights_make_codes_independent()
    {
        // By hand: n = 8, n(a) = 4, 4, n(b) = 5, 3, cells 4, 0, 1, 3: weights 4·5/(8·4), 4·5/(8·1), 4·3/(8·3); none is 0, 1.
        int[] a = [0, 0, 0, 0, 1, 1, 1, 1];
        int[] b = [0, 0, 0, 0, 0, 1, 1, 1];
        var weights = Weighting.Independent(a, b, 20);
        double[] raw = [0.625, 0.625, 0.625, 0.625, 2.5, 0.5, 0.5, 0.5];
        var mean = raw.Average();
        weights.ShouldBe(Array.ConvertAll(raw, w => w / mean), 1e-12);
        Weighting.Independent(a, b, 2)[4].ShouldBe(2);
        // All cells filled: n = 6, cells 2, 1, 1, 2: the weighted cells are 1.5 each, so independent.
        weights = Weighting.Independent([0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 1, 1], 20);
        weights.ShouldBe([0.75, 0.75, 1.5, 1.5, 0.75, 0.75], 1e-12);
        // Kish: (Σ w)² / Σ w² = 36 / (4 · 0.5625 + 2 · 2.25).
        Weighting.EffectiveSize(weights).ShouldBe(36 / 6.75, 1e-12);
        Weighting.Inverse([1, 0.5, 0.25, 0.25], 20).ShouldBe([4 / 11.0, 8 / 11.0, 16 / 11.0, 16 / 11.0], 1e-12);
    }

    [Fact]
    public void Association_is_that_of_the_paper()
    {
        int[] two = [.. Enumerable.Range(0, 100).Select(i => i % 2)];
        Association.CramersV(two, two).ShouldBe(1, 1e-9);
        int[] other = [.. Enumerable.Range(0, 100).Select(i => i / 2 % 2)];
        Association.CramersV(two, other).ShouldBe(0, 1e-9);
        // Bergsma 2013, by hand: cells 40, 10, 10, 40: φ² = .36, less 1/99; both numbers of levels 2 − 1/99.
        int[] x = [.. Enumerable.Range(0, 100).Select(i => i < 50 ? 0 : 1)];
        int[] y = [.. Enumerable.Range(0, 100).Select(i => i < 40 || (i >= 50 && i < 60) ? 0 : 1)];
        Association.CramersV(x, y).ShouldBe(Math.Sqrt((0.36 - 1 / 99.0) / (1 - 1 / 99.0)), 1e-12);
    }

    [Fact]
    public void Holding_the_place_covers_that_the_hint_does_nothing_and_the_crude_does_not()
    {
        const int worlds = 24;
        string[] ways = ["conditioned", "stratified", "weighted"];
        var (covered, crude) = (new int[ways.Length], 0);
        for (var w = 0; w < worlds; w++)
        {
            using var world = new BiasedWorld((ulong)w, users: 100);
            var result = world.Run("run", All);
            crude += Find(result, "permutation_auc", "permutation", "hint") is { Low: > 0 } ? 1 : 0;
            for (var k = 0; k < ways.Length; k++)
                covered[k] += Adjusted(result, ways[k], "hint") is { Low: <= 0, High: >= 0 } ? 1 : 0;
        }
        crude.ShouldBe(worlds);
        // 95 % of 24; fewer than 19 has a chance of 0.1 %.
        for (var k = 0; k < 2; k++)
            covered[k].ShouldBeGreaterThan(18, ways[k]);
        covered[2].ShouldBeGreaterThan(15, ways[2]);
    }

    [Fact]
    public void What_the_place_does_is_told_from_what_the_hint_does()
    {
        using var world = new BiasedWorld(1);
        var result = world.Run("run", All, holdout: true);
        foreach (var way in (string[])["conditioned", "stratified", "weighted"])
        {
            var moved = Find(result, "moved_permutation_auc", way + ":place", "hint");
            moved.Low.ShouldBeGreaterThan(0.01, way);
            moved.Replicated.ShouldBe("yes");
            (moved.Value + Adjusted(result, way, "hint").Value).ShouldBe(
                Find(result, "permutation_auc", "permutation", "hint").Value,
                1e-6
            );
            // Taste has nothing to do with the place.
            Adjusted(result, way, "taste").Low.ShouldBeGreaterThan(0.08, way);
        }
        Find(result, "association", "with:place", "hint").Value.ShouldBeGreaterThan(0.2);
        Find(result, "association", "with:place", "taste").Value.ShouldBeLessThan(0.1);
        result.Report.ShouldContain("Most of what hint does goes away where place is held.");
        result
            .Findings.Where(f => f.Feature == "hint" && f.Kind != FindingKind.Proxy)
            .ShouldAllBe(f => f.Grade >= Grade.C && f.AlternativeExplanations.Any(a => a.Contains("with place held")));
        result.Findings.ShouldContain(f => f.Kind == FindingKind.Proxy && f.Feature == "hint");
        result.Findings.ShouldNotContain(f => f.Kind == FindingKind.Proxy && f.Feature == "taste");
        File.ReadAllText(Path.Combine(world.Folder["run"], "run.json")).ShouldContain("effective_rows");
    }

    [Fact]
    public void The_right_propensity_recovers_what_all_rows_would_have_shown()
    {
        using var world = new BiasedWorld(5, users: 1500);
        var truth = Find(world.Run("all", ""), "permutation_auc", "permutation", "taste");
        var logged = world.Run("logged", "{place: {column: place, by: [weight], propensity: logged}}", selected: true);
        var naive = Find(logged, "permutation_auc", "permutation", "taste");
        var weighted = Adjusted(logged, "weighted", "taste");
        // The log underrates taste by more than its interval; weighted it is right.
        naive.High.ShouldBeLessThan(truth.Low);
        weighted.Low.ShouldBeLessThan(truth.Value);
        weighted.High.ShouldBeGreaterThan(truth.Value);
    }

    [Theory]
    [InlineData("{place: {column: place, by: [hold]}}", "'hold' is none of condition, stratify, weight")]
    [InlineData("{place: {feature: tast}}", "'tast'")]
    [InlineData("{place: {bins: 3}}", "give one of feature and column")]
    [InlineData("{place: {column: plaze}}", "plaze")]
    public void Mistakes_are_named(string confounders, string message)
    {
        using var world = new BiasedWorld(1, users: 20);
        Should.Throw<Onnx.AssayException>(() => world.Run("run", confounders)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_copy_is_a_proxy_of_what_it_copies()
    {
        using var world = new GaussWorld();
        var result = world.Run("[permutation, {id: conditional-permutation, groups: [twins]}]");
        result.Report.ShouldContain("twin seems to stand in for copy");
        result.Report.ShouldNotContain("alone seems to stand in");
        var moved = Find(result, "moved_permutation_auc", "proxy:copy", "twin");
        moved.Low.ShouldBeGreaterThan(0.02);
        Math.Abs(Find(result, "adjusted_permutation_auc", "proxy:copy", "twin").Value).ShouldBeLessThan(0.002);
        result.Findings.ShouldContain(f => f.Kind == FindingKind.Proxy && f.Feature == "twin");
    }
}
