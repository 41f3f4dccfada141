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

    /// <summary>What sources work with, of a finished chain.</summary>
    public static FindingContext Context(
        StudyPlan plan,
        ChainOutcome chain,
        Verdict verdict,
        IReadOnlyDictionary<string, string> hashes
    ) =>
        new(chain.Merged.Estimates, plan.Study, new FeatureNames(plan))
        {
            HasHoldout = plan.Splits.Count > 1,
            LearntNothing = verdict.LearntNothing,
            Hashes = hashes,
            RemarksOn = chain.RemarksOn,
            LeftOut = [.. chain.LeftOut],
        };

    public static IReadOnlyList<Finding> Of(FindingContext context) =>
        [.. Sources.SelectMany(s => s.Of(context)).Select(context.Finish)];
}
