using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>Players in groups that enter as wholes (Owen 1977): which players each group has.</summary>
/// <param name="Groups">The members of each group; every player is in one.</param>
internal sealed record CoalitionStructure(int[][] Groups)
{
    // Coalitions beyond which a bound on their number is all one, without overflow.
    private const int MostBits = 40;

    /// <summary>
    /// The structure of named groups of features; a feature in none is a group of its own. Throws a usage error where a member
    /// is unknown or in two groups.
    /// </summary>
    public static CoalitionStructure Of(
        IReadOnlyList<FeatureSlot> features,
        IReadOnlyDictionary<string, IReadOnlyList<string>> groups
    )
    {
        // The same rules, and the same errors, as for groups that are explained as one.
        FeatureSlot.Grouped(features, groups);
        var index = features.Select((f, i) => (f.Name, i)).ToDictionary(f => f.Name, f => f.i);
        var named = groups.Values.Select(members => members.Select(m => index[m]).ToArray()).ToArray();
        var taken = named.SelectMany(g => g).ToHashSet();
        return new([.. named, .. index.Values.Where(i => !taken.Contains(i)).Order().Select(i => new[] { i })]);
    }

    /// <summary>A random order of the players, the groups in random order and the members of each next to each other.</summary>
    public int[] Order(CounterRandom random) =>
        [
            .. random
                .Permutation(Groups.Length)
                .SelectMany(g => random.Permutation(Groups[g].Length).Select(m => Groups[g][m])),
        ];

    /// <summary>Coalitions that the exact values take, at most: unions of groups with any part of one more.</summary>
    public double Coalitions =>
        Groups.Max(g => g.Length) + Groups.Length > MostBits
            ? double.PositiveInfinity
            : Math.Pow(2, Groups.Length)
                + Groups.Sum(g => Math.Pow(2, Groups.Length - 1) * (Math.Pow(2, g.Length) - 2));
}
