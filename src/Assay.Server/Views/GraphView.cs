using Assay.Studies;

namespace Assay.Server;

/// <summary>A feature in the graph.</summary>
internal sealed record GraphNode(string Name, string Title, string Group, Num? Importance);

/// <summary>Two features that stand in for each other, or work together.</summary>
/// <param name="From">One feature.</param>
/// <param name="To">The other.</param>
/// <param name="Kind">redundant or interaction.</param>
/// <param name="Strength">0 to 1 of redundancy; of interactions as a share of the strongest.</param>
/// <param name="Low">Lower end of the interval, where there is one.</param>
/// <param name="High">Upper end.</param>
/// <param name="Says">It in a sentence.</param>
internal sealed record GraphEdge(
    string From,
    string To,
    string Kind,
    double Strength,
    double? Low,
    double? High,
    string Says
);

/// <summary>Which features depend on each other.</summary>
internal sealed record DependencyGraph(
    string Sentence,
    double Threshold,
    IReadOnlyList<GraphNode> Nodes,
    IReadOnlyList<GraphEdge> Edges,
    Truncated? Truncated
);

/// <summary>Redundancy and interactions between features.</summary>
internal static class GraphView
{
    private const int MostEdges = 400;

    public static DependencyGraph Of(RunFolder run, double threshold = 0)
    {
        var (estimand, method) = run.Primary;
        var all = Edges(run).Where(e => e.Strength >= threshold).OrderByDescending(e => e.Strength).ToArray();
        var nodes = run
            .Names.Features.Select(f => new GraphNode(
                f.Name,
                f.Title,
                f.Group,
                Num.Of(run.Estimates.Overall(estimand, method, Splits.Explain, f.Name))
            ))
            .OrderByDescending(n => n.Importance?.Value ?? double.MinValue)
            .ToArray();
        return new(
            Sentence(run, all),
            threshold,
            nodes,
            all[..Math.Min(all.Length, MostEdges)],
            all.Length > MostEdges ? new(MostEdges, all.Length, "threshold") : null
        );
    }

    /// <summary>What the run knows of pairs of features: proxies, strong association, crosses, interactions.</summary>
    public static IEnumerable<GraphEdge> Edges(RunFolder run) =>
        Proxies(run).Concat(Associations(run)).Concat(Crosses(run)).DistinctBy(e => (e.Kind, Pair(e.From, e.To)));

    private static IEnumerable<GraphEdge> Proxies(RunFolder run)
    {
        var proxies = run.Run.At("chain").At("proxies");
        if (proxies.ValueKind != System.Text.Json.JsonValueKind.Array)
            yield break;
        foreach (var proxy in proxies.EnumerateArray())
            if (
                (proxy.Text("feature"), proxy.Text("stands_in_for"), proxy.Number("association")) is
                ({ } feature, { } other, { } strength)
            )
                yield return new(
                    feature,
                    other,
                    "redundant",
                    Rounding.Of(strength) ?? 0,
                    null,
                    null,
                    $"{run.Names.Title(feature)} goes with {run.Names.Title(other)} (association {Say.Number(strength)} of 1) and may stand in for it."
                );
    }

    // with:NAME compares every feature with a declared confounder; only one that is itself a feature is a node.
    private static IEnumerable<GraphEdge> Associations(RunFolder run)
    {
        var features = run
            .Run.At("chain")
            .At("confounders")
            .Each("confounders")
            .ToDictionary(c => c.Text("name") ?? "", c => c.Text("feature") ?? c.Text("column") ?? "");
        foreach (var key in run.Estimates.Of(Estimands.Association).Where(k => k.Split == Splits.Explain))
        {
            var name = key.Method.StartsWith("with:", StringComparison.Ordinal) ? key.Method["with:".Length..] : "";
            var other = features.GetValueOrDefault(name) is { Length: > 0 } declared ? declared : name;
            if (!run.Names.Has(other))
                continue;
            foreach (var feature in run.Names.Features.Select(f => f.Name).Where(f => f != other))
                if (run.Estimates.Overall(key.Estimand, key.Method, key.Split, feature) is { Value: >= 0.2 } cell)
                    yield return new(
                        feature,
                        other,
                        "redundant",
                        Rounding.Of(cell.Value) ?? 0,
                        Rounding.Of(cell.Low),
                        Rounding.Of(cell.High),
                        $"{run.Names.Title(feature)} goes with {run.Names.Title(other)} (association {Say.WithInterval(Num.Of(cell)!, "")} of 1)."
                    );
        }
    }

    private static IEnumerable<GraphEdge> Crosses(RunFolder run)
    {
        var found = run
            .Estimates.Keys.Where(k =>
                k.Split == Splits.Explain
                && k.Dimension == SegmentBuilder.Overall
                && (
                    k.Estimand is "cross_auc" or "missing_cross_logloss"
                    || k.Estimand.StartsWith("interaction", StringComparison.Ordinal)
                )
            )
            .SelectMany(k =>
                run.Estimates.Find(k.Estimand, k.Method, k.Split, k.Dimension)!
                    .Features.Where(f => f.Split('*').Length == 2)
                    .Select(f =>
                        (Key: k, Feature: f, Num: Num.Of(run.Estimates.Overall(k.Estimand, k.Method, k.Split, f)))
                    )
            )
            // What is not beyond chance is no dependence.
            .Where(c => c.Num is { Low: > 0 })
            .ToArray();
        foreach (var group in found.GroupBy(c => c.Key.Estimand))
        {
            var most = group.Max(c => Math.Abs(c.Num!.Value!.Value));
            var words = EstimandWords.Of(group.Key);
            foreach (var (_, feature, num) in group)
            {
                var pair = feature.Split('*');
                yield return new(
                    pair[0],
                    pair[1],
                    "interaction",
                    Rounding.Of(most > 0 ? Math.Abs(num!.Value!.Value) / most : 0) ?? 0,
                    Rounding.Of(most > 0 ? num!.Low / most : null),
                    Rounding.Of(most > 0 ? num!.High / most : null),
                    $"{run.Names.Title(pair[0])} and {run.Names.Title(pair[1])} together: {words.Title.ToLowerInvariant()} {Say.WithInterval(num!, words.Unit)}."
                );
            }
        }
    }

    private static string Sentence(RunFolder run, GraphEdge[] edges)
    {
        if (edges.Length == 0)
            return "No two features are known to depend on each other.";
        var redundant = edges.Where(e => e.Kind == "redundant").ToArray();
        var together = edges.Where(e => e.Kind == "interaction").ToArray();
        var parts = new List<string>();
        if (redundant.Length > 0)
            parts.Add(
                $"{run.Names.Title(redundant[0].From)} and {run.Names.Title(redundant[0].To)} say most nearly the same (association {Say.Number(redundant[0].Strength)} of 1)."
            );
        if (together.Length > 0)
            parts.Add(together[0].Says);
        return string.Join(' ', parts);
    }

    private static (string, string) Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);
}
