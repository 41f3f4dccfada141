using System.Text.Json;
using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Expectations about a world whose truth is known: see <see cref="RegionWorld"/>.</summary>
public sealed class HypothesisTests(HypothesisTests.Expected expected) : IClassFixture<HypothesisTests.Expected>
{
    private const string Yaml = """
        schema: 1
        hypotheses:
          - {feature: recency, claim: matters more, segment: {region: north}, author: Ada, reason: the north buys fresh}
          - {feature: popularity, claim: matters_more, segment: {region: north}, author: Bo, reason: the north follows the crowd}
          - {feature: badge, claim: does_not_matter}
          - {feature: frequency, claim: matters, author: Ada}
          - {feature: recency, claim: stronger_than, than: price}
          - {feature: recency, claim: stronger_than, than: popularity, by: permutation}
          - {feature: price, claim: positive}
          - {feature: price, claim: negative}
          - {feature: popularity, claim: stronger_than, than: recency, segment: {region: south}}
          - {feature: recency, claim: matters, segment: {region: nrth}}
          - {feature: region, claim: positive}
        """;

    private ScoredHypothesis[] Scored => expected.Scores;

    [Fact]
    public void Each_is_scored_as_the_truth_has_it()
    {
        HypothesisVerdict[] verdicts = [.. Scored.Select(s => s.Verdict)];
        verdicts.ShouldBe([
            HypothesisVerdict.Supported,
            HypothesisVerdict.Contradicted,
            HypothesisVerdict.Supported,
            HypothesisVerdict.Contradicted,
            HypothesisVerdict.Supported,
            HypothesisVerdict.Undecided,
            HypothesisVerdict.Supported,
            HypothesisVerdict.Contradicted,
            HypothesisVerdict.Supported,
            HypothesisVerdict.Undecided,
            HypothesisVerdict.Undecided,
        ]);
        Scored[0].Grade.ShouldBe(Grade.B);
        Scored[0].Evidence!.Method.ShouldBe("conditional-permutation");
        Scored[9].Because.ShouldBe("No row has region = 'nrth'. Did you mean 'north'?");
    }

    [Fact]
    public void The_direction_is_the_slope_of_the_attribution_over_the_rank()
    {
        // 0.3 x, of which the region's weight gets one half and the price the other: the slope of 0.15 x over the rank of a standard
        // normal x is 0.15 · 12 · cov(x, Φ(x)) = 0.15 · 12 / (2 √π).
        var slope = Scored[6].Evidence!;
        slope.Value.ShouldBe(0.15 * 6 / Math.Sqrt(Math.PI), 0.02);
        slope.Low.ShouldBeLessThan(slope.Value);
        expected.Result.Estimates.ShouldContain(e => e.Estimand == "attribution_slope" && e.Split == "holdout");
    }

    [Fact]
    public void The_report_and_the_file_say_so_and_list_what_to_investigate()
    {
        var report = expected.Result.Report;
        report.ShouldContain("## What was expected");
        report.ShouldContain("### To investigate");
        report.ShouldContain("- Expected that Popularity matters more where region is north than elsewhere (Bo).");
        report.ShouldContain("**Otherwise than expected**");
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(expected.Result.Folder, HypothesesStep.FileName))
        );
        var first = json.RootElement.GetProperty("hypotheses")[0];
        first.GetProperty("verdict").GetString().ShouldBe("supported");
        first.GetProperty("grade").GetString().ShouldBe("B");
        first.GetProperty("hypothesis").GetProperty("author").GetString().ShouldBe("Ada");
    }

    [Theory]
    [InlineData(
        "{feature: recencyy, claim: matters}",
        "the dictionary has no feature 'recencyy'. Did you mean 'recency'?"
    )]
    [InlineData("{feature: recency, claim: mattters}", "'mattters' is no claim. Did you mean 'matters'?")]
    [InlineData("{feature: recency, claim: matters_more}", "'matters_more' needs a segment")]
    [InlineData("{feature: recency, claim: stronger_than}", "'than: FEATURE' goes with claim 'stronger_than'")]
    [InlineData(
        "{feature: recency, claim: matters, segment: {regin: north}}",
        "the study has no segments 'regin'. Did you mean 'region'?"
    )]
    [InlineData("{feature: recency, claim: matters, autor: Ada}", "unknown key 'autor'. Did you mean 'author'?")]
    public void What_cannot_be_scored_is_refused_before_anything_runs(string entry, string message)
    {
        expected.World.Folder.File("wrong.yaml", $"hypotheses:\n  - {entry}\n");
        var error = Should.Throw<AssayException>(() => expected.World.Run("bad", "hypotheses: wrong.yaml"));
        error.Message.ShouldContain(message);
        error.Message.ShouldContain("line 2");
    }

    /// <summary>The study run once.</summary>
    public sealed class Expected : IDisposable
    {
        public Expected()
        {
            World.Folder.File("hypotheses.yaml", Yaml);
            Result = World.Run(added: "hypotheses: hypotheses.yaml");
            Scores =
            [
                .. JsonSerializer
                    .Deserialize<HypothesisScores>(
                        File.ReadAllText(Path.Combine(Result.Folder, HypothesesStep.FileName)),
                        FindingsFile.Options
                    )!
                    .Hypotheses,
            ];
        }

        internal RegionWorld World { get; } = new();
        internal StudyResult Result { get; }
        internal ScoredHypothesis[] Scores { get; }

        public void Dispose() => World.Dispose();
    }
}
