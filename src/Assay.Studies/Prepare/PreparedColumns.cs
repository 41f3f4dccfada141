namespace Assay.Studies;

/// <summary>Names of the columns of a prepared Parquet file.</summary>
internal static class PreparedColumns
{
    public const string Row = "row";
    public const string Cluster = "cluster";
    public const string ClusterKey = "cluster_key";
    public const string Request = "request";
    public const string RequestKey = "request_key";
    public const string Label = "label";
    public const string Weight = "weight";
    public const string ItemKey = "item_key";
    public const string SecondKey = "second_cluster_key";
    public const string Popularity = "popularity";

    public static string Segment(int index) => $"segment:{index}";

    public static string Element(BoundFeature feature, int element) =>
        feature.Elements.Count == 1 ? $"x:{feature.Entry.Name}" : $"x:{feature.Entry.Name}[{element}]";
}
