namespace Assay.Studies;

/// <summary>Whether a run meets one expectation.</summary>
public enum PolicyOutcome
{
    /// <summary>The whole interval lies where the rule wants it.</summary>
    Holds,

    /// <summary>The interval lies on both sides of what the rule allows: more data would tell.</summary>
    Undecided,

    /// <summary>The whole interval lies where the rule forbids.</summary>
    Broken,
}

/// <summary>One line of a check.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Subject">The feature, the method pair, or "model".</param>
/// <param name="Segment">Split and segment.</param>
/// <param name="Asked">What was asked, in words.</param>
/// <param name="Measured">What was measured, with its interval where there is one.</param>
/// <param name="Outcome">Whether it holds.</param>
/// <param name="Reason">Why the rule is there, as its author wrote it; empty where not.</param>
public sealed record PolicyVerdict(
    string Rule,
    string Subject,
    string Segment,
    string Asked,
    string Measured,
    PolicyOutcome Outcome,
    string Reason
);
