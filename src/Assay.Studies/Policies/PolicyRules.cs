using System.Globalization;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>A rule once read: checks a run.</summary>
internal sealed record PolicyRule(Func<RunFacts, IEnumerable<PolicyVerdict>> Check);

/// <summary>The kinds of rules: one entry each in <see cref="Kinds"/>.</summary>
internal static class PolicyRules
{
    private static readonly SortedDictionary<
        string,
        Func<RuleReader, Func<RunFacts, IEnumerable<PolicyVerdict>>>
    > Kinds = new(StringComparer.Ordinal)
    {
        ["must-matter"] = MustMatter,
        ["must-not-matter"] = MustNotMatter,
        ["rank-at-most"] = RankAtMost,
        ["share-at-most"] = ShareAtMost,
        ["must-not-grow"] = r => Change(r, grew: true),
        ["must-not-fall"] = r => Change(r, grew: false),
        ["quality-at-least"] = QualityAtLeast,
        ["beats-floors"] = BeatsFloors,
        ["agreement-at-least"] = AgreementAtLeast,
        ["stability-at-least"] = StabilityAtLeast,
    };

    /// <summary>The ids of rules.</summary>
    public static IEnumerable<string> Ids => Kinds.Keys;

    public static PolicyRule Read(YamlMap map, string folder)
    {
        var id = map.Choice("rule", [.. Kinds.Keys]) ?? throw map.Error("'rule' is missing; name its kind");
        var reader = new RuleReader(id, map, folder);
        var check = Kinds[id](reader);
        map.RejectOthers();
        return new PolicyRule(check);
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> MustMatter(RuleReader rule)
    {
        var margin = rule.Map.Number("margin") ?? 0;
        return rule.Features(
            Estimands.Permutation + Estimands.Auc,
            $"above {Number(margin)}",
            e => Above(e.Low, e.High, margin)
        );
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> MustNotMatter(RuleReader rule)
    {
        var margin = rule.Required("margin");
        return rule.Features(
            Estimands.Permutation + Estimands.Auc,
            $"within ±{Number(margin)}",
            e =>
                e.Low >= -margin && e.High <= margin ? PolicyOutcome.Holds
                : e.Low > margin || e.High < -margin ? PolicyOutcome.Broken
                : PolicyOutcome.Undecided
        );
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> RankAtMost(RuleReader rule)
    {
        var rank = rule.Map.Integer("rank", 1) ?? throw rule.Map.Error("'rank' is missing; add it");
        return rule.Features(
            Estimands.MeanAbsAttribution,
            $"among the first {rank}",
            e =>
                e.RankHigh <= rank ? PolicyOutcome.Holds
                : e.RankLow > rank ? PolicyOutcome.Broken
                : PolicyOutcome.Undecided,
            e => $"{e.Rank} ({e.RankLow} … {e.RankHigh})"
        );
    }

    // The share's own interval would need the replicates; the feature's interval over the sum of all values stands for it.
    private static Func<RunFacts, IEnumerable<PolicyVerdict>> ShareAtMost(RuleReader rule)
    {
        var share = rule.Required("share");
        var features = rule.RequiredFeatures();
        var (estimand, method) = rule.Quantity(Estimands.MeanAbsAttribution);
        return run =>
        {
            var total = run.Of(rule.Scope, estimand, method).Sum(e => Math.Max(e.Value, 0));
            return features
                .Select(f => run.Of(rule.Scope, estimand, method, f))
                .Select(e =>
                    rule.Verdict(
                        e.Feature,
                        $"{estimand}: at most {Percent(share)} of all",
                        $"{Percent(e.Value / total)} ({Percent(e.Low / total)} … {Percent(e.High / total)})",
                        Below(e.Low / total, e.High / total, share)
                    )
                );
        };
    }

    // The runs may share rows; taking their errors as independent is then on the safe side.
    private static Func<RunFacts, IEnumerable<PolicyVerdict>> Change(RuleReader rule, bool grew)
    {
        var by = rule.Map.Number("by") ?? 0;
        var features = rule.RequiredFeatures();
        var (estimand, method) = rule.Quantity(Estimands.MeanAbsAttribution);
        var against = rule.Against();
        return run =>
            features.Select(f =>
            {
                var now = run.Of(rule.Scope, estimand, method, f);
                var before = against.Value.Of(rule.Scope, estimand, method, f);
                var change = now.Value - before.Value;
                var error = Math.Sqrt(
                    now.StandardError * now.StandardError + before.StandardError * before.StandardError
                );
                var half = Normal95 * error;
                var outcome = grew
                    ? Exceeds(change - half, change + half, by)
                    : Exceeds(-change - half, -change + half, by);
                return rule.Verdict(
                    f,
                    $"{estimand}: {(grew ? "grows" : "falls")} by at most {Number(by)}",
                    $"{change.ToString("+0.0000;-0.0000", CultureInfo.InvariantCulture)} ({Number(change - half)} … {Number(change + half)})",
                    outcome
                );
            });
    }

    private const double Normal95 = 1.959963984540054;

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> QualityAtLeast(RuleReader rule)
    {
        var value = rule.Required("value");
        var (estimand, _) = rule.Quantity(Estimands.Auc);
        return run =>
            run.Of(rule.Scope, estimand, "model")
                .Where(e => e.Feature.Length == 0)
                .Select(e =>
                    rule.Verdict(
                        "model",
                        $"{estimand}: at least {Number(value)}",
                        Measured(e),
                        Above(e.Low, e.High, value)
                    )
                );
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> BeatsFloors(RuleReader rule)
    {
        var (estimand, _) = rule.Quantity(Estimands.Auc);
        return run =>
            run.Of(rule.Scope, estimand + Estimands.OverFloor)
                .Select(e =>
                    rule.Verdict(
                        e.Method,
                        $"{estimand}: ahead of this trivial rule",
                        Measured(e),
                        Above(e.Low, e.High, 0)
                    )
                );
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> AgreementAtLeast(RuleReader rule)
    {
        var value = rule.Required("value");
        var between = rule.Map.Texts("between")?.Select(t => Quantity(rule.Map, t)).ToArray();
        if (between is not { Length: 2 })
            throw rule.Map.Error(
                "'between' must list two importances as ESTIMAND/METHOD, such as mean_abs_attribution/integrated-gradients"
            );
        return run =>
        {
            var (first, second) = (between[0], between[1]);
            return
            [
                rule.Tau(
                    $"{first.Method} and {second.Method}",
                    value,
                    run.Of(rule.Scope, first.Estimand, first.Method),
                    run.Of(rule.Scope, second.Estimand, second.Method)
                ),
            ];
        };
    }

    private static Func<RunFacts, IEnumerable<PolicyVerdict>> StabilityAtLeast(RuleReader rule)
    {
        var value = rule.Required("value");
        var (estimand, method) = rule.Quantity(Estimands.MeanAbsAttribution);
        var against = rule.Against();
        return run =>
            [
                rule.Tau(
                    $"{estimand} of both runs",
                    value,
                    run.Of(rule.Scope, estimand, method),
                    against.Value.Of(rule.Scope, estimand, method)
                ),
            ];
    }

    private static (string Estimand, string Method) Quantity(YamlMap map, string text) =>
        text.Split('/') is [var estimand, var method]
            ? (estimand, method)
            : throw map.ErrorAt("between", $"'{text}' must be ESTIMAND/METHOD");

    private static PolicyOutcome Above(double low, double high, double limit) =>
        low > limit ? PolicyOutcome.Holds
        : high <= limit ? PolicyOutcome.Broken
        : PolicyOutcome.Undecided;

    private static PolicyOutcome Below(double low, double high, double limit) =>
        high <= limit ? PolicyOutcome.Holds
        : low > limit ? PolicyOutcome.Broken
        : PolicyOutcome.Undecided;

    // A change forbidden above a limit is broken only once shown; a change that may be chance is none.
    private static PolicyOutcome Exceeds(double low, double high, double limit) =>
        low > limit ? PolicyOutcome.Broken
        : double.IsNaN(low) ? PolicyOutcome.Undecided
        : high <= limit || low <= 0 ? PolicyOutcome.Holds
        : PolicyOutcome.Undecided;

    internal static string Measured(Estimate e) => $"{Number(e.Value)} ({Number(e.Low)} … {Number(e.High)})";

    internal static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
