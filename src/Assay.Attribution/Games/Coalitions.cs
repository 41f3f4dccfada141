using System.Numerics;

namespace Assay.Attribution.Games;

/// <summary>A list of coalitions of the same players, as bits.</summary>
public sealed class Coalitions
{
    private ulong[] bits = [];

    /// <summary>An empty list.</summary>
    /// <param name="players">Number of players, at least 1.</param>
    public Coalitions(int players)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(players, 1);
        Players = players;
        Words = (players + 63) / 64;
    }

    /// <summary>Number of players.</summary>
    public int Players { get; }

    /// <summary>Number of coalitions.</summary>
    public int Count { get; private set; }

    /// <summary>64-bit words that one coalition takes.</summary>
    public int Words { get; }

    /// <summary>Whether a player is in a coalition.</summary>
    public bool this[int coalition, int player]
    {
        get => (bits[coalition * Words + player / 64] >> (player % 64) & 1) != 0;
        set
        {
            var mask = 1UL << (player % 64);
            if (value)
                bits[coalition * Words + player / 64] |= mask;
            else
                bits[coalition * Words + player / 64] &= ~mask;
        }
    }

    /// <summary>The words of a coalition: player p is bit p mod 64 of word p / 64; bits beyond the players are 0.</summary>
    public ReadOnlySpan<ulong> Of(int coalition) => bits.AsSpan(coalition * Words, Words);

    /// <summary>Number of players in a coalition.</summary>
    public int Size(int coalition)
    {
        var size = 0;
        foreach (var word in Of(coalition))
            size += BitOperations.PopCount(word);
        return size;
    }

    /// <summary>Adds the empty coalition and returns its number.</summary>
    public int Add()
    {
        if ((Count + 1) * Words > bits.Length)
            Array.Resize(ref bits, Math.Max(16 * Words, 2 * bits.Length));
        bits.AsSpan(Count * Words, Words).Clear();
        return Count++;
    }

    /// <summary>Adds a coalition given by its words.</summary>
    public int Add(ReadOnlySpan<ulong> words)
    {
        var at = Add();
        words.CopyTo(bits.AsSpan(at * Words, Words));
        return at;
    }

    /// <summary>Adds the coalition of all players.</summary>
    public int AddAll()
    {
        var at = Add();
        for (var p = 0; p < Players; p++)
            this[at, p] = true;
        return at;
    }

    /// <summary>Adds the complement of a coalition of this list.</summary>
    public int AddComplement(int coalition)
    {
        var at = AddAll();
        for (var w = 0; w < Words; w++)
            bits[at * Words + w] &= ~bits[coalition * Words + w];
        return at;
    }

    /// <summary>Empties the list; what it holds is reused.</summary>
    public void Clear() => Count = 0;
}
