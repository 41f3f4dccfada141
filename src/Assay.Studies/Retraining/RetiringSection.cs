namespace Assay.Studies;

/// <summary>What can be retired, in the report.</summary>
internal sealed class RetiringSection(
    RetrainingWork work,
    RetireDefinition asked,
    double margin,
    IReadOnlyList<string> candidates,
    IReadOnlyList<string> others,
    int looks,
    IReadOnlyList<JudgedStep> judged,
    IReadOnlyList<RetiringVerdict> stays
)
{
    private const string Heading = "### What can be retired\n\n";

    public const string Nothing =
        Heading
        + "Nothing was tried: without a loss of AUC under permutation no feature is a candidate (add the method permutation or conditional-permutation).\n\n";

    public string Write() => Heading + Opening() + Proposed() + Failed() + Stays();

    private string Opening() =>
        $"Margin, declared beforehand: a loss of {Text.Number(margin)} in AUC. {candidates.Count} of {work.Context.Plan.Features.Count} features have an importance surely below it; all of these, else parts of them, then others one at a time, were tried on the validation rows ({looks} sets). "
        + $"What passed was judged on the {work.Test.Split} rows in the order in which it grew, then with the {others.Count} weakest others in the order of their loss on the validation rows, until a set failed; {asked.Seeds ?? work.Definition.Seeds} seeds each.\n\n";

    private string Proposed()
    {
        var passed = judged.Where(j => j.Passed).ToArray();
        return passed.Length == 0
            ? "No set of features surely loses less than the margin there, so none is proposed; more seeds or rows would narrow it.\n\n"
            : $"Fitted without {Names(passed.SelectMany(j => j.Added))} the network loses {WithInterval(passed[^1].Lost)} of AUC: together they can be retired.\n\n";
    }

    private string Failed() =>
        judged is [.., { Passed: false } failed]
            ? $"{(failed.Added.Any(others.Contains) ? "The first that did not pass" : "Passed on the validation rows and not there")}: {Names(failed.Added)}{(judged.Count > 1 ? " besides these" : "")}, without which it loses {WithInterval(failed.Lost)}; nothing beyond was judged.\n\n"
            : "";

    private string Stays() =>
        stays.Count == 0
            ? ""
            : "Features that stay, the weakest first: what is lost when one is removed besides these, and what would decide if the estimate stayed where it is. Only *needed* says that it cannot go.\n\n"
                + Text.Table(
                    ["feature", "AUC lost", "verdict", "what would decide"],
                    stays.Select(s =>
                        (IReadOnlyList<string>)[s.Feature, WithInterval(s.Lost), s.Word, s.WhatDecides ?? "–"]
                    )
                )
                + "\n";

    private static string Names(IEnumerable<string> features) => Text.List([.. features.Select(f => $"`{f}`")]);

    private static string WithInterval(OverSeeds lost) =>
        $"{Text.Number(lost.Value)} ({Text.Number(lost.Interval.Low)} to {Text.Number(lost.Interval.High)})";
}
