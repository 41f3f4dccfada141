using System.Text;

namespace Assay.Studies;

/// <summary>The report's section on what was expected.</summary>
internal static class HypothesisSection
{
    public static string Write(IReadOnlyList<ScoredHypothesis> scored)
    {
        var text = new StringBuilder("## What was expected\n\n");
        int Count(HypothesisVerdict verdict) => scored.Count(s => s.Verdict == verdict);
        text.Append(
            $"Of {scored.Count} expectations written down before the study {Count(HypothesisVerdict.Supported)} are supported, "
                + $"{Count(HypothesisVerdict.Contradicted)} contradicted and {Count(HypothesisVerdict.Undecided)} undecided. "
                + "Each is judged by one number, and p is adjusted by Holm over all of them.\n\n"
        );
        text.Append(
            Text.Table(
                ["expected", "by whom and why", "verdict", "grade", "because"],
                scored.Select(s =>
                    (IReadOnlyList<string>)
                        [
                            s.Expected,
                            By(s.Hypothesis),
                            s.Verdict.ToString().ToLowerInvariant(),
                            s.Grade?.ToString() ?? "–",
                            s.Because,
                        ]
                )
            )
        );
        text.Append('\n');
        var misaligned = scored.Where(s => s.Verdict == HypothesisVerdict.Contradicted).ToArray();
        if (misaligned.Length == 0)
            return text.ToString();
        text.Append(
            "### To investigate\n\nWhere people and model disagree, one of them knows something the other does not: the feature may be broken or badly "
                + "encoded, another may stand in for it, the training data may lack the case, or the expectation is wrong.\n\n"
        );
        foreach (var s in misaligned.OrderBy(s => s.Grade))
            text.Append(
                $"- Expected that {s.Expected}{(s.Hypothesis.Author is { } a ? $" ({a})" : "")}. {s.Because}\n"
            );
        return text.Append('\n').ToString();
    }

    private static string By(Hypothesis h) =>
        string.Join(": ", new[] { h.Author, h.Reason }.OfType<string>()) is { Length: > 0 } by ? by : "–";
}
