using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What is permuted as one: a feature, or a declared group of features.</summary>
/// <param name="Name">The feature's or group's name.</param>
/// <param name="Members">Indices of its features in the binding.</param>
/// <param name="IsGroup">Whether it is a declared group.</param>
internal sealed record Player(string Name, IReadOnlyList<int> Members, bool IsGroup)
{
    /// <summary>Every feature, then the groups asked for.</summary>
    public static IReadOnlyList<Player> For(FeatureDictionary dictionary, MethodDefinition? permutation)
    {
        if (permutation is null)
            return [];
        var names = dictionary.Features.Select(f => f.Name).ToList();
        var players = names.Select((n, i) => new Player(n, [i], false)).ToList();
        foreach (var group in permutation.Groups)
        {
            if (!dictionary.Groups.TryGetValue(group, out var members))
                throw AssayException.Input(
                    $"The study permutes the group '{group}', which the dictionary does not have."
                        + Nearest.Hint(group, dictionary.Groups.Keys)
                );
            if (names.Contains(group))
                throw AssayException.Input($"'{group}' names both a group and a feature; rename one of them.");
            players.Add(new Player(group, [.. members.Select(m => names.IndexOf(m))], true));
        }
        return players;
    }

    /// <summary>The finest level among the members, over all splits.</summary>
    public Level Level(IReadOnlyList<BoundFeature> features, IEnumerable<PreparedSplit> splits) =>
        splits.SelectMany(s => Members.Select(m => s.Levels[features[m].Entry.Name])).Min();
}
