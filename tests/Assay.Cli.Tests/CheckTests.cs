using System.Globalization;
using System.Text.Json;

namespace Assay.Cli.Tests;

/// <summary><c>assay check</c> from the outside: a study of the linear model, of which everything is known.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly Workspace at = new();
    private readonly string run;

    public CheckTests()
    {
        at.Model("m.onnx", Models.Linear());
        at.Text(
            "features.yaml",
            """
            features:
              - { feature: first, kind: numeric, input: x, column: 0 }
              - { feature: second, kind: numeric, input: x, column: 1 }
              - { feature: third, kind: numeric, input: x, column: 2 }
            """
        );
        // Labels follow the model's own slopes 2, −3, ½, so the second feature leads and the third trails.
        var random = new Statistics.CounterRandom(7, "check rows");
        var lines = Enumerable
            .Range(0, 600)
            .Select(i =>
            {
                double[] x = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.5)];
                var p = 1 / (1 + Math.Exp(-3 * (2 * x[0] - 3 * x[1] + x[2] / 2)));
                var label = random.NextDouble() < p ? 1 : 0;
                return string.Create(CultureInfo.InvariantCulture, $"{x[0]},{x[1]},{x[2]},{label},u{i / 4}");
            });
        at.Text("rows.csv", string.Join('\n', lines.Prepend("first,second,third,label,usr")));
        var study = at.Text(
            "study.yaml",
            """
            model: m.onnx
            dictionary: features.yaml
            data: {explain: {csv: rows.csv}}
            label: label
            cluster: usr
            methods: [{id: integrated-gradients, steps: 2}, permutation]
            replicates: 100
            """
        );
        run = at.Path("run");
        Workspace.Run("study", study, "--out", run).Code.ShouldBe(0);
    }

    public void Dispose() => at.Dispose();

    private Outcome Check(string rules, params string[] more) =>
        Workspace.Run(["check", run, "--policy", at.Text("policy.yaml", "rules:\n" + rules), .. more]);

    [Fact]
    public void A_run_that_meets_its_policy_passes()
    {
        var text = Check(
                """
                  - {rule: must-matter, features: [first, second]}
                  - {rule: rank-at-most, features: [second], rank: 1}
                """
            )
            .ShouldSucceed();
        text.ShouldMatch(@"holds +second +permutation_auc: above 0 +0\.\d+ \(0\.\d+ … 0\.\d+\) +explain, overall=all");
    }

    [Fact]
    public void A_run_that_breaks_it_fails_with_the_reason()
    {
        var outcome = Check("  - {rule: share-at-most, features: [second], share: 0.1, reason: it is sensitive}");
        outcome.Code.ShouldBe(1);
        outcome.Out.ShouldContain("BROKEN");
        outcome.Error.ShouldContain("fails 1 of 1 expectations: second: mean_abs_attribution: at most 10.0 % of all");
        outcome.Error.ShouldContain("it is sensitive");
    }

    [Fact]
    public void Verdicts_can_be_read_by_a_machine()
    {
        using var json = JsonDocument.Parse(
            Check("  - {rule: must-matter, features: [second]}", "--format", "json").ShouldSucceed()
        );
        var verdict = json.RootElement.EnumerateArray().ShouldHaveSingleItem();
        verdict.GetProperty("outcome").GetString().ShouldBe("holds");
        verdict.GetProperty("fails").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Mistakes_are_said_in_one_line()
    {
        Check("  - {rule: must-matter, features: [secnd]}").ShouldFail(3).ShouldContain("Did you mean 'second'?");
        Workspace.Run("check", run).ShouldFail(2).ShouldContain("--policy");
        Workspace
            .Run("check", at.Path("none"), "--policy", at.Path("policy.yaml"))
            .ShouldFail(3)
            .ShouldContain("assay study");
    }
}
