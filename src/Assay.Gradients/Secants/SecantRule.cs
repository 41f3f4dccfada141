namespace Assay.Gradients.Secants;

/// <summary>What a secant rule returns for each input of its node: the value that holds the share, or null for none.</summary>
internal delegate string?[] Secant(SecantContext context);

/// <summary>
/// One row of the table of secant rules: how a change of an operator's output over an interval is shared among its
/// inputs, as factors g with Σ g·Δinput = Δoutput up to rounding, whatever the interval. As the interval shrinks the
/// factors tend to the gradient.
/// </summary>
/// <param name="Operator">Operator of the standard domain.</param>
/// <param name="Share">The rule.</param>
/// <param name="IsLinear">Whether it is the ordinary rule, the operator being linear in what varies.</param>
internal sealed record SecantRule(string Operator, Secant Share, bool IsLinear = false);
