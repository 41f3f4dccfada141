namespace Assay.Attribution.Sequences;

/// <summary>How a sequence lies in its positions.</summary>
/// <param name="Feature">Its name; its positions are the players <c>feature[0]</c>, <c>feature[1]</c>, ….</param>
/// <param name="Length">Number of positions.</param>
/// <param name="PaddingId">The id of an empty position.</param>
/// <param name="IsNewestFirst">Whether position 0 is the newest; else the last filled position is.</param>
public sealed record SequenceLayout(string Feature, int Length, long PaddingId, bool IsNewestFirst)
{
    /// <summary>The player of a position.</summary>
    public string Player(int position) => $"{Feature}[{position}]";

    /// <summary>Of one row's ids, which positions are among the k most recent that are filled.</summary>
    public bool[] Recent(ReadOnlySpan<long> ids, int k)
    {
        var recent = new bool[ids.Length];
        for (var i = 0; i < ids.Length && k > 0; i++)
        {
            var position = IsNewestFirst ? i : ids.Length - 1 - i;
            if (ids[position] == PaddingId)
                continue;
            recent[position] = true;
            k--;
        }
        return recent;
    }
}
