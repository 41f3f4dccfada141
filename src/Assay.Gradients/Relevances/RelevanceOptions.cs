namespace Assay.Gradients;

/// <summary>The constants of layer-wise relevance propagation.</summary>
/// <param name="Epsilon">
/// ε: added to the size of what a sum is divided by, so that sums near 0 do not send on more than they got; what it takes is lost.
/// </param>
/// <param name="Gamma">γ: by how much a linear layer favours the terms that have the sign of their sum; 0 for none.</param>
/// <param name="GatesShare">
/// Whether a gate (what comes out of a sigmoid or a softmax) shares the relevance of its product half and half with what it
/// scales; else what it scales takes all of it.
/// </param>
public sealed record RelevanceOptions(double Epsilon = 1e-6, double Gamma = 0, bool GatesShare = false);
