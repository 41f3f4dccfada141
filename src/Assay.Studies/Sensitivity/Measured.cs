namespace Assay.Studies;

/// <summary>The sizes and means of one method's attributions of all features, by the study itself or a variant.</summary>
/// <param name="Sizes">Mean |attribution| of each feature.</param>
/// <param name="Means">Mean attribution of each feature.</param>
/// <param name="Ranking">Its order of the features with replicates.</param>
internal sealed record Measured(Estimate[] Sizes, Estimate[] Means, MethodRanking Ranking)
{
    /// <summary>Of the study itself, over all explained rows.</summary>
    public static Measured? Own(ChainContext context, string method) =>
        Of(
            context,
            method,
            context.Merged.Estimates,
            context
                .Merged.Replicates[0]
                .Where(r => r.Segment == 0)
                .DistinctBy(r => Key(r.Estimate))
                .ToDictionary(r => Key(r.Estimate), r => r.Replicates)
        );

    /// <summary>Of a finished variant.</summary>
    public static Measured? Of(ChainContext context, string method, StudyResult result)
    {
        using var reader = ColumnReader.Open(ReplicatesFile.PathOf(result.Folder, Splits.Explain));
        return Of(
            context,
            method,
            result.Estimates,
            result
                .Estimates.Where(e => IsSize(e, method) && reader.Has(ReplicatesFile.Column(e)))
                .ToDictionary(Key, e => reader.Read<float>(0, ReplicatesFile.Column(e)))
        );
    }

    /// <summary>Features whose size a variant puts outside this one's interval; differences of rounding do not count.</summary>
    public IReadOnlyList<int> Outside(Measured variant)
    {
        var rounding = 1e-6 * Sizes.Max(e => Math.Abs(e.Value));
        return
        [
            .. Enumerable
                .Range(0, Sizes.Length)
                .Where(f =>
                    variant.Sizes[f].Value < Sizes[f].Low - rounding
                    || variant.Sizes[f].Value > Sizes[f].High + rounding
                ),
        ];
    }

    private static Measured? Of(
        ChainContext context,
        string method,
        IReadOnlyList<Estimate> estimates,
        Dictionary<(string, string, string), float[]> replicates
    )
    {
        var features = context.Plan.Features.Select(f => f.Entry.Name).ToArray();
        Estimate[] Find(string estimand)
        {
            var found = estimates
                .Where(e =>
                    e.Split == Splits.Explain
                    && e.Dimension == SegmentBuilder.Overall
                    && e.Estimand == estimand
                    && e.Method == method
                )
                .ToDictionary(e => e.Feature);
            return [.. features.Where(found.ContainsKey).Select(f => found[f])];
        }
        var sizes = Find(Estimands.MeanAbsAttribution);
        var means = Find(Estimands.MeanAttribution);
        if (
            sizes.Length < features.Length
            || means.Length < features.Length
            || !sizes.All(e => replicates.ContainsKey(Key(e)))
        )
            return null;
        var ranking = MethodRanking.Of([.. sizes.Select(e => new Replicated(e, 0, replicates[Key(e)]))], features);
        return new(sizes, means, ranking.Single());
    }

    private static bool IsSize(Estimate e, string method) =>
        e.Estimand == Estimands.MeanAbsAttribution && e.Method == method;

    private static (string, string, string) Key(Estimate e) => (e.Estimand, e.Method, e.Feature);
}
