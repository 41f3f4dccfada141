using Assay.Statistics;

namespace Assay.Studies;

/// <summary>A trivial rule: its name and its logit for each row of a split.</summary>
internal sealed record Floor(string Method, string Title, double[] Logits);

/// <summary>
/// The trivial rules a model must beat, fitted on one split and applied to another. Rules fitted on the very period they
/// are judged on are distorted by how negatives were sampled (a product drawn as a negative was sold in that period, so
/// elsewhere in it stands its positive row); only a study without a holdout does so, by cross-fitting: no rule has seen
/// the row it scores. Folds then hold whole clusters, but for the user's own rate, where they hold whole lists (whole rows
/// without lists).
/// </summary>
internal sealed class Floors
{
    private readonly StudyPlan plan;
    private readonly FloorRows fit;
    private readonly SmoothedRates? items;
    private readonly SmoothedRates users;
    private readonly double[] popularity = [];
    private readonly (double Intercept, double Slope)[] curves = [];
    private readonly double rate;

    public Floors(StudyPlan plan, SplitData fitted)
    {
        this.plan = plan;
        fit = new FloorRows(plan, fitted);
        rate = fitted.Split.Rate;
        users = new SmoothedRates(fit.Users, fit.Labels, fit.ListFolds);
        if (plan.Study.Item is not null)
            items = new SmoothedRates(fit.Items, fit.Labels, fit.ClusterFolds);
        if (items is null && plan.Study.Popularity is null)
            return;
        popularity = Popularity(fit, ownFolds: true);
        curves =
        [
            .. Enumerable
                .Range(0, SmoothedRates.Folds)
                .Select(f => Rising(LogisticFit.Of(popularity, fit.Labels, i => fit.ClusterFolds[i] != f))),
            Rising(LogisticFit.Of(popularity, fit.Labels, _ => true)),
        ];
    }

    /// <summary>The rules for each split: from the other one, or cross-fitted where there is only one.</summary>
    public static IReadOnlyList<IReadOnlyList<Floor>> For(StudyPlan plan, IReadOnlyList<SplitData> splits) =>
        [.. splits.Select((s, i) => new Floors(plan, splits[splits.Count - 1 - i]).On(s))];

    /// <summary>Every rule on one split.</summary>
    public IReadOnlyList<Floor> On(SplitData data)
    {
        var own = data.Split.Name == fit.Split;
        var rows = own ? fit : new FloorRows(plan, data);
        var floors = new List<Floor> { new("floor:global-rate", "the global rate", Each(rows, _ => rate)) };
        if (curves.Length > 0)
            floors.Add(new("floor:item-popularity", "item popularity", Popular(rows, own)));
        floors.Add(
            new(
                "floor:user-rate",
                "the user's own rate",
                Each(rows, i => users.Rate(rows.Users[i], rate, own ? rows.ListFolds[i] : -1))
            )
        );
        if (items is null)
            return floors;
        double ItemRate(int i) => items.Rate(rows.Items[i], rate, own ? rows.ClusterFolds[i] : -1);
        floors.Add(new("floor:item-rate", "the item's rate", Each(rows, ItemRate)));
        foreach (var dimension in fit.Segments.Keys.Where(rows.Segments.ContainsKey))
        {
            var crossed = new SmoothedRates(Cross(fit, dimension), fit.Labels, fit.ClusterFolds);
            var keys = Cross(rows, dimension);
            floors.Add(
                new(
                    $"floor:item-rate-by-{dimension}",
                    $"the item's rate by {dimension}",
                    Each(rows, i => crossed.Rate(keys[i], ItemRate(i), own ? rows.ClusterFolds[i] : -1))
                )
            );
        }
        return floors;
    }

    // The rule is "the more popular the likelier": sampling that turns the slope round does not turn the rule round.
    private static (double, double) Rising((double Intercept, double Slope) curve) =>
        (curve.Intercept, Math.Max(curve.Slope, 1e-6));

    private double[] Popular(FloorRows rows, bool own)
    {
        var x = own ? popularity : Popularity(rows, ownFolds: false);
        var logits = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (intercept, slope) = own ? curves[rows.ClusterFolds[i]] : curves[^1];
            logits[i] = intercept + slope * x[i];
        }
        return logits;
    }

    // Counted popularity leaves out the row's own fold; elsewhere the whole count is scaled to the same size.
    private double[] Popularity(FloorRows rows, bool ownFolds)
    {
        var x = new double[rows.Labels.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var count = plan.Study.Popularity is not null
                ? rows.Popularity[i]
                : items!.Counts(rows.Items[i], ownFolds ? rows.ClusterFolds[i] : -1).Positives
                    * (ownFolds ? 1 : 1 - 1.0 / SmoothedRates.Folds);
            x[i] = Math.Log(1 + Math.Max(0, count));
        }
        return x;
    }

    private static ulong[] Cross(FloorRows rows, string dimension)
    {
        var keys = new ulong[rows.Items.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = StableHash.Combine(rows.Items[i], rows.Segments[dimension][i]);
        return keys;
    }

    private static double[] Each(FloorRows rows, Func<int, double> rate)
    {
        var logits = new double[rows.Labels.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            var p = rate(i);
            logits[i] = Math.Log(p / (1 - p));
        }
        return logits;
    }
}

/// <summary>What the floors need of a split's rows.</summary>
internal sealed class FloorRows
{
    public FloorRows(StudyPlan plan, SplitData data)
    {
        Split = data.Split.Name;
        Labels = data.Label;
        using var reader = new PreparedReader(plan, data.Split);
        Users = [.. data.Cluster.Select(c => data.ClusterKeys[c])];
        Items = Array.ConvertAll(reader.ReadAll<long>(PreparedColumns.ItemKey), k => unchecked((ulong)k));
        Popularity = reader.ReadAll<double>(PreparedColumns.Popularity);
        ClusterFolds = Array.ConvertAll(Users, Fold);
        var lists = reader.ReadAll<long>(plan.Study.Request is null ? PreparedColumns.Row : PreparedColumns.RequestKey);
        ListFolds = Array.ConvertAll(lists, k => Fold(unchecked((ulong)k)));
        var columns = data.Split.Segments.Select((s, i) => (s, i)).GroupBy(p => p.s.Dimension);
        // Predicates overlap, so an item has no one rate by them.
        foreach (
            var one in columns
                .Where(g => g.Count() == 1 && !ConfounderDefinition.IsHidden(g.Key))
                .Select(g => g.First())
        )
        {
            var hashes = one.s.Labels.Select(StableHash.Of).ToArray();
            var codes = reader.ReadAll<int>(PreparedColumns.Segment(one.i));
            if (codes.All(c => c >= 0))
                Segments[one.s.Dimension] = Array.ConvertAll(codes, c => hashes[c]);
        }
    }

    public string Split { get; }
    public double[] Labels { get; }
    public ulong[] Users { get; }
    public ulong[] Items { get; }
    public double[] Popularity { get; }
    public int[] ClusterFolds { get; }
    public int[] ListFolds { get; }

    /// <summary>By dimension a key of each row's segment.</summary>
    public Dictionary<string, ulong[]> Segments { get; } = [];

    private static int Fold(ulong key) => (int)(StableHash.Combine("floor", key) % SmoothedRates.Folds);
}
