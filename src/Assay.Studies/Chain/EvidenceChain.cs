namespace Assay.Studies;

/// <summary>The steps after the importances, in order.</summary>
internal static class EvidenceChain
{
    public static readonly IReadOnlyList<IChainStep> Steps =
    [
        // One a line, in the order in which later ones read what earlier ones found.
        new SamplingStep(),
        new ParityStep(),
        new ConfounderStep(),
        new ProxyStep(),
        new HeterogeneityStep(),
        new SearchStep(),
        new TimeStep(),
        new SensitivityStep(),
        new AgreementStep(),
        new RetrainingStep(),
        new CrossStep(),
        new HypothesesStep(),
    ];

    /// <summary>Runs the steps that are asked for; the others have no result.</summary>
    public static ChainOutcome Run(IReadOnlyList<IChainStep> steps, ChainContext context)
    {
        var results = new List<(IChainStep, ChainResult?)>();
        foreach (var step in steps)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            if (!step.IsAsked(context.Study))
            {
                results.Add((step, null));
                continue;
            }
            context.Options.Progress?.Report(new("chain", results.Count, steps.Count, step.Name));
            var result = step.Run(context);
            results.Add((step, result));
            context = context with
            {
                Merged = context.Merged with { Estimates = [.. context.Merged.Estimates, .. result.Estimates] },
            };
        }
        return new ChainOutcome(context.Merged, results);
    }
}

/// <summary>All that a study estimated, and what each step of the chain found.</summary>
/// <param name="Merged">Estimates of the merge and of all steps.</param>
/// <param name="Results">The steps in order; null: left out.</param>
internal sealed record ChainOutcome(Merged Merged, IReadOnlyList<(IChainStep Step, ChainResult? Result)> Results)
{
    /// <summary>What steps hold against the findings about a feature.</summary>
    public IEnumerable<Remark> RemarksOn(string feature) =>
        Results.SelectMany(r => r.Result?.Remarks ?? []).Where(r => r.Feature.Length == 0 || r.Feature == feature);

    /// <summary>What the study lacks because steps were left out.</summary>
    public IEnumerable<string> LeftOut => Results.Where(r => r.Result is null).Select(r => r.Step.Gives);
}
