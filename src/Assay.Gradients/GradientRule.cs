namespace Assay.Gradients;

/// <summary>What a rule returns for each input of its node: the value that holds the gradient, or null for none.</summary>
internal delegate string?[] Gradient(RuleContext context);

/// <summary>
/// One row of the rule table: how the gradient of an operator's outputs becomes that of its inputs. The engine, not the
/// rule, decides which nodes are reached, adds up what several consumers send, and undoes broadcasting.
/// </summary>
/// <param name="Operator">Operator of the standard domain.</param>
/// <param name="Gradient">The rule; null for an operator through which no gradient flows.</param>
/// <param name="Broadcasts">Whether inputs broadcast against each other, so that their gradients must be summed back.</param>
/// <param name="Since">First opset whose form the rule understands.</param>
/// <param name="Note">What is exact where: kinks, limits. Shown in the operator table of the docs.</param>
internal sealed record GradientRule(
    string Operator,
    Gradient? Gradient,
    bool Broadcasts = false,
    int Since = GradientRule.LowestOpset,
    string Note = ""
)
{
    /// <summary>
    /// The lowest opset in which gradients can be written: comparisons of floats, negative axes, scatters came with it.
    /// </summary>
    public const int LowestOpset = 11;

    /// <summary>
    /// For an operator with subgraphs: the gradients of the values that these capture from the graph around them, given
    /// those of which they are wanted.
    /// </summary>
    public Func<RuleContext, IReadOnlyList<string>, IReadOnlyDictionary<string, string>>? Captured { get; init; }
}
