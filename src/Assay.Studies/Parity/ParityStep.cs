namespace Assay.Studies;

/// <summary>Whether the explained rows are like those that the model was trained on, feature by feature and segment by segment.</summary>
internal sealed class ParityStep : IChainStep
{
    public string Name => "parity";

    public string Gives => "whether the explained data are like the training data (data: {train: …})";

    public bool IsAsked(StudyDefinition study) => study.Parity is not null && study.TrainingRows is not null;

    public ChainResult Run(ChainContext context)
    {
        using var rows = new TrainingTable(context, context.Study.TrainingRows!);
        var cells = new List<FeatureParity>();
        for (var f = 0; f < context.Plan.Features.Count; f++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            cells.AddRange(new ParityJob(context, rows, f).Run());
        }
        var adjusted = Replicated(Families.Adjusted(cells.SelectMany(c => c.Estimates)), context.Splits.Count > 1);
        var found = new ParityFindings(context, cells, adjusted);
        return new()
        {
            Estimates = adjusted,
            Section = ParitySection.Write(context, rows, found),
            Remarks = [.. ParityRemarks.Of(found)],
            Facts = new ParityFacts
            {
                TrainingRows = rows.Count,
                TrainingClusters = rows.HasClusters ? rows.Clusters : null,
                TrainingSha256 = RunPlan.DataHash(context.Study.TrainingRows!),
                NotInTraining = rows.Missing,
                Warn = found.Limits.Warn,
                Alarm = found.Limits.Alarm,
                ClustersInGroups = rows.Units.AreGroups,
                Drifted = [.. found.Drifted().Select(d => d.Feature)],
                Says = ParitySection.InOneLine(found, rows.Count),
            },
        };
    }

    // Seen again: beyond chance on the holdout too, a difference with the same sign.
    private static Estimate[] Replicated(Estimate[] all, bool hasHoldout)
    {
        static (string, string, string, string) Key(Estimate e) => (e.Dimension, e.Segment, e.Estimand, e.Feature);
        var again = all.Where(e => e.Split == Splits.Holdout).ToDictionary(Key);
        return Array.ConvertAll(
            all,
            e =>
                e.Split != Splits.Explain || !(e.PAdjusted < Grading.Level) ? e
                : !again.TryGetValue(Key(e), out var h) ? e with { Replicated = Replication.NotTested }
                : e with
                {
                    Replicated = h.PAdjusted < Grading.Level && Math.Sign(h.Value) == Math.Sign(e.Value) ? "yes" : "no",
                }
        );
    }
}

/// <summary>How parity was found, for run.json and the card.</summary>
internal sealed record ParityFacts
{
    public required long TrainingRows { get; init; }

    /// <summary>Null: the training rows do not name them.</summary>
    public required long? TrainingClusters { get; init; }

    /// <summary>Null: they come from a query.</summary>
    public required string? TrainingSha256 { get; init; }

    /// <summary>Dimensions of segments that the training rows do not have.</summary>
    public required IReadOnlyList<string> NotInTraining { get; init; }
    public required double Warn { get; init; }
    public required double Alarm { get; init; }
    public required bool ClustersInGroups { get; init; }
    public string Bins { get; } =
        $"numbers: {ParityBins.OfNumbers} of equal size in training; ids: the {ParityBins.MostLevels} most common in training and all others; missing values";
    public string Test { get; } =
        "Rao-Scott F of the shares' differences, covariance over clusters of both sides; parts of a list by Bonferroni";
    public required IReadOnlyList<string> Drifted { get; init; }
    public required string Says { get; init; }
}
