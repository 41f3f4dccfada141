using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>Which interactions to measure, and how.</summary>
public sealed record InteractionSettings
{
    /// <summary>Head, space, baseline, budget, seed and the rest; its method is an id of <see cref="InteractionRegistry"/>.</summary>
    public required ExplainSettings Explain { get; init; }

    /// <summary>The most players in a set: 2 for pairs, 3 for triples too.</summary>
    public int Order { get; init; } = 2;

    /// <summary>Which Shapley interaction index: k-sii, sii, stii or fsii.</summary>
    public string Index { get; init; } = InteractionIndex.KSii;

    /// <summary>Level of the tests, and 1 − level that of the intervals.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>
    /// Of <c>interaction-detection</c>: the share of the score's variation up to which an interaction counts as none. Networks
    /// make small interactions of everything, so the test asks for more than this.
    /// </summary>
    public double LeastShare { get; init; } = 0.01;

    /// <summary>
    /// Whether <c>interaction-detection</c> compares rows with other rows (of the background, or else of those given) and not
    /// with the baseline.
    /// </summary>
    public bool AgainstRows { get; init; } = true;

    /// <summary>
    /// The most rows that a population method uses; null for 64 under <c>h-statistic</c>, whose cost is their square, and 2000
    /// under <c>interaction-detection</c>.
    /// </summary>
    public int? SampleRows { get; init; }

    /// <summary>
    /// Of <c>integrated-hessians</c>: ReLUs, which have no second derivative, are replaced by softplus(βx)/β with this β;
    /// larger is nearer to the model and needs more nodes.
    /// </summary>
    public double Sharpness { get; init; } = 10;

    /// <summary>Bootstrap replicates of the intervals.</summary>
    public int Replicates { get; init; } = 1000;

    /// <summary>Throws a usage error where an option is out of range.</summary>
    public void Validate()
    {
        Explain.Validate();
        InteractionIndex.Require(Index);
        var highest = InteractionRegistry.Find(Explain.Method).HighestOrder;
        if (Order < 2 || Order > highest)
            throw AssayException.Usage(
                $"'{Explain.Method}' has interactions of order {(highest == 2 ? "2" : $"2 to {highest}")}, not {Order}."
            );
        Share(Level, "level of the tests", 0.5);
        Share(LeastShare, "least share", 1);
        if (!(Sharpness >= 0.01 && Sharpness <= 1e4))
            throw AssayException.Usage(
                FormattableString.Invariant($"The sharpness must lie between 0.01 and 10000, not {Sharpness}.")
            );
        if (SampleRows is < 4)
            throw AssayException.Usage($"The sample must have at least 4 rows, not {SampleRows}.");
        if (Replicates is < 100 or > 100_000)
            throw AssayException.Usage($"The replicates must number 100 to 100000, not {Replicates}.");
    }

    private static void Share(double value, string what, double highest)
    {
        if (!(value > 0 && value <= highest))
            throw AssayException.Usage(
                FormattableString.Invariant($"The {what} must lie between 0 and {highest}, not {value}.")
            );
    }
}
