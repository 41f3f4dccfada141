namespace Assay.Catalogue;

/// <summary>Scored hypotheses of a run as rows.</summary>
internal static class HypothesisRows
{
    public static IReadOnlyList<Hypothesis> Of(RunPart? file, string run) =>
        [
            .. (file?.List("hypotheses") ?? []).Select(
                (part, i) =>
                {
                    var claim = part.Child("hypothesis");
                    return new Hypothesis
                    {
                        RunId = run,
                        Ordinal = i,
                        Feature = claim?.Text("feature"),
                        Expected = part.Text("expected") ?? "",
                        Reason = claim?.Text("reason"),
                        Author = claim?.Text("author"),
                        Verdict = part.Text("verdict"),
                        Grade = part.Text("grade"),
                        Because = part.Text("because"),
                        Json = part.Raw(),
                    };
                }
            ),
        ];
}
