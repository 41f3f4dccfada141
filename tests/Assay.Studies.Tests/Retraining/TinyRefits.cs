namespace Assay.Studies.Tests;

/// <summary>The tiny world with rows of other users to fit, and a study that asks for retraining.</summary>
public sealed class TinyRefits : IDisposable
{
    private readonly TinyWorld other = new(seed: 2);

    public TinyRefits()
        : this("drop: {features: [country, idle]}") { }

    internal TinyRefits(string retrain)
    {
        World = new TinyWorld();
        World.Folder.File(
            "expected.yaml",
            "hypotheses: [{feature: idle, claim: does_not_matter, segment: {country: 1}, reason: it is noise}]"
        );
        Result = Run(World.Folder["run"], Study(retrain));
    }

    internal TinyWorld World { get; }

    public StudyResult Result { get; }

    /// <summary>A study with other lines under retrain.</summary>
    public StudyDefinition Study(string retrain = "drop: {features: [country, idle]}") =>
        StudyDefinition.Load(
            World.Folder.File(
                "retrain.yaml",
                TinyWorld.Yaml
                    + $$"""

                    hypotheses: expected.yaml
                    retrain:
                      train: {{other.Folder["explain.parquet"]}}
                      epochs: 6
                      batch: 256
                      learning_rate: 0.03
                      weight_decay: 0
                      oov_dropout: 0
                      {{retrain}}
                    """
            )
        );

    internal StudyResult Run(string folder, StudyDefinition? study = null, RunOptions? options = null) =>
        StudyRunner.Run(study ?? Study(), folder, options ?? new RunOptions { Threads = 2 });

    public void Dispose()
    {
        World.Dispose();
        other.Dispose();
    }
}
