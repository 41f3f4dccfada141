using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What the kinds of rules share: which rows, which features, which quantity.</summary>
internal sealed class RuleReader(string id, YamlMap map, string folder)
{
    private readonly string reason = map.Text("reason") ?? "";

    public YamlMap Map => map;

    /// <summary>Split and segment.</summary>
    public PolicyScope Scope { get; } = PolicyScope.Read(map);

    /// <summary>A number that must be there.</summary>
    public double Required(string key) => map.Number(key) ?? throw map.Error($"'{key}' is missing; add it");

    /// <summary>The features the rule is about.</summary>
    public IReadOnlyList<string> RequiredFeatures() =>
        map.Texts("features") is { Count: > 0 } features
            ? features
            : throw map.Error("'features' is missing; list the features the rule is about");

    /// <summary>The estimand and the method, where the rule names them.</summary>
    public (string Estimand, string? Method) Quantity(string fallback) =>
        (map.Text("estimand") ?? fallback, map.Text("method"));

    /// <summary>The run to compare with, read when first needed.</summary>
    public Lazy<RunFacts> Against()
    {
        var path = Path.GetFullPath(Path.Combine(folder, map.RequiredText("against")));
        return new(() => RunFacts.Read(path));
    }

    /// <summary>A rule judged feature by feature on one quantity.</summary>
    public Func<RunFacts, IEnumerable<PolicyVerdict>> Features(
        string fallback,
        string asked,
        Func<Estimate, PolicyOutcome> judge,
        Func<Estimate, string>? measured = null
    )
    {
        var features = RequiredFeatures();
        var (estimand, method) = Quantity(fallback);
        return run =>
            features
                .Select(f => run.Of(Scope, estimand, method, f))
                .Select(e =>
                    e.Status == "ok"
                        ? Verdict(e.Feature, $"{estimand}: {asked}", (measured ?? PolicyRules.Measured)(e), judge(e))
                        : Verdict(e.Feature, $"{estimand}: {asked}", e.Status, PolicyOutcome.Undecided)
                );
    }

    /// <summary>Kendall's τ-b between two lists of importances.</summary>
    public PolicyVerdict Tau(
        string subject,
        double least,
        IReadOnlyList<Estimate> first,
        IReadOnlyList<Estimate> second
    )
    {
        // Groups overlap their members and are measured by some methods only, so features in both are compared.
        var both = first
            .Where(e => e.Rank is not null)
            .Join(second.Where(e => e.Rank is not null), e => e.Feature, e => e.Feature, (a, b) => (a, b))
            .ToArray();
        var tau = RankCorrelation.KendallTauB([.. both.Select(p => p.a.Value)], [.. both.Select(p => p.b.Value)]);
        return Verdict(
            subject,
            $"rank correlation at least {PolicyRules.Number(least)}",
            $"τ {PolicyRules.Number(tau)} over {both.Length} features",
            double.IsNaN(tau) ? PolicyOutcome.Undecided
                : tau >= least ? PolicyOutcome.Holds
                : PolicyOutcome.Broken
        );
    }

    /// <summary>One line of the check.</summary>
    public PolicyVerdict Verdict(string subject, string asked, string measured, PolicyOutcome outcome) =>
        new(id, subject, $"{Scope.Split}, {Scope.Title}", asked, measured, outcome, reason);
}
