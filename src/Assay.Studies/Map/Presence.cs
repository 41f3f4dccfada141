namespace Assay.Studies;

/// <summary>What a row has of a feature; the greatest of its elements' counts.</summary>
internal enum Presence : byte
{
    /// <summary>Nothing: padding in all places.</summary>
    Missing,

    /// <summary>What stands for a value that is missing or unknown.</summary>
    Default,

    /// <summary>A value.</summary>
    Present,
}
