using System.Text;

namespace Assay.Gradients;

/// <summary>The operators that gradients go through, as documentation.</summary>
public static class OperatorTable
{
    /// <summary>A Markdown page made of the rule table itself: operator, first opset, kinks and limits.</summary>
    public static string Markdown()
    {
        var rules = GradientRules.All.OrderBy(r => r.Operator, StringComparer.Ordinal).ToArray();
        var through = rules.Where(r => r.Gradient is not null).ToArray();
        var page = new StringBuilder();
        page.Append(
            $"""
            # Operators with a gradient

            Made from the rule table by the tests; do not edit. Run them with `ASSAY_UPDATE_DOCS=1` after changing a rule.

            Gradients go through the {through.Length} operators of the standard ONNX domain below. Each rule is compared with
            central finite differences in double precision (relative error below 1e-8; the gradient's own gradient below
            1e-7), with shapes known, symbolic and unknown, and with and without broadcasting. The opset is the first whose
            form of the operator the rule understands. Models older than opset 16 are raised to it before they are
            differentiated, so an older form is no obstacle.

            Any other operator on the way is an error that names the node; methods that need no gradient still work.

            | operator | opset | kinks and limits |
            |---|---|---|

            """
        );
        foreach (var rule in through)
            page.Append($"| {rule.Operator} | {rule.Since} | {rule.Note} |\n");
        page.Append(
            """

            ## Operators that end a gradient

            Their outputs do not vary continuously with their inputs; the gradient through them is 0.

            | operator | why |
            |---|---|

            """
        );
        foreach (var rule in rules.Where(r => r.Gradient is null))
            page.Append($"| {rule.Operator} | {rule.Note} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }
}
