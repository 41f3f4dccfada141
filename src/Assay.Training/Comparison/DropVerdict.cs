namespace Assay.Training;

/// <summary>What a loss increase says about a feature, given the margin that was stated beforehand.</summary>
public enum DropVerdict
{
    /// <summary>The interval reaches to both sides of the margin.</summary>
    Undecided,

    /// <summary>The whole interval lies below the margin.</summary>
    CanBeRetired,

    /// <summary>The whole interval lies above the margin.</summary>
    Needed,
}
