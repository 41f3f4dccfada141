using Assay.Statistics;

namespace Assay.Studies;

/// <summary>The dimensions of a search on one split: those declared and their crosses, over some of the clusters.</summary>
internal sealed class Searched
{
    private readonly ChainContext context;
    private readonly SplitData data;
    private readonly List<SegmentRows> segments = [];

    public Searched(ChainContext context, SplitData data)
    {
        (this.context, this.data) = (context, data);
        var search = context.Study.Search;
        string[] dimensions =
        [
            .. context
                .Plan.Segments.Where(s => s.Kind != SegmentKind.Cross)
                .Select(s => s.Name)
                .Where(n => search.Dimensions.Count == 0 || search.Dimensions.Contains(n)),
        ];
        segments.AddRange(data.Segments.Where(s => dimensions.Contains(s.Dimension)));
        for (var i = 0; search.Crosses && i < dimensions.Length; i++)
        for (var j = i + 1; j < dimensions.Length; j++)
        {
            var name = Name(dimensions[i], dimensions[j]);
            Parents[name] = (dimensions[i], dimensions[j]);
            segments.AddRange(SegmentBuilder.Cross(data, data.Segments, name, dimensions[i], dimensions[j]));
        }
    }

    /// <summary>The two dimensions of each cross.</summary>
    public Dictionary<string, (string First, string Second)> Parents { get; } = [];

    /// <summary>Whether a cluster is one to find in; the others confirm. By a hash of its key, so a split of the world and not of the file.</summary>
    public static bool Finds(ulong clusterKey) => (StableHash.Combine("search", clusterKey) & 1) == 0;

    /// <summary>Each segment's importances less those of the others of its dimension.</summary>
    /// <param name="finds">Over which half; null: all clusters.</param>
    /// <param name="isAsked">Which dimensions and features; features as numbers in the plan.</param>
    public IReadOnlyList<Estimate> Contrasts(bool? finds, Func<string, int, bool> isAsked)
    {
        var plan = context.Plan;
        bool Takes(int row) => finds is null || Finds(data.ClusterKeys[data.Cluster[row]]) == finds;
        int[] features = [.. Enumerable.Range(0, plan.Features.Count)];
        var half = data.With(
            segments
                .Where(s => features.Any(f => isAsked(s.Dimension, f)))
                .Select(s => finds is null ? s : s.Where(data, Takes))
                .Where(s => s.Rows.Length > 0)
        );
        if (half.Segments.Count == 0)
            return [];
        var original = new ModelJob(half, context.Head).Original();
        var maker = new EstimateMaker(half, context.Head);
        var found = new List<Estimate>[features.Length];
        MapStage.Parallel(
            context.Threads,
            features.Length,
            (f, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                var asked = half.Segments.Any(s => isAsked(s.Dimension, f));
                var importances = asked ? new FeatureJob(plan, half, context.Head, original).Run(f) : [];
                found[f] =
                [
                    .. Reliance
                        .Of(half, importances)
                        .Where(r => isAsked(r.First.Dimension, f))
                        .SelectMany(r => SegmentEstimates.Contrasts(r, maker)),
                ];
            },
            context.Options.Cancellation
        );
        return [.. found.SelectMany(f => f)];
    }

    public static string Name(string first, string second) => $"{first} × {second}";
}
