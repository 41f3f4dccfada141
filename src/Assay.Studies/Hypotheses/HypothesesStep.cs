using System.Text.Json;

namespace Assay.Studies;

/// <summary>What domain experts expected before the study, beside what it found: <c>hypotheses.json</c> and a section of the report.</summary>
internal sealed class HypothesesStep : IChainStep
{
    public const string FileName = "hypotheses.json";

    public string Name => "hypotheses";
    public string Gives => "what domain experts expected beforehand";

    public bool IsAsked(StudyDefinition study) => study.Hypotheses is not null;

    /// <summary>Refuses a file that cannot be scored, before anything is computed.</summary>
    public static void Check(StudyDefinition study, FeatureDictionary dictionary)
    {
        if (study.Hypotheses is { } path)
            HypothesisFile.Load(path, dictionary, study);
    }

    public ChainResult Run(ChainContext context)
    {
        var path = context.Study.Hypotheses!;
        var hypotheses = HypothesisFile.Load(path, context.Plan.Dictionary, context.Study);
        var names = new FeatureNames(context.Plan);
        var facts = new FindingContext(context.Merged.Estimates, context.Study, names)
        {
            HasHoldout = context.Splits.Count > 1,
            LearntNothing = context.Verdict.LearntNothing,
        };
        var numbers = new HypothesisNumbers(context, facts);
        (Estimate?, string)[] found = [.. hypotheses.Select(numbers.Of)];
        var scored = new HypothesisScorer(facts).Score(hypotheses, found);
        var scores = new HypothesisScores(
            1,
            context.Study.Name,
            Files.Hash(path),
            $"Holm over {scored.Count(s => s.Evidence?.PValue is not null)} hypotheses",
            scored
        );
        Files.WriteText(
            Path.Combine(context.Plan.Folder, FileName),
            JsonSerializer.Serialize(scores, FindingsFile.Options)
        );
        return new ChainResult
        {
            Estimates = Families.Adjusted(
                numbers.Computed.DistinctBy(e => (e.Estimand, e.Method, e.Split, e.Dimension, e.Segment, e.Feature))
            ),
            Section = HypothesisSection.Write(scored),
            Facts = scores,
        };
    }
}

/// <summary>All of <c>hypotheses.json</c>.</summary>
internal sealed record HypothesisScores(
    int Schema,
    string Study,
    string Sha256,
    string Adjustment,
    IReadOnlyList<ScoredHypothesis> Hypotheses
);
