namespace Assay.Server;

/// <summary>What people have done with a run: what no run folder knows.</summary>
internal interface ICatalogueFacts
{
    /// <summary>The runs that are known, newest first.</summary>
    ValueTask<Paged<KnownRun>> Runs(int page, int pageSize, CancellationToken cancel);

    /// <summary>A run by its id; null: unknown.</summary>
    ValueTask<KnownRun?> Find(string run, CancellationToken cancel);

    /// <summary>All that is recorded about a run, at one moment.</summary>
    ValueTask<RunFacts> Of(string run, CancellationToken cancel);
}

/// <summary>A run and where it lies.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="ModelVersion">What the team calls this version of the model.</param>
internal sealed record KnownRun(string Id, string Folder, string? ModelVersion);

/// <summary>All that is recorded about a run.</summary>
internal sealed record RunFacts
{
    public static RunFacts None { get; } = new();

    /// <summary>Changes whenever anything below does: part of the ETag.</summary>
    public string Version { get; init; } = "";

    public string? ModelVersion { get; init; }

    /// <summary>Why it no longer holds, where people or a newer run say so.</summary>
    public string? StaleReason { get; init; }

    /// <summary>Earlier runs of the same study, newest first.</summary>
    public IReadOnlyList<KnownRun> Earlier { get; init; } = [];

    /// <summary>Findings and actions by "finding:ID" and "action:ID".</summary>
    public IReadOnlyDictionary<string, SubjectFacts> Subjects { get; init; } = new Dictionary<string, SubjectFacts>();

    /// <summary>Hypotheses of people about features, beside those of the study.</summary>
    public IReadOnlyList<HypothesisFact> Hypotheses { get; init; } = [];

    /// <summary>Every decision taken about the run, newest first.</summary>
    public IReadOnlyList<LogEntry> Decisions { get; init; } = [];
}

/// <summary>The state of a finding or an action.</summary>
internal sealed record SubjectFacts(
    string Status = "open",
    string? Assignee = null,
    DateTime? SnoozedUntil = null,
    int Comments = 0,
    DecisionFact? Decision = null
)
{
    public static SubjectFacts None { get; } = new();
}

/// <summary>A decision with its reason.</summary>
internal sealed record DecisionFact(string Decision, string Reason, string By, DateTime At);

/// <summary>A hypothesis that somebody recorded.</summary>
internal sealed record HypothesisFact(string Id, string Feature, string Claim, string By);

/// <summary>A line of the decision log.</summary>
internal sealed record LogEntry(DateTime At, string By, string Subject, string Title, string Decision, string Reason);

/// <summary>A folder or two and nothing recorded: what the static report has.</summary>
internal sealed class NoCatalogue(IReadOnlyList<KnownRun> runs) : ICatalogueFacts
{
    public ValueTask<Paged<KnownRun>> Runs(int page, int pageSize, CancellationToken cancel) =>
        ValueTask.FromResult(
            new Paged<KnownRun>([.. runs.Skip((page - 1) * pageSize).Take(pageSize)], runs.Count, page, pageSize)
        );

    public ValueTask<KnownRun?> Find(string run, CancellationToken cancel) =>
        ValueTask.FromResult(runs.FirstOrDefault(r => r.Id == run));

    public ValueTask<RunFacts> Of(string run, CancellationToken cancel) => ValueTask.FromResult(RunFacts.None);
}

/// <summary>A run, what is recorded about it, and the runs before it: all that a view is made of.</summary>
/// <param name="Run">The run.</param>
/// <param name="Facts">What is recorded about it.</param>
/// <param name="Earlier">Earlier runs that can still be read, newest first.</param>
internal sealed record ViewContext(
    RunFolder Run,
    RunFacts Facts,
    IReadOnlyList<(KnownRun Known, RunFolder Folder)> Earlier
)
{
    public static ViewContext Of(RunFolder run) => new(run, RunFacts.None, []);

    public RunFolder? Previous => Earlier.Count > 0 ? Earlier[0].Folder : null;

    public SubjectFacts Subject(string kind, string id) =>
        Facts.Subjects.GetValueOrDefault($"{kind}:{id}") ?? SubjectFacts.None;
}
