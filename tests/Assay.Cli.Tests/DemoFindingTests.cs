using System.Text.Json;
using Assay.Cli.Commands;
using Assay.Cli.Demo;
using Assay.Worlds;

namespace Assay.Cli.Tests;

/// <summary>The demo as it is: what was planted comes out as findings to act on, and what was not does not.</summary>
public sealed class DemoFindingTests : IDisposable
{
    private static readonly string[] Noise =
    [
        WorldFeatures.NoiseUser,
        WorldFeatures.NoiseRequest,
        WorldFeatures.NoiseRow,
        WorldFeatures.NoiseCode,
    ];
    private readonly Workspace work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public async Task Planted_drivers_reach_grade_B_and_noise_never_does()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext(
            new Terminal(output, error, IsRich: false, ShowsProgress: false),
            TestContext.Current.CancellationToken
        );
        (await new DemoRun(new WorldOptions(), work.Folder, threads: 2, context).RunAsync()).ShouldBe(0);
        var run = work.Path("seed-1/run");
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "findings.json")));
        JsonElement[] findings = [.. file.RootElement.GetProperty("findings").EnumerateArray()];
        static string Text(JsonElement f, string field) => f.GetProperty(field).GetString()!;
        JsonElement[] actedOn = [.. findings.Where(f => Text(f, "grade") is "A" or "B")];

        // That noise does nothing may be well supported; that it does anything may not.
        var shown = actedOn.Where(f => Text(f, "kind") != "feature_does_not_matter");
        shown
            .SelectMany(f => f.GetProperty("features").EnumerateArray())
            .Select(f => f.GetString())
            .Intersect(Noise)
            .ShouldBeEmpty();
        foreach (var driver in (string[])[WorldFeatures.Recency, WorldFeatures.Popularity])
            actedOn.Any(f => Text(f, "kind") == "feature_matters" && Text(f, "feature") == driver).ShouldBeTrue(driver);
        foreach (var (region, driver) in (Driver[])[new("north", "recency"), new("south", "popularity")])
            actedOn
                .Any(f =>
                    Text(f, "kind") == "segment_difference"
                    && Text(f, "feature") == driver
                    && Text(f, "segment_label") == region
                    && f.GetProperty("value").GetDouble() > 0
                )
                .ShouldBeTrue(region);
        var leaders = actedOn.Single(f => Text(f, "kind") == "segment_leaders");
        leaders
            .GetProperty("parts")
            .EnumerateArray()
            .Select(p => new Driver(Text(p, "label"), Text(p, "feature")))
            .ShouldBe([new("north", "recency"), new("south", "popularity")]);

        // The first screen and the terminal say so, and what to do.
        var report = File.ReadAllText(Path.Combine(run, "report.md"));
        var screen = report[..report.IndexOf("## What to do\n", StringComparison.Ordinal)];
        screen.Split('\n').Length.ShouldBeLessThanOrEqualTo(30);
        screen.ShouldContain("**Do first** (B): Give the groups of region a part of the model of their own");
        screen.ShouldContain("**Differs between groups** (B): What matters most depends on region");
        output.ToString().ShouldContain("B  What matters most depends on region: where it is north it is recency");
        output.ToString().ShouldContain("To do first: Give the groups of region a part of the model of their own");
    }

    private sealed record Driver(string Region, string Feature);
}
