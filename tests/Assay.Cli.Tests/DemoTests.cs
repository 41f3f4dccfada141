using Assay.Cli.Commands;
using Assay.Cli.Demo;
using Assay.Worlds;

namespace Assay.Cli.Tests;

/// <summary>The path from a world to truth beside estimate, on a world too small to find much.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public async Task Shows_truth_beside_estimate_and_files_that_other_commands_read()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext(
            new Terminal(output, error, IsRich: false, ShowsProgress: false),
            TestContext.Current.CancellationToken
        );
        var options = new WorldOptions { Seed = 3, Users = 150 };
        (await new DemoRun(options, work.Folder, threads: 2, context).RunAsync()).ShouldBe(0);
        var text = output.ToString();
        foreach (
            var expected in (string[])["Truth beside estimate", "Was it found?", "Trivial rules to beat", "150 users"]
        )
            text.ShouldContain(expected, Case.Sensitive);
        text.ShouldNotContain("-0.0000");
        foreach (var feature in WorldFeatures.All)
            text.ShouldContain($"\n{feature.Name} ", Case.Sensitive);

        var study = work.Path("seed-3/study.yaml");
        var again = Workspace.Run("study", study, "--out", work.Path("again"), "--threads", "1");
        again.Code.ShouldBe(0, again.Error);
        again.Out.ShouldContain("Strongest of logit by permutation_auc");
        File.ReadAllBytes(work.Path("again/estimates.parquet"))
            .ShouldBe(File.ReadAllBytes(work.Path("seed-3/run/estimates.parquet")));
    }

    [Theory]
    [InlineData(3, "does not exist", "study", "no.yaml")]
    [InlineData(2, "--threads '0' does not lie between 1 and 1024", "study", "s.yaml", "--threads", "0")]
    [InlineData(2, "--seed 'one' is not a whole number", "demo", "--seed", "one")]
    [InlineData(2, "--users 'many' is not a whole number", "demo", "--users", "many")]
    [InlineData(2, "--users '1' is less than 2", "demo", "--users", "1")]
    [InlineData(2, "--untouched '1' is not a share from 0 to below 1", "demo", "--untouched", "1")]
    public void Wrong_usage(int code, string expected, params string[] args) =>
        Workspace.Run(args).ShouldFail(code).ShouldContain(expected, Case.Sensitive);

    [Fact]
    public void A_run_folder_that_cannot_be_written()
    {
        var file = work.Text("file", "");
        Workspace.Run("demo", "--out", file).Error.ShouldContain("assay: Cannot write");
    }
}
