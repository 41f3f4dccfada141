namespace Assay.Attribution.Sequences;

/// <summary>What the occurrences of one item in a sequence sum to.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Positions">Where it stands.</param>
/// <param name="Attribution">The sum over these positions.</param>
public sealed record ItemAttribution(long Id, IReadOnlyList<int> Positions, double Attribution);

/// <summary>One row's attributions of a sequence's positions, taken together.</summary>
/// <param name="Feature">The sequence.</param>
/// <param name="Total">The sum over all positions, empty ones included.</param>
/// <param name="Empty">The sum over empty positions: what the sequence's length says, where a model reads that.</param>
/// <param name="Items">The items, largest |attribution| first.</param>
/// <param name="ShortTerm">The sum over recent positions; null where no recency was asked for.</param>
/// <param name="LongTerm">The sum over the other filled positions.</param>
/// <param name="ShortTermShare">Σ|φ| over recent positions as a share of Σ|φ| over all filled ones; null where that is 0.</param>
public sealed record SequenceAttribution(
    string Feature,
    double Total,
    double Empty,
    IReadOnlyList<ItemAttribution> Items,
    double? ShortTerm,
    double? LongTerm,
    double? ShortTermShare
)
{
    /// <summary>Adds up one row.</summary>
    /// <param name="layout">The sequence.</param>
    /// <param name="ids">The row's ids, one for each position.</param>
    /// <param name="attributions">As many attributions.</param>
    /// <param name="recent">Which positions are short-term; empty for no such split.</param>
    public static SequenceAttribution Of(
        SequenceLayout layout,
        ReadOnlySpan<long> ids,
        ReadOnlySpan<double> attributions,
        ReadOnlySpan<bool> recent
    )
    {
        if (ids.Length != layout.Length || attributions.Length != layout.Length)
            throw new ArgumentException(
                $"{ids.Length} ids and {attributions.Length} attributions of {layout.Length} positions.",
                nameof(ids)
            );
        var items = new Dictionary<long, (List<int> Positions, double Sum)>();
        double empty = 0,
            total = 0,
            shortTerm = 0,
            longTerm = 0,
            shortSize = 0,
            size = 0;
        for (var p = 0; p < ids.Length; p++)
        {
            var value = attributions[p];
            total += value;
            if (ids[p] == layout.PaddingId)
            {
                empty += value;
                continue;
            }
            var (positions, sum) = items.GetValueOrDefault(ids[p], ([], 0));
            positions.Add(p);
            items[ids[p]] = (positions, sum + value);
            size += Math.Abs(value);
            if (recent.IsEmpty || !recent[p])
                longTerm += value;
            else
            {
                shortTerm += value;
                shortSize += Math.Abs(value);
            }
        }
        var isSplit = !recent.IsEmpty;
        return new SequenceAttribution(
            layout.Feature,
            total,
            empty,
            [
                .. items
                    .Select(i => new ItemAttribution(i.Key, i.Value.Positions, i.Value.Sum))
                    .OrderByDescending(i => Math.Abs(i.Attribution))
                    .ThenBy(i => i.Id),
            ],
            isSplit ? shortTerm : null,
            isSplit ? longTerm : null,
            isSplit && size > 0 ? shortSize / size : null
        );
    }
}
