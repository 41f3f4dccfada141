using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Policies on the tiny world: country and product drive it, idle does nothing.</summary>
public sealed class PolicyTests : IDisposable
{
    private readonly TinyWorld world = new();
    private readonly string run;

    public PolicyTests()
    {
        run = world.Folder["run"];
        StudyRunner.Run(world.Study, run);
    }

    public void Dispose() => world.Dispose();

    private IReadOnlyList<PolicyVerdict> Check(string rules) => Load(rules).Check(run);

    private Policy Load(string rules) => Policy.Load(world.Folder.File("policy.yaml", "rules:\n" + rules));

    private static IEnumerable<PolicyOutcome> Outcomes(IEnumerable<PolicyVerdict> verdicts) =>
        verdicts.Select(v => v.Outcome);

    [Fact]
    public void What_the_world_was_made_of_holds()
    {
        var verdicts = Check(
            """
              - {rule: must-matter, features: [country, product], reason: the point of the model}
              - {rule: must-not-matter, features: [idle], margin: 0.001}
              - {rule: rank-at-most, features: [country, product], rank: 2}
              - {rule: share-at-most, features: [idle], share: 0.01}
              - {rule: quality-at-least, value: 0.6}
              - {rule: beats-floors}
              - {rule: agreement-at-least, between: [mean_abs_attribution/integrated-gradients, permutation_auc/permutation], value: 0.5}
              - {rule: must-not-grow, features: [idle, country], against: run, by: 0}
              - {rule: stability-at-least, against: run, value: 1}
            """
        );
        verdicts.ShouldAllBe(v => v.Outcome == PolicyOutcome.Holds);
        verdicts.Count.ShouldBeGreaterThan(12);
        verdicts[0].Reason.ShouldBe("the point of the model");
    }

    [Fact]
    public void What_it_was_not_made_of_is_broken()
    {
        Outcomes(
                Check(
                    """
                      - {rule: must-matter, features: [idle]}
                      - {rule: must-not-matter, features: [product], margin: 0.001}
                      - {rule: rank-at-most, features: [idle], rank: 2}
                      - {rule: share-at-most, features: [product], share: 0.01}
                      - {rule: quality-at-least, value: 0.99}
                    """
                )
            )
            .ShouldAllBe(o => o == PolicyOutcome.Broken);
    }

    [Fact]
    public void A_limit_inside_the_interval_is_undecided_and_fails_unless_allowed()
    {
        var value = EstimatesFile
            .ReadRun(run)
            .Single(e =>
                e is { Split: "explain", Dimension: "overall", Feature: "product", Estimand: "permutation_auc" }
            )
            .Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var policy = Load($"  - {{rule: must-matter, features: product, margin: {value}}}");
        var verdict = policy.Check(run).ShouldHaveSingleItem();
        verdict.Outcome.ShouldBe(PolicyOutcome.Undecided);
        policy.Fails(verdict).ShouldBeTrue();
        var lenient = Policy.Load(
            world.Folder.File(
                "lenient.yaml",
                $"undecided: pass\nrules:\n  - {{rule: must-matter, features: product, margin: {value}}}"
            )
        );
        lenient.Fails(verdict).ShouldBeFalse();
    }

    [Fact]
    public void A_feature_that_grew_against_another_run_is_broken()
    {
        // The other world's labels are shuffled and its model the same: attributions stay, so permutation losses tell.
        using var other = new TinyWorld(seed: 1, shuffled: true);
        var before = world.Folder["before"];
        StudyRunner.Run(other.Study, before);
        var verdicts = Check(
            "  - {rule: must-not-grow, features: [product, idle], estimand: permutation_auc, against: before, by: 0.01}"
        );
        Outcomes(verdicts).ShouldBe([PolicyOutcome.Broken, PolicyOutcome.Holds]);
    }

    [Fact]
    public void The_estimates_read_back_are_those_written()
    {
        var read = EstimatesFile.ReadRun(run);
        var made = StudyRunner.Run(world.Study, run).Estimates;
        read.ShouldBe(made);
    }

    [Theory]
    [InlineData("  - {rule: must-mater, features: [idle]}", "must-matter")]
    [InlineData("  - {rule: must-matter, features: [idle], margn: 1}", "margin")]
    [InlineData("  - {rule: must-not-matter, features: [idle]}", "'margin' is missing")]
    [InlineData("  - {rule: must-matter}", "'features' is missing")]
    [InlineData("  - {rule: must-matter, features: [idel]}", "Did you mean 'idle'?")]
    [InlineData("  - {rule: must-matter, features: [idle], segment: country}", "DIMENSION=SEGMENT")]
    [InlineData("  - {rule: must-matter, features: [idle], estimand: permutation_acu}", "permutation_auc")]
    [InlineData("  - {rule: must-not-grow, features: [idle], against: nowhere}", "no finished study")]
    [InlineData("  []", "'rules' is missing or empty")]
    public void Mistakes_are_said_in_one_line(string rules, string said) =>
        Should.Throw<AssayException>(() => Check(rules)).Message.ShouldContain(said);
}
