using System.Globalization;
using System.Text;
using Assay.Gradients.Preparation;
using Assay.Gradients.Relevances;
using Assay.Gradients.Rules;
using Assay.Gradients.Secants;

namespace Assay.Gradients;

/// <summary>The operators that gradients go through, as documentation.</summary>
internal static class OperatorTable
{
    /// <summary>
    /// A Markdown page made of the rule table itself, operator, first opset, kinks and limits, and of the worst errors
    /// that the tests measured.
    /// </summary>
    /// <param name="errors">Relative errors against finite differences, first and second order, by operator.</param>
    /// <param name="forms">How many forms are tested.</param>
    /// <param name="twice">How many of these to second order.</param>
    public static string Markdown(
        IReadOnlyDictionary<string, (double First, double Second)> errors,
        int forms,
        int twice
    )
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
            1e-7), with shapes known, symbolic and unknown, and with and without broadcasting: {forms} forms, each three
            times (what needs a rank must refuse where it is unknown), and {twice} of them to second order. The opset is the first whose
            form of the operator the rule understands. Models older than opset 16 are raised to it before they are
            differentiated, so an older form is no obstacle.

            The errors are the worst of all forms tested, on this scale mostly those of the finite differences themselves;
            a dash where the gradient's own gradient is not claimed.

            Written out before differentiation, in operators of the table: {string.Join(
                ", ",
                UnrolledRules.Reasons.Keys
            )}
            where the number of steps is known and at most {StaticLoops.MaximumSteps}, If where shapes decide it, PyTorch's
            EmbeddingBag (ids [batch, length], or a vector of ids with offsets: bags of unequal length and empty ones
            become sums by segment), model-local functions, and of the domain ai.onnx.ml Scaler, Imputer, Normalizer (L1,
            L2), FeatureVectorizer, Binarizer, OneHotEncoder, and LabelEncoder of integers. Encoders of strings
            (LabelEncoder, CategoryMapper) stay, are executed, and features enter behind them. Normalizer MAX and
            TreeEnsemble have no gradient.

            A Loop of any length, and a Scan, that carries nothing from one iteration to the next is differentiated by
            another Loop, and an If that data decide by another If; a Loop that carries values and whose length is unknown is
            refused. Explanations of bags that lie behind one another in one vector are refused too, by every method, as
            nothing says there which ids belong to a row.

            A slope says that the rule of secants of integrated gradients, and with it DeepLIFT, goes through the operator too; a
            relevance, that layer-wise relevance propagation does.

            Any other operator on the way is an error that names the node; methods that need no gradient still work.

            | operator | opset | 1st order | 2nd order | slope | relevance | kinks and limits |
            |---|---|---|---|---|---|---|

            """
        );
        foreach (var rule in through)
            page.Append(
                $"| {rule.Operator} | {rule.Since} | {Errors(errors[rule.Operator])} | {Slope(rule)} | {Relevance(rule)} | {rule.Note} |\n"
            );
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
        page.Append(Peers);
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Slope(GradientRule rule) => SecantRules.Find(rule.Operator) is null ? "" : "yes";

    private static string Relevance(GradientRule rule) => RelevanceRules.Find(rule.Operator) is null ? "" : "yes";

    private static string Errors((double First, double Second) worst) =>
        $"{Rounded(worst.First)} | {Rounded(worst.Second)}";

    private static string Rounded(double error) =>
        double.IsNaN(error) ? "–"
        : error < 1e-15 ? "0"
        : error.ToString("0e-0", CultureInfo.InvariantCulture);

    // Compared by hand; the date says when.
    private const string Peers = """

        ## Beside two Python packages

        Both also write derivatives of ONNX graphs as ONNX graphs. What their own pages said, as archived and read on
        23 November 2026: README and change log of onnx-ad's repository (0.1.0 of 22 September 2026 and what came after it,
        unreleased then), the start of onnax 0.1.0's page on PyPI, which calls it an experimental alpha.
        Nothing was run; later versions may do more.

        | | Assay | onnx-ad | onnax |
        |---|---|---|---|
        | modes | reverse | forward, reverse | forward, reverse, and vectorising (vmap) |
        | operators | the tables above | 109 rules in 0.1.0 | not read |
        | pooling, Einsum, GatherElements, ScatterElements, LpNormalization, InstanceNormalization | yes | not listed, most named as missing | not read |
        | Det, bitwise operators | no | as zero gradients | not read |
        | If | any, inlined where constants or shapes decide it | any, inlined where constant | not read |
        | Loop, Scan | any length where nothing is carried, else written out where the length is known | any length, or written out | not read |
        | RNN, GRU, LSTM | written out where the length is known | a module in the repository, not documented | not read |
        | second order | every rule tested | forward over reverse, tested | Hessian-vector products shown |
        """;
}
