namespace Assay.Studies;

/// <summary>What one question to refits yields.</summary>
/// <param name="Rows">Estimates.</param>
/// <param name="Text">A part of the report with its heading of level 3; empty: none.</param>
/// <param name="Facts">For run.json.</param>
internal sealed record RetrainingPart(IReadOnlyList<Estimate> Rows, string Text, object? Facts = null)
{
    public static RetrainingPart None { get; } = new([], "");
}
