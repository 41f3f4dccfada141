namespace Assay.Catalogue;

/// <summary>One write: its context, who writes when, and what the audit trail will say.</summary>
internal sealed class WriteScope(CatalogueContext db, string actor, DateTimeOffset now, CancellationToken stop)
{
    public CatalogueContext Db { get; } = db;

    public string Actor { get; } = actor;

    public DateTimeOffset Now { get; } = now;

    public CancellationToken Stop { get; } = stop;

    internal List<(string Action, Func<string> Subject, object? Before, Func<object?> After)> Records { get; } = [];

    /// <summary>Says what changed. The values are serialised after the rows are written, when their numbers are known.</summary>
    public void Record(string action, Func<string> subject, object? before, Func<object?> after) =>
        Records.Add((action, subject, before, after));

    public void Record(string action, string subject, object? before, object? after) =>
        Records.Add((action, () => subject, before, () => after));
}
