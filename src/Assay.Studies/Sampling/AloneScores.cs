using Assay.Statistics;

namespace Assay.Studies;

/// <summary>A simple rule's scores of a split's rows, and within which folds they can be compared (null: any).</summary>
internal sealed record AloneScores(string Feature, string Method, double[] Scores, int[]? Folds);

/// <summary>
/// Scores of simple rules on one split, fitted on the other one where there is one, else on the split itself. Either way
/// no user is on both sides, but where it is the user's own rate that is asked for.
/// </summary>
internal sealed class AloneRules(StudyPlan plan, SplitData judged, SplitData fitted)
{
    public const string Popularity = "alone:popularity";
    public const string User = "alone:user";
    public const string Item = "alone:item";
    public const string UserItem = "alone:user*item";
    public const string SameRows = "alone:item-of-the-same-rows";

    private readonly FloorRows rows = new(plan, judged);
    private readonly FloorRows fit = new(plan, fitted);

    /// <summary>One field by itself.</summary>
    public AloneScores Field(BoundFeature feature)
    {
        using var own = new PreparedReader(plan, judged.Split);
        using var other = new PreparedReader(plan, fitted.Split);
        var codes = new FieldCodes(feature, other);
        var keys = codes.Of(own);
        var rule = new AloneRule(IsSame ? keys : codes.Of(other), fit.Labels, fit.ClusterFolds);
        return new(feature.Entry.Name, Estimands.Alone, rule.Score(keys, rows.ClusterFolds), rows.ClusterFolds);
    }

    /// <summary>Popularity, the user's rate, the item's, both with the pair's.</summary>
    public IEnumerable<AloneScores> Combinations()
    {
        if (plan.Study.Popularity is not null)
        {
            var edges = FieldCodes.Edges(fit.Popularity);
            var rule = new AloneRule([FieldCodes.Binned(fit.Popularity, edges)], fit.Labels, fit.ClusterFolds);
            var scores = rule.Score([FieldCodes.Binned(rows.Popularity, edges)], rows.ClusterFolds);
            yield return new("", Popularity, scores, rows.ClusterFolds);
        }
        else if (plan.Study.Item is not null)
            yield return new("", Popularity, Counted(), rows.ClusterFolds);
        // The user's own rows may be seen, but not those of the same list.
        var seen = IsSame ? rows.ListFolds : null;
        var user = new AloneRule([fit.Users], fit.Labels, fit.ListFolds);
        yield return new("", User, user.Score([rows.Users], seen), seen);
        if (plan.Study.Item is null)
            yield break;
        yield return OfItem(Item, fit);
        yield return new("", UserItem, Pairs(seen), seen);
        if (!IsSame)
            yield return OfItem(SameRows, rows);
    }

    private bool IsSame => judged == fitted;

    private AloneScores OfItem(string method, FloorRows from)
    {
        var rule = new AloneRule([from.Items], from.Labels, from.ClusterFolds);
        return new("", method, rule.Score([rows.Items], rows.ClusterFolds), rows.ClusterFolds);
    }

    // Positives of the item among the users of other folds.
    private double[] Counted()
    {
        var counts = new SmoothedRates(fit.Items, fit.Labels, fit.ClusterFolds);
        return [.. rows.Items.Select((item, i) => (double)counts.Counts(item, rows.ClusterFolds[i]).Positives)];
    }

    // The pair's rate is drawn to what user and item say.
    private double[] Pairs(int[]? seen)
    {
        var both = new AloneRule([fit.Users, fit.Items], fit.Labels, fit.ListFolds);
        var pairs = new SmoothedRates(Pairs(fit), fit.Labels, fit.ListFolds);
        var scores = both.Score([rows.Users, rows.Items], seen);
        var keys = Pairs(rows);
        for (var i = 0; i < scores.Length; i++)
        {
            var without = seen?[i] ?? -1;
            var prior = 1 / (1 + Math.Exp(-scores[i] - AloneRule.LogOdds(both.BaseRate(without))));
            scores[i] = AloneRule.LogOdds(pairs.Rate(keys[i], prior, without));
        }
        return scores;
    }

    private static ulong[] Pairs(FloorRows of) =>
        [.. of.Users.Zip(of.Items, (user, item) => StableHash.Combine(user, item))];
}
