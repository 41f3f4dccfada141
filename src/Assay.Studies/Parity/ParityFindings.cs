namespace Assay.Studies;

/// <summary>A feature whose explained rows are unlike those of training in one place.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Psi">Its index.</param>
/// <param name="Missing">By how much more it is missing; null: never.</param>
/// <param name="Unseen">How often its ids are new; null: no ids.</param>
/// <param name="Shift">How far its mean moved; null: no numbers.</param>
/// <param name="Cell">The shares behind it.</param>
internal sealed record FeatureDrift(
    string Feature,
    Estimate Psi,
    Estimate? Missing,
    Estimate? Unseen,
    Estimate? Shift,
    FeatureParity Cell
)
{
    /// <summary>How often it is missing, if that differs beyond chance and by a hundredth of the rows.</summary>
    public string MissingClause =>
        Missing is { PAdjusted: < Grading.Level } m && Math.Abs(m.Value) >= 0.01
            ? $", missing in {Text.Percent(Cell.Missing.Rows)} of the rows instead of {Text.Percent(Cell.Missing.Training)}"
            : "";

    /// <summary>How often its ids are new, if that is often.</summary>
    public string UnseenClause =>
        Unseen is { Low: > ParityFindings.ManyUnseen } u
            ? $", {Text.Percent(u.Value)} of its ids never seen there"
            : "";
}

/// <summary>What parity found, with adjusted p-values.</summary>
internal sealed class ParityFindings
{
    /// <summary>A share of ids that training does not have, from which a pipeline is in question.</summary>
    public const double ManyUnseen = 0.05;
    private readonly FeatureDrift[] all;

    public ParityFindings(ChainContext context, IReadOnlyList<FeatureParity> cells, Estimate[] adjusted)
    {
        Limits = context.Study.Parity!;
        var next = 0;
        all =
        [
            .. cells.Select(cell =>
            {
                // Families.Adjusted keeps the order.
                var own = adjusted.AsSpan(next, cell.Estimates.Count).ToArray();
                next += own.Length;
                Estimate? Of(string estimand) => own.FirstOrDefault(e => e.Estimand == estimand);
                return new FeatureDrift(
                    own[0].Feature,
                    own[0],
                    Of(Estimands.ParityMissing),
                    Of(Estimands.ParityUnseen),
                    Of(Estimands.ParityShift),
                    cell
                );
            }),
        ];
    }

    public ParityDefinition Limits { get; }

    /// <summary>Every feature over all explained rows, the most unlike first.</summary>
    public IEnumerable<FeatureDrift> Overall =>
        Explained.Where(d => d.Psi.Dimension == SegmentBuilder.Overall).OrderByDescending(d => d.Psi.Value);

    /// <summary>Those over all explained rows that are beyond a limit and chance.</summary>
    public IEnumerable<FeatureDrift> Drifted(double? beyond = null) => Overall.Where(d => IsDrift(d.Psi, beyond));

    /// <summary>The worst segment of each feature and dimension that drifts where the feature over all rows does not.</summary>
    public IEnumerable<FeatureDrift> InSegments
    {
        get
        {
            var known = Drifted().Select(d => d.Feature).ToHashSet();
            return Explained
                .Where(d => d.Psi.Dimension != SegmentBuilder.Overall && !known.Contains(d.Feature) && IsDrift(d.Psi))
                .GroupBy(d => (d.Feature, d.Psi.Dimension))
                .Select(g => g.MaxBy(d => d.Psi.Value)!)
                .OrderByDescending(d => d.Psi.Value);
        }
    }

    private IEnumerable<FeatureDrift> Explained => all.Where(d => d.Psi.Split == Splits.Explain);

    private bool IsDrift(Estimate psi, double? beyond = null) =>
        psi.Value > (beyond ?? Limits.Warn) && psi.PAdjusted < Grading.Level;
}
