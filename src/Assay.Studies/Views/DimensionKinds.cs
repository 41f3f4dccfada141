namespace Assay.Studies;

/// <summary>Whose trait tells a dimension's segments apart.</summary>
public enum DimensionKind
{
    /// <summary>The user's.</summary>
    User,

    /// <summary>The item's.</summary>
    Item,

    /// <summary>The situation's: time, place, device.</summary>
    Context,

    /// <summary>How far a user has come.</summary>
    Journey,

    /// <summary>None of these, or not known.</summary>
    Other,
}

/// <summary>Finds whose trait a dimension is: as declared, else by how it is made and of what.</summary>
internal static class DimensionKinds
{
    public static DimensionKind Of(
        SegmentDefinition dimension,
        IReadOnlyList<SegmentDefinition> all,
        FeatureDictionary dictionary
    )
    {
        if (dimension.About is { } declared)
            return declared;
        switch (dimension.Kind)
        {
            case SegmentKind.Journey:
                return DimensionKind.Journey;
            case SegmentKind.Period:
                return DimensionKind.Context;
            case SegmentKind.Cross:
                DimensionKind[] two =
                [
                    .. all.Where(d => dimension.Cross.Contains(d.Name)).Select(d => Of(d, all, dictionary)).Distinct(),
                ];
                return two is [var same] ? same : DimensionKind.Other;
        }
        return FeatureOf(dimension, dictionary)?.Group?.ToLowerInvariant() switch
        {
            "user" => DimensionKind.User,
            "item" => DimensionKind.Item,
            "context" => DimensionKind.Context,
            "history" or "journey" => DimensionKind.Journey,
            _ => DimensionKind.Other,
        };
    }

    /// <summary>The feature whose column tells the segments apart; null: none, or more than a column does.</summary>
    public static FeatureEntry? FeatureOf(SegmentDefinition dimension, FeatureDictionary dictionary) =>
        dimension.Column is { } column && dimension.Kind != SegmentKind.Period
            ? dictionary.Features.FirstOrDefault(f => f.Source == column)
                ?? dictionary.Features.FirstOrDefault(f => f.Name == column)
            : null;
}
