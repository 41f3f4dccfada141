using Assay.Statistics;

namespace Assay.Fuzz;

/// <summary>The numbered cases: a case is a function of (seed, number) alone.</summary>
internal sealed class Cases(ulong seed, string? folder)
{
    private readonly IReadOnlyList<byte[]> seeds = Seeds.All(folder);

    /// <summary>The unchanged models.</summary>
    public IReadOnlyList<byte[]> Unchanged => seeds;

    /// <summary>The file of a case: 60 % structural damage, 30 % damaged bytes, 10 % both.</summary>
    public byte[] Make(int number)
    {
        var random = new CounterRandom(seed, "fuzz", (ulong)number);
        var bytes = seeds[random.NextInt(seeds.Count)];
        var other = seeds[random.NextInt(seeds.Count)];
        var kind = random.NextInt(10);
        if (kind < 7)
            bytes = StructuralMutations.Apply(bytes, random);
        return kind < 6 ? bytes : ByteMutations.Apply(bytes, other, random);
    }
}
