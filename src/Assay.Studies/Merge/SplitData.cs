using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What the merge keeps of a split in memory: a few numbers per row, no feature.</summary>
internal sealed class SplitData
{
    public SplitData(StudyPlan plan, PreparedSplit split, Vocabularies vocabularies)
    {
        (Plan, Split) = (plan, split);
        using var reader = new PreparedReader(plan, split);
        Cluster = reader.ReadAll<int>(PreparedColumns.Cluster);
        Request = reader.ReadAll<int>(PreparedColumns.Request);
        Label = reader.ReadAll<double>(PreparedColumns.Label);
        if (plan.Study.ShuffledLabels is { } order)
            new CounterRandom(order, $"shuffled labels {split.Name}").Shuffle(Label.AsSpan());
        Weight = reader.ReadAll<double>(PreparedColumns.Weight);
        ClusterKeys = new ulong[split.Clusters];
        var keys = reader.ReadAll<long>(PreparedColumns.ClusterKey);
        for (var i = 0; i < keys.Length; i++)
            ClusterKeys[Cluster[i]] = unchecked((ulong)keys[i]);
        Bootstrap = new ClusterBootstrap(ClusterKeys, plan.Study.Seed, plan.Study.Replicates);
        Second = SecondClusters.Read(plan, reader);
        Score = Array.ConvertAll(BlockColumn(plan.ScorePath, BlockColumns.Score), s => (double)s);
        Segments = SegmentBuilder.Build(this, reader, vocabularies);
    }

    public StudyPlan Plan { get; }
    public PreparedSplit Split { get; }
    public int[] Cluster { get; }
    public int[] Request { get; }
    public double[] Label { get; }
    public double[] Weight { get; }
    public ulong[] ClusterKeys { get; }
    public ClusterBootstrap Bootstrap { get; }

    /// <summary>The second kind of clusters; null: the study has one kind.</summary>
    public SecondClusters? Second { get; }

    /// <summary>The model's logits.</summary>
    public double[] Score { get; }

    /// <summary>All rows first, then the segments of each dimension in order.</summary>
    public IReadOnlyList<SegmentRows> Segments { get; private set; }

    /// <summary>The same rows under other segments, prepared here.</summary>
    public SplitData With(IEnumerable<SegmentRows> segments)
    {
        var other = (SplitData)MemberwiseClone();
        other.Segments = [.. segments.Select(Prepared)];
        return other;
    }

    /// <summary>Whether a segment is large enough to be shown.</summary>
    public bool IsShown(SegmentRows s) =>
        s.HasBothClasses
        && (
            s.Dimension == SegmentBuilder.Overall
            || (s.Rows.Length >= Plan.Study.MinimumRows && s.Clusters.Length >= Plan.Study.MinimumClusters)
        );

    /// <summary>A segment, its denominators replicated if it is shown.</summary>
    public SegmentRows Prepared(SegmentRows segment)
    {
        if (IsShown(segment))
        {
            segment.Replicates = new double[SegmentRows.Denominators * Bootstrap.Replicates];
            Bootstrap.Sums(segment.Clusters, segment.Sums, segment.Replicates);
        }
        return segment;
    }

    /// <summary>
    /// An estimate whose replicates draw other users, with its degrees of freedom; where the study has two kinds of clusters, drawing other items too.
    /// </summary>
    /// <param name="segment">Of which rows.</param>
    /// <param name="value">The estimate.</param>
    /// <param name="replicates">Its replicates.</param>
    /// <param name="influence">What each cluster of the first kind adds to it to first order; null: read off the replicates.</param>
    /// <param name="byRow">What each row of the segment adds to it; asked for with two kinds only.</param>
    public static Bootstrapped Drawn(
        SegmentRows segment,
        double value,
        double[] replicates,
        double[]? influence,
        Func<double[]> byRow
    ) =>
        segment.Items?.Drawn(value, replicates, byRow())
        ?? new(
            value,
            replicates,
            influence is null
                ? ClusterStandardError.DegreesOfFreedomOfReplicates(replicates, segment.Clusters.Length)
                : ClusterStandardError.DegreesOfFreedom(influence)
        );

    /// <summary>A column of the block files over all blocks, in block order.</summary>
    public float[] BlockColumn(Func<PreparedSplit, Block, string> path, string column)
    {
        var all = new float[Split.Rows];
        foreach (var block in Split.Blocks)
        {
            using var reader = ColumnReader.Open(path(Split, block));
            reader.Read<float>(0, column).CopyTo(all, block.Start);
        }
        return all;
    }

    /// <summary>A column of numbers in the block files over all blocks.</summary>
    public double[] BlockNumbers(Func<PreparedSplit, Block, string> path, string column)
    {
        var all = new double[Split.Rows];
        foreach (var block in Split.Blocks)
        {
            using var reader = ColumnReader.Open(path(Split, block));
            reader.Read<double>(0, column).CopyTo(all, block.Start);
        }
        return all;
    }
}
