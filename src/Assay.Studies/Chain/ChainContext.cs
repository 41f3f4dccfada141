using Assay.Onnx;

namespace Assay.Studies;

/// <summary>What a step of the chain works with.</summary>
internal sealed record ChainContext
{
    public required StudyPlan Plan { get; init; }
    public required OnnxModel Model { get; init; }
    public required string Head { get; init; }
    public required Vocabularies Vocabularies { get; init; }

    /// <summary>A few numbers per row of each split, in the order of <see cref="StudyPlan.Splits"/>.</summary>
    public required IReadOnlyList<SplitData> Splits { get; init; }

    /// <summary>Everything estimated so far.</summary>
    public required Merged Merged { get; init; }
    public required Verdict Verdict { get; init; }
    public required int Threads { get; init; }
    public required RunOptions Options { get; init; }

    public StudyDefinition Study => Plan.Study;

    /// <summary>
    /// Runs a changed study (another model, baseline, data) without a chain of its own, in a folder inside the run. It
    /// continues and is refused like any study, and shares bootstrap weights with this one where it keeps the seed.
    /// </summary>
    /// <param name="name">The folder, such as "refits/seed-2".</param>
    /// <param name="study">The changed study.</param>
    public StudyResult Nested(string name, StudyDefinition study) =>
        StudyRunner.Nested(
            // What only the chain asks; expectations may name segments that the changed study does not have.
            study with
            {
                Hypotheses = null,
                Confounders = [],
            },
            Path.Combine(Plan.Folder, name),
            Options with
            {
                Threads = Threads,
                Progress = null,
            }
        );
}
