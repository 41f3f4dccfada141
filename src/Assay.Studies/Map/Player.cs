using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What is permuted as one: a feature, a declared group of features, or one position of a list.</summary>
/// <param name="Name">The feature's or group's name, or <c>feature[position]</c>.</param>
/// <param name="Members">Indices of its features in the binding.</param>
/// <param name="Position">The position of a list that alone is permuted; null: all of each member.</param>
internal sealed record Player(string Name, IReadOnlyList<int> Members, int? Position = null)
{
    /// <summary>Every feature.</summary>
    public static IEnumerable<Player> Features(FeatureDictionary dictionary) =>
        dictionary.Features.Select((f, i) => new Player(f.Name, [i]));

    /// <summary>Every feature, then the groups and positions that a method asks for.</summary>
    public static IReadOnlyList<Player> For(FeatureDictionary dictionary, MethodDefinition method)
    {
        var names = dictionary.Features.Select(f => f.Name).ToList();
        var players = Features(dictionary).ToList();
        foreach (var group in method.Groups)
        {
            if (!dictionary.Groups.TryGetValue(group, out var members))
                throw AssayException.Input(
                    $"The study permutes the group '{group}', which the dictionary does not have."
                        + Nearest.Hint(group, dictionary.Groups.Keys)
                );
            if (names.Contains(group))
                throw AssayException.Input($"'{group}' names both a group and a feature; rename one of them.");
            players.Add(new Player(group, [.. members.Select(m => names.IndexOf(m))]));
        }
        foreach (var list in method.Positions)
        {
            var at = names.IndexOf(list);
            if (at < 0)
                throw AssayException.Input(
                    $"The study permutes positions of '{list}', which the dictionary does not have."
                        + Nearest.Hint(list, names)
                );
            if (!dictionary.Features[at].IsList)
                throw AssayException.Input($"The study permutes positions of '{list}', which has only one.");
            var length = dictionary.Features[at].Length ?? dictionary.Features[at].Columns?.Count ?? 0;
            if (length == 0)
                throw AssayException.Input(
                    $"The study permutes positions of '{list}', of which the dictionary does not say how many there are; give its 'length'."
                );
            players.AddRange(Enumerable.Range(0, length).Select(k => new Player($"{list}[{k}]", [at], k)));
        }
        return players;
    }

    /// <summary>The finest level among the members, over all splits.</summary>
    public Level Level(IReadOnlyList<BoundFeature> features, IEnumerable<PreparedSplit> splits) =>
        splits.SelectMany(s => Members.Select(m => s.Levels[features[m].Entry.Name])).Min();

    /// <summary>The elements that it covers.</summary>
    public IEnumerable<(BoundFeature Feature, int Element)> Elements(IReadOnlyList<BoundFeature> features) =>
        Members
            .SelectMany(m => features[m].Elements.Select((_, e) => (features[m], e)))
            .Where(x => Position is null || x.e == Position);
}
