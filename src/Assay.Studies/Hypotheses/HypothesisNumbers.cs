namespace Assay.Studies;

/// <summary>Finds, or computes, the number that each expectation is judged by.</summary>
internal sealed class HypothesisNumbers
{
    private readonly ChainContext chain;
    private readonly FindingContext context;
    private readonly bool hasHoldout;

    public HypothesisNumbers(ChainContext chain, FindingContext context)
    {
        (this.chain, this.context) = (chain, context);
        hasHoldout = chain.Splits.Count > 1;
    }

    /// <summary>What had to be computed: rows for estimates.parquet.</summary>
    public List<Estimate> Computed { get; } = [];

    public (Estimate? Number, string Missing) Of(Hypothesis h)
    {
        var (dimension, segment, missing) = Place(h);
        if (segment is null)
            return (null, missing);
        if (h.Claim is HypothesisClaim.Positive or HypothesisClaim.Negative)
            return Direct(h, dimension, segment);
        if (Measure(h) is not var (estimand, method))
            return (
                null,
                "No loss under permutation was measured; add the method permutation or conditional-permutation."
            );
        Estimate? At(string quantity, string feature) =>
            context
                .Explained(quantity)
                .FirstOrDefault(e =>
                    (e.Method, e.Dimension, e.Segment, e.Feature) == (method, dimension, segment, feature)
                );
        return h.Claim switch
        {
            HypothesisClaim.MattersMore => At(SegmentDifferenceFindings.Contrast + estimand, h.Feature) is { } contrast
                ? (contrast, "")
                : (null, "Differences between these segments were not tested; leave 'heterogeneity' on."),
            HypothesisClaim.StrongerThan => Difference(h, estimand, method, dimension, segment),
            _ => At(estimand, h.Feature) is { } own ? (own, "") : (null, "It was not measured there."),
        };
    }

    /// <summary>
    /// The loss that an expectation is judged by, settled without looking at it: given the other features where that was measured and its
    /// draw is believable, else under permutation.
    /// </summary>
    private (string, string)? Measure(Hypothesis h)
    {
        const string given = Estimands.Conditional + Estimands.Auc,
            plain = Estimands.Permutation + Estimands.Auc;
        string[] features = h.Than is null ? [h.Feature] : [h.Feature, h.Than];
        bool Has(string estimand, string method) => features.All(f => context.Overall(estimand, method, f) is not null);
        bool Believable() =>
            features.All(f =>
                context.Overall(Estimands.ConditionalCheck, Exchange.Conditional, f)?.Value <= Grading.LargestCheck
            );
        if (h.By != Exchange.Permutation && Has(given, Exchange.Conditional) && (h.By is not null || Believable()))
            return (given, Exchange.Conditional);
        if (h.By == Exchange.Conditional)
            return null;
        return Has(plain, Exchange.Permutation) ? (plain, Exchange.Permutation)
            : Has(plain, Exchange.Taylor) ? (plain, Exchange.Taylor)
            : null;
    }

    private (string Dimension, string? Segment, string Missing) Place(Hypothesis h)
    {
        if (h.Segment is null)
            return (SegmentBuilder.Overall, SegmentBuilder.All, "");
        var known = chain.Splits[0].Segments.Where(s => s.Dimension == h.Dimension).ToArray();
        var segment = known.FirstOrDefault(s => s.Name == h.Segment) ?? known.FirstOrDefault(s => s.Label == h.Segment);
        return segment is null
                ? (
                    h.Dimension!,
                    null,
                    $"No row has {h.Dimension} = '{h.Segment}'.{Nearest.Hint(h.Segment, known.Select(s => s.Label))}"
                )
            : !chain.Splits[0].IsShown(segment)
                ? (h.Dimension!, null, $"Too few rows have {h.Dimension} = '{h.Segment}'.")
            : (h.Dimension!, segment.Name, "");
    }

    // Both losses are resampled with the same weights, so their difference is.
    private (Estimate?, string) Difference(
        Hypothesis h,
        string estimand,
        string method,
        string dimension,
        string segment
    )
    {
        var made = new List<Estimate>();
        for (var s = 0; s < chain.Splits.Count; s++)
        {
            Replicated? Find(string feature) =>
                chain
                    .Merged.Replicates[s]
                    .FirstOrDefault(r =>
                        (
                            r.Estimate.Estimand,
                            r.Estimate.Method,
                            r.Estimate.Dimension,
                            r.Estimate.Segment,
                            r.Estimate.Feature
                        ) == (estimand, method, dimension, segment, feature)
                    );
            if (Find(h.Feature) is not { } own || Find(h.Than!) is not { } other)
                continue;
            double[] replicates = [.. own.Replicates.Zip(other.Replicates, (a, b) => (double)a - b)];
            var estimate = new EstimateMaker(chain.Splits[s], chain.Head).Make(
                chain.Splits[s].Segments[own.Segment],
                HypothesisScorer.Ahead + estimand,
                method,
                own.Estimate.Value - other.Estimate.Value,
                replicates,
                tested: true
            );
            made.Add(estimate with { Feature = $"{h.Feature}>{h.Than}" });
        }
        return Added(made, "It was not measured there.");
    }

    private (Estimate?, string) Direct(Hypothesis h, string dimension, string segment)
    {
        if (chain.Plan.PerRow.Count == 0)
            return (null, "No attributions were made; add a method such as integrated-gradients.");
        if (
            chain.Plan.Features.First(f => f.Entry.Name == h.Feature)
            is { Entry.HasIds: true }
                or { Elements.Count: > 1 }
        )
            return (null, "Only a number has higher values; for categories expect 'matters' or compare segments.");
        return Added(
            [
                .. chain
                    .Splits.Select(s => AttributionSlope.Of(chain, s, h.Feature, dimension, segment))
                    .OfType<Estimate>(),
            ],
            "It was not measured there."
        );
    }

    private (Estimate?, string) Added(List<Estimate> made, string missing)
    {
        var marked = Replication.Mark(made, hasHoldout);
        Computed.AddRange(marked);
        return marked.FirstOrDefault(e => e.Split == Splits.Explain) is { } explained
            ? (explained, "")
            : (null, missing);
    }
}
