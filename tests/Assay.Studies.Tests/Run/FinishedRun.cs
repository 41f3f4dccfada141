namespace Assay.Studies.Tests;

/// <summary>The tiny world's study, run once for all tests of a class.</summary>
public sealed class FinishedRun : IDisposable
{
    public FinishedRun()
    {
        World = new TinyWorld();
        Result = World.Run();
    }

    internal TinyWorld World { get; }

    internal StudyResult Result { get; }

    public void Dispose() => World.Dispose();
}
