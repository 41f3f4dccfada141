namespace Assay.Studies;

/// <summary>A file for readers that a study makes when asked, from a sample of the explained rows.</summary>
internal interface IViewPart
{
    /// <summary>The key in the study and the file's name without ".json".</summary>
    string Name { get; }

    /// <summary>What the study asks; null: nothing.</summary>
    object? Options(StudyDefinition study);

    /// <summary>Makes it.</summary>
    /// <param name="context">The study after its chain.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <exception cref="Onnx.AssayException">Input or usage: the model has no such answer.</exception>
    (SampledRows Rows, object Body) Make(ChainContext context, Action<string> progress);

    /// <summary>What the file holds where the model has no such answer.</summary>
    object Empty { get; }
}
