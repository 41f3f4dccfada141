using System.Globalization;
using Assay.Attribution.Ranking;
using Assay.Onnx;

namespace Assay.Cli.Ranking;

/// <summary>What about a list is explained.</summary>
internal enum ListMeasure
{
    /// <summary>NDCG of the list at k.</summary>
    Ndcg,

    /// <summary>Membership of the row in the first k.</summary>
    Top,

    /// <summary>Distance of the row's score to that of place k.</summary>
    Margin,
}

/// <summary>Targets beyond one score.</summary>
internal sealed record RankingRequest
{
    /// <summary>The row that the others are compared with.</summary>
    public long? Against { get; init; }

    /// <summary>Whether the other row is the baseline, rather than explained against the same one.</summary>
    public bool Swaps { get; init; }

    /// <summary>The column whose equal values are one list.</summary>
    public string? List { get; init; }

    public ListMeasure Measure { get; init; }

    public int Cut { get; init; }

    public string? Label { get; init; }

    /// <summary>Whether what is a candidate's own is absent from that one alone.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>How the pedigree names the target.</summary>
    public string Name =>
        List is { } key
            ? string.Create(CultureInfo.InvariantCulture, $"{Measure.ToString().ToLowerInvariant()}@{Cut} by {key}")
            : string.Create(CultureInfo.InvariantCulture, $"score - score of row {Against}");

    /// <summary>The target of one candidate of a list; labels are those of the list.</summary>
    public ListTarget Target(int item, double[] labels) =>
        Measure switch
        {
            ListMeasure.Ndcg => ListTarget.Ndcg(labels, Cut),
            ListMeasure.Top => ListTarget.TopK(item, Cut),
            _ => ListTarget.Margin(item, Cut),
        };

    /// <summary>Reads "ndcg@10", "top@5" or "margin@5".</summary>
    public static (ListMeasure, int) ParseTarget(string text)
    {
        var parts = text.Split('@');
        return
            parts.Length == 2
            && Enum.TryParse<ListMeasure>(parts[0], ignoreCase: true, out var measure)
            && char.IsAsciiLetterLower(parts[0].FirstOrDefault())
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var k)
            && k > 0
            ? (measure, k)
            : throw AssayException.Usage(
                $"--list-target '{text}' is none of ndcg@K, top@K, margin@K with K of 1 or more."
            );
    }
}
