using Assay.Statistics;
using Assay.Studies;
using Assay.Worlds;
using Assay.Worlds.Truth;

namespace Assay.Campaign;

/// <summary>How often what was planted was found, and what else was.</summary>
internal sealed class Planted
{
    private const string North = "2",
        South = "3";
    private const double Level = 0.05;
    private const double Margin = 0.002;

    // What leads in the north and in the south, and the proxy of the latter.
    private static readonly Dictionary<string, int> Differing = new()
    {
        [WorldFeatures.Recency] = 1,
        [WorldFeatures.Popularity] = -1,
    };
    private static readonly (string Proxy, string Cause) Confounded = PlantedTruth.Confounded;
    private static readonly HashSet<string> Pairs = [.. PlantedTruth.Interactions.Select(p => Pair(p.First, p.Second))];

    /// <summary>The pairs that make most of the true logit.</summary>
    private static readonly string[] StrongPairs =
    [
        Pair(WorldFeatures.Recency, WorldFeatures.Region),
        Pair(WorldFeatures.Category, WorldFeatures.AgeBand),
        Pair(WorldFeatures.Popularity, WorldFeatures.Region),
        Pair(WorldFeatures.Device, WorldFeatures.Hour),
    ];

    public Share StrongPairsFound { get; } = new();
    public Share PairsPlanted { get; } = new();
    public Share PairsPlantedOrThroughProxy { get; } = new();

    /// <summary>Pairs discovered where none is planted.</summary>
    public Share WorldsWithFalsePairs { get; } = new();
    public Share DifferencesFound { get; } = new();
    public Share DifferencesPlanted { get; } = new();
    public Share DifferencesOfRightSign { get; } = new();
    public Share WorldsWithFalseDifferences { get; } = new();
    public Share ProxyByPermutation { get; } = new();
    public Share ProxyByConditional { get; } = new();
    public Share CauseByConditional { get; } = new();

    /// <summary>Draws of a program without the chain's steps.</summary>
    public int WithoutChain { get; private set; }

    /// <summary>The planted proxy, where the fixed model leans on it, said to stand in for its cause.</summary>
    public Share ProxyToldAsSuch { get; } = new();

    /// <summary>Features said to stand in for another: the planted proxy; features that in the population add no more than the margin.</summary>
    public Share ToldArePlanted { get; } = new();
    public Share ToldAddNothing { get; } = new();

    /// <summary>Findings of grade B that a feature matters or hurts: about features that do nothing, of the wrong sign.</summary>
    public Share FalseAtB { get; } = new();
    public Share WrongSignAtB { get; } = new();
    public Share WorldsWithFalseAtB { get; } = new();
    public Share StrongAtB { get; } = new();
    public Share WeakAtB { get; } = new();
    public Share FalseNegligible { get; } = new();

    public void Add(Family family, Line[] lines, Dictionary<Key, double> truth)
    {
        AddInteractions(family.World.InteractionStrength > 0, lines);
        Differences(family, lines, truth);
        Proxies(lines, truth);
        Grades(lines, truth);
    }

    /// <summary>The pairs discovered in one world, if it was searched.</summary>
    public void AddInteractions(bool arePlanted, Line[] lines)
    {
        if (!lines.Any(l => l.Key.Estimand == Facts.Searched))
            return;
        var discovered = lines
            .Where(l => l.Key.Estimand == Facts.Interaction)
            .Select(l => (l.Key.Method, l.Key.Feature))
            .ToArray();
        if (!arePlanted)
        {
            WorldsWithFalsePairs.Add(discovered.Length > 0);
            return;
        }
        var names = discovered.Select(d => Pair(d.Method, d.Feature)).ToHashSet();
        foreach (var pair in StrongPairs)
            StrongPairsFound.Add(names.Contains(pair));
        foreach (var (first, second) in discovered)
        {
            string Cause(string feature) => feature == Confounded.Proxy ? Confounded.Cause : feature;
            PairsPlanted.Add(Pairs.Contains(Pair(first, second)));
            PairsPlantedOrThroughProxy.Add(Pairs.Contains(Pair(Cause(first), Cause(second))));
        }
    }

    // Regions share no users, so their estimates are independent.
    private void Differences(Family family, Line[] lines, Dictionary<Key, double> truth)
    {
        var by = lines
            .Where(l => l.Split == "explain" && l.Key is { Estimand: Tally.Contrasted, Method: RowErrors.Permutation })
            .ToDictionary(l => (l.Key.Segment, l.Key.Feature));
        var features = by
            .Keys.Where(k => k.Segment == North && by.ContainsKey((South, k.Feature)))
            .Select(k => k.Feature)
            .ToArray();
        if (features.Length == 0)
            return;
        var differences = Array.ConvertAll(features, f => by[(North, f)].Value - by[(South, f)].Value);
        // As Student's t with the degrees of freedom of the smaller of two segments of at least 20 users.
        var adjusted = MultipleTesting.BenjaminiHochberg([
            .. features.Select(
                (f, i) =>
                    differences[i] == 0
                        ? 1
                        : PValues.FromT(
                            differences[i] / Math.Sqrt(Square(by[(North, f)].Error) + Square(by[(South, f)].Error)),
                            19
                        )
            ),
        ]);
        var planted = family.World.InteractionStrength > 0;
        var falseOnes = 0;
        for (var i = 0; i < features.Length; i++)
        {
            var claimed = adjusted[i] < Level;
            var expected = planted ? Differing.GetValueOrDefault(features[i]) : 0;
            var isRight = expected != 0 && Math.Sign(differences[i]) == expected;
            if (expected != 0)
                DifferencesFound.Add(claimed && isRight);
            if (!claimed)
                continue;
            double True(string segment) => truth[new(Tally.Contrasted, RowErrors.Permutation, features[i], segment)];
            DifferencesPlanted.Add(isRight);
            DifferencesOfRightSign.Add(Math.Sign(differences[i]) == Math.Sign(True(North) - True(South)));
            falseOnes += Tally.IsNull(features[i]) ? 1 : 0;
        }
        WorldsWithFalseDifferences.Add(falseOnes > 0);
    }

    private void Proxies(Line[] lines, Dictionary<Key, double> truth)
    {
        StandIns(lines, truth);
        foreach (var line in lines.Where(l => l.Split == "explain" && l.Key.Segment == "all"))
        {
            var isFound = line.PAdjusted < Level && line.Value > 0;
            var conditional = line.Key is { Estimand: "conditional_permutation_auc", Method: Tally.Conditional };
            if (line.Key.Feature == Confounded.Proxy && conditional)
                ProxyByConditional.Add(isFound);
            if (line.Key.Feature == Confounded.Cause && conditional)
                CauseByConditional.Add(isFound);
            if (line.Key is { Estimand: Tally.Contrasted, Method: RowErrors.Permutation })
                if (line.Key.Feature == Confounded.Proxy)
                    ProxyByPermutation.Add(isFound);
        }
    }

    private void StandIns(Line[] lines, Dictionary<Key, double> truth)
    {
        // Draws of a program without the chain's steps say nothing about them.
        if (lines.All(l => l.Key.Estimand != Estimands.AgreementRank))
        {
            WithoutChain++;
            return;
        }
        var told = lines
            .Where(l =>
                l.Split == "explain"
                && l.Key is { Estimand: Estimands.Adjusted + Estimands.Auc, Segment: "all" }
                && l.Key.Method.StartsWith(ProxyStep.Proxy, StringComparison.Ordinal)
            )
            .Select(l => (l.Key.Feature, Other: l.Key.Method[ProxyStep.Proxy.Length..]))
            .ToArray();
        double True(string estimand, string method, string feature) => truth[new(estimand, method, feature, "all")];
        if (True(Tally.Contrasted, RowErrors.Permutation, Confounded.Proxy) > Margin)
            ProxyToldAsSuch.Add(told.Contains(Confounded));
        foreach (var (feature, other) in told)
        {
            ToldArePlanted.Add((feature, other) == Confounded);
            ToldAddNothing.Add(True("conditional_permutation_auc", Tally.Conditional, feature) <= Margin);
        }
    }

    private void Grades(Line[] lines, Dictionary<Key, double> truth)
    {
        var found = new HashSet<string>();
        var falseOnes = 0;
        foreach (var line in lines.Where(l => l.Key.Estimand == Facts.Finding))
        {
            var (grade, kind, estimand) = line.Key.Method.Split(' ') is [var g, var k, var e] ? (g, k, e) : default;
            if (grade is not ("A" or "B") || estimand != "conditional_permutation_auc")
                continue;
            if (kind == "FeatureDoesNotMatter")
            {
                FalseNegligible.Add(
                    Math.Abs(truth[new(estimand, Tally.Conditional, line.Key.Feature, "all")]) > Margin
                );
                continue;
            }
            var isNull = Tally.IsNull(line.Key.Feature);
            FalseAtB.Add(isNull);
            falseOnes += isNull ? 1 : 0;
            var sign = Math.Sign(truth[new(estimand, Tally.Conditional, line.Key.Feature, "all")]);
            WrongSignAtB.Add(sign != Math.Sign(line.Value));
            if (kind == "FeatureMatters")
                found.Add(line.Key.Feature);
        }
        WorldsWithFalseAtB.Add(falseOnes > 0);
        foreach (var feature in WorldFeatures.All)
        {
            if (feature.Role == FeatureRole.Strong)
                StrongAtB.Add(found.Contains(feature.Name));
            if (feature.Role == FeatureRole.Weak)
                WeakAtB.Add(found.Contains(feature.Name));
        }
    }

    private static double Square(double x) => x * x;

    private static string Pair(string a, string b) => string.CompareOrdinal(a, b) < 0 ? $"{a} × {b}" : $"{b} × {a}";
}

/// <summary>So many of so many.</summary>
internal sealed class Share
{
    public int Of { get; private set; }
    public int Yes { get; private set; }

    public void Add(bool yes)
    {
        Of++;
        Yes += yes ? 1 : 0;
    }
}
