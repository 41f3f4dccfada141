namespace Assay.Studies;

/// <summary>From estimates and the verdict to findings.</summary>
internal static class FindingMaker
{
    /// <summary>The kinds of findings: one file each. Their order is that of <c>findings.json</c>.</summary>
    public static readonly IReadOnlyList<IFindingSource> Sources =
    [
        new ImportanceFindings(),
        new SegmentLeaderFindings(),
        new SegmentDifferenceFindings(),
        new RefitFindings(),
        new CrossFindings(),
        new ProxyFindings(),
        new PersistenceFindings(),
        new DriftFindings(),
        new SamplingFindings(),
        new AgreementFindings(),
    ];

    public static IReadOnlyList<Finding> Of(
        StudyPlan plan,
        ChainOutcome chain,
        Verdict verdict,
        IReadOnlyDictionary<string, string> hashes
    ) =>
        Of(
            new FindingContext(chain.Merged.Estimates, plan.Study, new FeatureNames(plan))
            {
                HasHoldout = plan.Splits.Count > 1,
                LearntNothing = verdict.LearntNothing,
                Hashes = hashes,
                RemarksOn = chain.RemarksOn,
                LeftOut = [.. chain.LeftOut],
            }
        );

    public static IReadOnlyList<Finding> Of(FindingContext context) =>
        [.. Sources.SelectMany(s => s.Of(context)).Select(context.Finish)];
}
