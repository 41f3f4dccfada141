using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>Pairs drawn with replacement by the Shapley kernel: sizes ∝ 1/(s(n − s)), then uniformly (Covert and Lee 2021).</summary>
internal sealed class KernelDesign(int players, CounterRandom random) : IPairDesign
{
    private readonly KnownValues seen = new(players);
    private readonly double[] cumulative = Cumulative(players);
    private readonly SubsetDraw subsets = new(players, random);
    private readonly Coalitions one = new(players);

    // A sample that has grown so much larger than what is new in it has seen nearly everything.
    private const int Patience = 64;

    public int Strata => 1;

    public void Draw(PairSample sample, int pairs)
    {
        for (var idle = 0; sample.Count < pairs && idle < Patience * pairs; idle++)
        {
            one.Clear();
            one.Add();
            subsets.Draw(Size(), one);
            // Of a pair that one is kept which lacks the last player.
            if (one[0, players - 1])
            {
                one.AddComplement(0);
                Take(sample, one.Of(1));
            }
            else
                Take(sample, one.Of(0));
        }
    }

    public double Weight(PairSample sample, int pair) => sample.Draws(pair);

    public double Unseen(PairSample sample, int pair) => 1;

    private void Take(PairSample sample, ReadOnlySpan<ulong> set)
    {
        var number = seen.Find(set, out var isNew);
        if (isNew)
            sample.Add(set, 0);
        else
            sample.DrawnAgain(number);
    }

    private int Size()
    {
        var u = random.NextDouble() * cumulative[^1];
        var s = 1;
        while (s < players - 1 && cumulative[s - 1] <= u)
            s++;
        return s;
    }

    private static double[] Cumulative(int players)
    {
        var sums = new double[players - 1];
        var sum = 0.0;
        for (var s = 1; s < players; s++)
            sums[s - 1] = sum += 1.0 / s / (players - s);
        return sums;
    }
}
