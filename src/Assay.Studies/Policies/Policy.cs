using Assay.Onnx;

namespace Assay.Studies;

/// <summary>
/// Expectations of a model that a finished study must meet: a gate for evaluation pipelines. A rule holds only where the
/// data show it (the whole interval), so a small study does not pass by being vague.
/// </summary>
public sealed class Policy
{
    private readonly IReadOnlyList<PolicyRule> rules;

    private Policy(IReadOnlyList<PolicyRule> rules, bool undecidedFails) =>
        (this.rules, UndecidedFails) = (rules, undecidedFails);

    /// <summary>Whether an undecided rule fails the check; so unless the file says <c>undecided: pass</c>.</summary>
    public bool UndecidedFails { get; }

    /// <summary>Reads a policy. Paths of other runs are relative to the file.</summary>
    /// <exception cref="AssayException">Input: file, line and what is wrong.</exception>
    public static Policy Load(string path)
    {
        var root = YamlMap.Load(path, "policy");
        if ((root.Integer("schema") ?? 1) != 1)
            throw root.ErrorAt("schema", "this version reads schema 1");
        var undecided = root.Choice("undecided", "fail", "pass") ?? "fail";
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var rules = root.Maps("rules").Select(m => PolicyRules.Read(m, folder)).ToArray();
        root.RejectOthers();
        return rules.Length > 0
            ? new Policy(rules, undecided == "fail")
            : throw root.Error($"'rules' is missing or empty; add rules of {string.Join(", ", PolicyRules.Ids)}");
    }

    /// <summary>Checks a finished run; one verdict per rule and feature, in the order of the file.</summary>
    /// <exception cref="AssayException">Input: not a finished run, or one that lacks what a rule asks for.</exception>
    public IReadOnlyList<PolicyVerdict> Check(string runFolder)
    {
        var run = RunFacts.Read(runFolder);
        return [.. rules.SelectMany(r => r.Check(run))];
    }

    /// <summary>Whether a verdict fails the check.</summary>
    public bool Fails(PolicyVerdict verdict) =>
        verdict.Outcome == PolicyOutcome.Broken || (UndecidedFails && verdict.Outcome == PolicyOutcome.Undecided);
}
