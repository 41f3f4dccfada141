using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What a ranking of features answers. Rankings of one question ought to agree; those of different ones may not and both be right.</summary>
internal enum Question
{
    /// <summary>How much the model uses a feature.</summary>
    Uses,

    /// <summary>What the model loses without its link to the label.</summary>
    Loses,

    /// <summary>What it loses beyond what the other features know.</summary>
    LosesGivenOthers,
}

/// <summary>The features of one split as one method orders them, with its bootstrap replicates.</summary>
/// <param name="Method">The method.</param>
/// <param name="Question">What it answers.</param>
/// <param name="Values">The importance of each feature; larger is stronger.</param>
/// <param name="Replicates">The same in each replicate, replicate × feature; undefined ones are left NaN.</param>
internal sealed record MethodRanking(string Method, Question Question, double[] Values, double[][] Replicates)
{
    /// <summary>One ranking for each method that gives one, over all rows: attributions by size, losses of AUC or else of logloss.</summary>
    public static IReadOnlyList<MethodRanking> Of(IReadOnlyList<Replicated> all, IReadOnlyList<string> features) =>
        [
            .. all.Where(r => r.Segment == 0)
                .GroupBy(r => r.Estimate.Method)
                .Select(g => Of(g.Key, [.. g], features))
                .OfType<MethodRanking>(),
        ];

    /// <summary>Places of the features in a vector of importances, 1 the strongest, equal ones at their mean place.</summary>
    public static double[] Places(double[] values) => RankCorrelation.MeanRanks(Array.ConvertAll(values, v => -v));

    /// <summary>Numbers of the features, strongest first; equal ones in the dictionary's order.</summary>
    public static int[] Order(double[] values) =>
        [.. Enumerable.Range(0, values.Length).OrderByDescending(f => values[f])];

    private static MethodRanking? Of(string method, Replicated[] rows, IReadOnlyList<string> features)
    {
        foreach (var (suffix, question) in Estimated)
        {
            var found = rows.Where(r => r.Estimate.Estimand == suffix)
                .GroupBy(r => r.Estimate.Feature)
                .ToDictionary(g => g.Key, g => g.First());
            if (!features.All(found.ContainsKey))
                continue;
            var chosen = features.Select(f => found[f]).ToArray();
            var replicates = new double[chosen.Min(c => c.Replicates.Length)][];
            for (var r = 0; r < replicates.Length; r++)
                replicates[r] = Array.ConvertAll(chosen, c => (double)c.Replicates[r]);
            return new(method, question, Array.ConvertAll(chosen, c => c.Estimate.Value), replicates);
        }
        return null;
    }

    // The first that a method has for all features.
    private static readonly (string Estimand, Question Question)[] Estimated =
    [
        (Estimands.MeanAbsAttribution, Question.Uses),
        (Estimands.Permutation + Estimands.Auc, Question.Loses),
        (Estimands.Permutation + Estimands.LogLoss, Question.Loses),
        (Estimands.Conditional + Estimands.Auc, Question.LosesGivenOthers),
        (Estimands.Conditional + Estimands.LogLoss, Question.LosesGivenOthers),
        (Estimands.Sage, Question.Loses),
    ];
}
