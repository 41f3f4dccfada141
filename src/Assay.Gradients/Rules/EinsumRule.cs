using Assay.Onnx;

namespace Assay.Gradients.Rules;

/// <summary>Sums of products written as an equation.</summary>
internal static class EinsumRule
{
    public static readonly GradientRule[] Rows =
    [
        new("Einsum", Einsum, Since: 12, Note: "no diagonals; an ellipsis only with one operand"),
    ];

    // The gradient of an operand is the sum of products of all else: swap the operand's term with the result's.
    private static string?[] Einsum(RuleContext c)
    {
        var (terms, result) = Parse(c);
        return [.. terms.Select((_, i) => c.Needs(i) ? OfOperand(c, terms, result, i) : null)];
    }

    private static string OfOperand(RuleContext c, string[] terms, string result, int i)
    {
        var e = c.Emit;
        var others = Enumerable.Range(0, terms.Length).Where(j => j != i).ToArray();
        var given = result + string.Concat(others.Select(j => terms[j]));
        var reached = string.Concat(terms[i].Where(given.Contains));
        var equation = $"{string.Join(',', others.Select(j => terms[j]).Prepend(result))}->{reached}";
        var gradient = e.Node("Einsum", [c.G, .. others.Select(c.Input)], ("equation", equation));
        if (reached.Length == terms[i].Length)
            return gradient;
        // What the operand alone is summed over is repeated.
        var missing = Enumerable.Range(0, terms[i].Length).Where(d => !given.Contains(terms[i][d]));
        return e.ExpandTo(e.Unsqueeze(gradient, [.. missing.Select(d => (long)d)]), e.Shape(c.Input(i)));
    }

    private static (string[] Terms, string Result) Parse(RuleContext c)
    {
        var sides = c.Node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        var terms = sides[0].Split(',');
        // Without a result, what occurs once stays, in alphabetical order.
        var once = sides[0].Where(char.IsLetter).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order();
        var result = sides.Length > 1 ? sides[1] : string.Concat(once);
        var ellipsis = c.Node.Text("equation", "").Contains('.', StringComparison.Ordinal);
        if (ellipsis && (terms.Length > 1 || sides.Length == 1 || !result.Contains('.', StringComparison.Ordinal)))
            throw c.Unsupported("an ellipsis over several operands has no rule; write the dimensions out");
        if (terms.Any(t => t.Where(char.IsLetter).Distinct().Count() != t.Count(char.IsLetter)))
            throw c.Unsupported("a diagonal has no rule");
        return (terms, result);
    }
}
