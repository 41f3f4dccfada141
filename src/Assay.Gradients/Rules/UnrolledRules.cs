namespace Assay.Gradients.Rules;

/// <summary>
/// Operators that preparation writes out in others where it can; one that is left has no gradient, and says why.
/// </summary>
internal static class UnrolledRules
{
    /// <summary>Operator, and what must be the case for it to be written out.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["RNN"] = Recurrent,
        ["GRU"] = Recurrent,
        ["LSTM"] = Recurrent,
        ["Loop"] = Iterated,
        ["Scan"] = Iterated,
    };

    private const string Recurrent =
        "only layers over a known number of steps (at most 256), in the default layout, without clip and with the "
        + "activations Sigmoid, Tanh, Relu, Softplus or Softsign are differentiated";

    private const string Iterated =
        "a loop that does is differentiated only where the number of its iterations is known (at most 256) and it does not stop early";
}
