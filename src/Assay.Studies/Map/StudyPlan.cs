using Assay.Attribution;

namespace Assay.Studies;

/// <summary>Everything settled before blocks are worked on; the same for each worker.</summary>
internal sealed record StudyPlan
{
    public required StudyDefinition Study { get; init; }
    public required string Folder { get; init; }
    public required FeatureDictionary Dictionary { get; init; }
    public required DictionaryBinding Binding { get; init; }
    public required IReadOnlyList<PreparedSplit> Splits { get; init; }
    public required IReadOnlyList<SegmentDefinition> Segments { get; init; }

    /// <summary>Methods with an answer for each row, in the order of the study.</summary>
    public required IReadOnlyList<MethodInfo> PerRow { get; init; }

    /// <summary>What population methods do, in the order of the study.</summary>
    public required IReadOnlyList<Exchange> Exchanges { get; init; }

    /// <summary>The features that some row of some split lacks.</summary>
    public IReadOnlySet<string> Lacking { get; init; } = new HashSet<string>();

    /// <summary>Whether the loss is shared out among the features.</summary>
    public bool HasSage => Study.Methods.Any(m => m.Id == Exchange.Sage);

    /// <summary>Hash of everything the results of a block depend on.</summary>
    public required string Hash { get; init; }

    public IReadOnlyList<BoundFeature> Features => Binding.Features;

    public string AttributionPath(PreparedSplit split, Block block) =>
        Path.Combine(Folder, "attributions", $"{split.Name}-{block.Number:00000}.parquet");

    public string ScorePath(PreparedSplit split, Block block) =>
        Path.Combine(Folder, "scores", $"{split.Name}-{block.Number:00000}.parquet");

    public string PermutedFolder(PreparedSplit split) => Path.Combine(Folder, "prepared", $"{split.Name}.permuted");

    /// <summary>Where the values of a player's donors are; methods with the same kind of donors share them.</summary>
    public string PermutedPath(PreparedSplit split, Exchange exchange, Player player, int repeat) =>
        Path.Combine(PermutedFolder(split), $"{exchange.DonorName}-{UnitOf(player):0000}-{repeat}.parquet");

    /// <summary>What is known of the conditional model of a player.</summary>
    public string QualityPath(PreparedSplit split, Player player) =>
        Path.Combine(Folder, "prepared", $"{split.Name}.conditional-{UnitOf(player):0000}.json");

    /// <summary>All that importances are given for: the features, then the other players of any exchange.</summary>
    public IReadOnlyList<string> Units =>
        [
            .. Features
                .Select(f => f.Entry.Name)
                .Concat(Exchanges.SelectMany(e => e.Players.Select(p => p.Name)))
                .Distinct(),
        ];

    public Level Level(Player player) => player.Level(Features, Splits);

    private int UnitOf(Player player)
    {
        var units = Units;
        for (var i = 0; i < units.Count; i++)
            if (units[i] == player.Name)
                return i;
        throw new ArgumentException(player.Name);
    }
}

/// <summary>Names of the columns of block files.</summary>
internal static class BlockColumns
{
    public const string Row = "row";
    public const string Cluster = "cluster";
    public const string Request = "request";
    public const string Target = "target";
    public const string BaselineTarget = "baseline_target";
    public const string Gap = "completeness_gap";
    public const string Score = "score";
    private static readonly string[] Reserved = [Row, Cluster, Request, Target, BaselineTarget, Gap, Score];

    /// <summary>A column of one method; only methods after the first carry their name.</summary>
    public static string OfMethod(StudyPlan plan, int method, string column) =>
        method == 0 ? column : $"{plan.PerRow[method].Id}:{column}";

    public static string Attribution(StudyPlan plan, int method, string feature) =>
        OfMethod(plan, method, Reserved.Contains(feature) ? $"feature:{feature}" : feature);

    /// <summary>What a feature saves of a row's loss.</summary>
    public static string Sage(string feature) => $"{Exchange.Sage}:{feature}";

    public static string Permuted(string player, int repeat) => $"{player}#{repeat}";
}
