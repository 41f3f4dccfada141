namespace Assay.Studies;

/// <summary>How far a study is.</summary>
/// <param name="Stage">prepare, map, merge, chain, views or write.</param>
/// <param name="Done">Units of the stage that are done.</param>
/// <param name="Total">Units of the stage.</param>
/// <param name="Detail">What is being worked on.</param>
public sealed record StudyProgress(string Stage, int Done, int Total, string Detail)
{
    /// <summary>How long the stage will still take, about; null: not known.</summary>
    public TimeSpan? Left { get; init; }
}

/// <summary>How a study is run; nothing here changes its results.</summary>
public sealed record RunOptions
{
    /// <summary>Threads; null: those of the study, else one for each processor.</summary>
    public int? Threads { get; init; }

    /// <summary>Workers among which blocks are dealt, each with readers of its own; null: one for each thread.</summary>
    public int? Workers { get; init; }

    /// <summary>Hears of progress.</summary>
    public IProgress<StudyProgress>? Progress { get; init; }

    /// <summary>Stops the study between pieces of work; what is finished is kept.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The clock for the timings in <c>run.json</c>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
