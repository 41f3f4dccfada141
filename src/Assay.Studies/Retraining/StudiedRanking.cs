namespace Assay.Studies;

/// <summary>The features of a study by their importance in the given model.</summary>
internal sealed class StudiedRanking
{
    private readonly Estimate[] explain;
    private readonly Dictionary<string, Estimate> holdout;

    private StudiedRanking(string estimand, string method, Estimate[] explain, Dictionary<string, Estimate> holdout)
    {
        (Estimand, Method) = (estimand, method);
        (this.explain, this.holdout) = (explain, holdout);
    }

    public string Estimand { get; }
    public string Method { get; }

    /// <summary>Whether it is by what of the AUC is lost.</summary>
    public bool IsLossOfAuc => Estimand.EndsWith(Estimands.Permutation + Estimands.Auc, StringComparison.Ordinal);

    /// <summary>Names, strongest first.</summary>
    public IReadOnlyList<string> Strongest => [.. explain.Select(e => e.Feature)];

    /// <summary>Names whose loss of AUC lies below the margin on every split, the weakest first; none where it is no loss of AUC.</summary>
    public IReadOnlyList<string> Negligible(double margin) =>
        IsLossOfAuc
            ?
            [
                .. explain
                    .Where(e =>
                        e.High <= margin && (!holdout.TryGetValue(e.Feature, out var again) || again.High <= margin)
                    )
                    .Select(e => e.Feature)
                    .Reverse(),
            ]
            : [];

    /// <summary>The ways of ranking that a study has, the one that says most first: given the others, permuted, attributed.</summary>
    public static IReadOnlyList<StudiedRanking> All(StudyPlan plan, IReadOnlyList<Estimate> estimates)
    {
        var overall = estimates
            .Where(e => e is { Dimension: SegmentBuilder.Overall, Status: "ok", Rank: not null })
            .ToLookup(e => (e.Estimand, e.Method, e.Split));
        (string, string)[] ways =
        [
            (Estimands.Conditional + Estimands.Auc, Exchange.Conditional),
            (Estimands.Permutation + Estimands.Auc, Exchange.Permutation),
            (Estimands.Permutation + Estimands.Auc, Exchange.Taylor),
            (Estimands.Sage, Exchange.Sage),
            .. plan.PerRow.Select(m => (Estimands.MeanAbsAttribution, m.Id)),
        ];
        return
        [
            .. ways.Where(w => overall.Contains((w.Item1, w.Item2, Splits.Explain)))
                .Select(w => new StudiedRanking(
                    w.Item1,
                    w.Item2,
                    [.. overall[(w.Item1, w.Item2, Splits.Explain)].OrderBy(e => e.Rank)],
                    overall[(w.Item1, w.Item2, Splits.Holdout)].DistinctBy(e => e.Feature).ToDictionary(e => e.Feature)
                )),
        ];
    }
}
