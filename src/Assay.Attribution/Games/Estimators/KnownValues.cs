using System.Numerics;

namespace Assay.Attribution.Games;

/// <summary>The coalitions of one game that have been asked for, each once, and their values.</summary>
internal sealed class KnownValues(int players)
{
    private readonly Coalitions coalitions = new(players);
    private double[] values = new double[16];

    // Numbers of coalitions plus 1 by their hash, 0 where free; at most half full.
    private int[] slots = new int[32];

    /// <summary>Number of different coalitions.</summary>
    public int Count => coalitions.Count;

    /// <summary>The number of a coalition, which is added where it is new.</summary>
    public int Find(ReadOnlySpan<ulong> words, out bool isNew)
    {
        if (2 * (Count + 1) > slots.Length)
            Grow();
        var at = Slot(words);
        isNew = slots[at] == 0;
        if (isNew)
        {
            slots[at] = coalitions.Add(words) + 1;
            if (Count > values.Length)
                Array.Resize(ref values, 2 * values.Length);
        }
        return slots[at] - 1;
    }

    /// <summary>The value of a coalition by its number.</summary>
    public ref double this[int coalition] => ref values[coalition];

    private int Slot(ReadOnlySpan<ulong> words)
    {
        var mask = slots.Length - 1;
        var at = (int)Hash(words) & mask;
        while (slots[at] != 0 && !coalitions.Of(slots[at] - 1).SequenceEqual(words))
            at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        slots = new int[2 * slots.Length];
        for (var c = 0; c < Count; c++)
            slots[Slot(coalitions.Of(c))] = c + 1;
    }

    private static ulong Hash(ReadOnlySpan<ulong> words)
    {
        var hash = 0UL;
        foreach (var word in words)
            hash = (BitOperations.RotateLeft(hash, 23) ^ word) * 0x9E3779B97F4A7C15;
        return hash >> 32;
    }
}
