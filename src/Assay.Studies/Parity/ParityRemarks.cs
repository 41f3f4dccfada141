namespace Assay.Studies;

/// <summary>What drift holds against the findings about a feature.</summary>
internal static class ParityRemarks
{
    public static IEnumerable<Remark> Of(ParityFindings found)
    {
        foreach (var d in found.Drifted())
            yield return new(
                d.Feature,
                $"its values differ from those in training{Clauses(d)}",
                d.Psi.Value > found.Limits.Alarm ? Grade.C : null
            );
        // What differs in a segment only is said, and no reason to doubt the whole.
        foreach (var d in found.InSegments.DistinctBy(d => d.Feature))
            yield return new(
                d.Feature,
                $"where {d.Psi.Dimension} is {d.Psi.SegmentLabel} its values differ from those in training{Clauses(d)}"
            );
    }

    private static string Clauses(FeatureDrift d) =>
        $": stability index {Text.Number(d.Psi.Value)}{d.MissingClause}{d.UnseenClause}";
}
