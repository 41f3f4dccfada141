using System.Text.RegularExpressions;

namespace Assay.Catalogue;

/// <summary>What a run's list of findings and actions holds.</summary>
public enum ItemKind
{
    /// <summary>A row of <c>findings.json</c>.</summary>
    Finding,

    /// <summary>A row of <c>actions.json</c>.</summary>
    Action,
}

/// <summary>What a comment or decision is about, written <c>KIND:RUN:ID</c>, for example <c>finding:0123456789ab:age/…</c>.</summary>
/// <param name="Kind"><c>finding</c>, <c>action</c>, <c>feature</c>, <c>hypothesis</c>, <c>row</c> or <c>run</c> (whose id is empty).</param>
/// <param name="Run">The run's id.</param>
/// <param name="Id">The id within the run; may hold colons.</param>
public sealed partial record SubjectRef(string Kind, string Run, string Id)
{
    /// <summary>The subject of a finding or action.</summary>
    public static SubjectRef Of(ItemKind kind, string run, string id) =>
        new(kind == ItemKind.Finding ? "finding" : "action", run, id);

    /// <summary>Reads <c>KIND:RUN:ID</c>.</summary>
    /// <exception cref="CatalogueException">It is no such text.</exception>
    public static SubjectRef Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success && text.Length <= 700
            ? new(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value)
            : throw CatalogueException.Invalid(
                "A subject is KIND:RUN:ID, its kind finding, action, feature, hypothesis, row or run."
            );
    }

    /// <summary>The kind of item, null where the subject is neither finding nor action.</summary>
    public ItemKind? Item =>
        Kind switch
        {
            "finding" => ItemKind.Finding,
            "action" => ItemKind.Action,
            _ => null,
        };

    /// <summary><c>KIND:RUN:ID</c>.</summary>
    public override string ToString() => $"{Kind}:{Run}:{Id}";

    [GeneratedRegex(@"^(finding|action|feature|hypothesis|row|run):([0-9a-f]{12}):([^\x00-\x1f]*)\z")]
    private static partial Regex Form();
}
