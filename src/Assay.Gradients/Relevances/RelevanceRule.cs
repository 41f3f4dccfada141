namespace Assay.Gradients.Relevances;

/// <summary>What a relevance rule returns for each input of its node: the value that holds its relevance, or null for none.</summary>
internal delegate string?[] Relevance(RelevanceContext context);

/// <summary>
/// One row of the table of relevance rules: how the relevance of an operator's output is shared among its inputs. What all
/// inputs get, constants among them, sums to what the output had, but for ε.
/// </summary>
/// <param name="Operator">Operator of the standard domain.</param>
/// <param name="Share">The rule.</param>
internal sealed record RelevanceRule(string Operator, Relevance Share);
