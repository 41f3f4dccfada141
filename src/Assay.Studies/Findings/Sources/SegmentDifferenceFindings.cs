namespace Assay.Studies;

/// <summary>
/// Where the model leans on a feature more, or less, than elsewhere: contrasts of a segment with the rest of its dimension.
/// Only what is shown is said; the better graded way of measuring speaks where several show it.
/// </summary>
internal sealed class SegmentDifferenceFindings : IFindingSource
{
    public const string Contrast = "contrast_";

    public IEnumerable<FindingDraft> Of(FindingContext context) =>
        context
            .Beginning(Contrast)
            .Where(e => e.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal))
            .Where(e => e.Dimension != SegmentBuilder.Overall && !SegmentLeaderFindings.IsTheDimension(context, e))
            .Select(e => context.Of(e, context.Margin) with { Said = FindingKind.SegmentDifference })
            .Where(e => e.IsShown)
            .GroupBy(e => (e.Estimate.Dimension, e.Estimate.Segment, e.Estimate.Feature))
            // Between equals what is given the other features says more.
            .Select(g => g.OrderBy(e => Grading.Of(e).Grade).ThenByDescending(e => e.Basis).First())
            .Select(e => Draft(context, e));

    private static FindingDraft Draft(FindingContext context, Evidence evidence)
    {
        var e = evidence.Estimate;
        var title = context.Names.Title(e.Feature);
        var segment = SegmentLeaderFindings.Place(context, e);
        var more = e.Value > 0 ? "more" : "less";
        var own = context.Beside(e, e.Estimand[Contrast.Length..])?.Value ?? double.NaN;
        var numbers = double.IsNaN(own)
            ? $"the loss of AUC without it differs by {Text.Number(Math.Abs(e.Value))}"
            : $"without it the model loses {Text.Number(own)} of AUC there, {Text.Number(own - e.Value)} elsewhere";
        return new()
        {
            Evidence = evidence,
            Effect = evidence.IsConditional
                ? $"{title} adds {more} {segment} than elsewhere: {numbers}."
                : $"{title} counts {more} {segment} than elsewhere: {numbers}.",
            ForWhom =
                $"The {Text.Count(e.Rows)} rows of {Text.Count(e.Clusters)} {context.Names.Units} {segment}, against all others.",
            ToDo =
                $"Judge changes to {title} {segment} apart from the rest; where leaders differ too, consider a part of the model of its own.",
            Alternatives =
            [
                "the feature varies more in one of the groups, or the rest of the model tells rows apart better in one, while the model treats both alike",
            ],
            Assumptions = evidence.IsConditional
                ? ["the conditional model is as good inside the segment as over all rows"]
                : [],
        };
    }
}
