using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>
/// Pairs drawn without replacement, every size as often as any other: the leverage scores of the regression (Musco and
/// Witter, arXiv 2410.01917). Sizes take their turns instead of being drawn, so a sample is balanced.
/// </summary>
internal sealed class LeverageDesign : IPairDesign
{
    // Strata up to this large are listed and shuffled; of larger ones pairs that come twice are drawn again.
    private const int Listed = 1 << 13;

    private readonly int players;
    private readonly CounterRandom random;
    private readonly double offset;
    private readonly Stratum[] strata;
    private readonly SubsetDraw subsets;
    private readonly KnownValues seen;
    private readonly Coalitions one;

    public LeverageDesign(int players, CounterRandom random)
    {
        (this.players, this.random) = (players, random);
        (subsets, seen, one) = (new(players, random), new(players), new(players));
        offset = random.NextDouble();
        strata = [.. Enumerable.Range(1, players / 2).Select(s => new Stratum(s, players))];
    }

    public int Strata => strata.Length;

    public void Draw(PairSample sample, int pairs)
    {
        Share(pairs);
        var cumulative = offset;
        foreach (var stratum in strata)
        {
            var before = Math.Floor(cumulative);
            cumulative += stratum.Expected;
            var wanted = (int)(Math.Floor(cumulative + 1e-9) - before);
            while (stratum.Drawn < Math.Min(wanted, stratum.Pairs) && sample.Count < pairs)
            {
                Draw(stratum);
                sample.Add(one.Of(0), stratum.Size - 1);
                stratum.Drawn++;
            }
        }
    }

    public double Weight(PairSample sample, int pair)
    {
        var stratum = strata[sample.Stratum(pair)];
        return stratum.Mass / Math.Max(1e-300, stratum.Expected);
    }

    public double Unseen(PairSample sample, int pair)
    {
        var stratum = strata[sample.Stratum(pair)];
        return 1 - stratum.Drawn / stratum.Pairs;
    }

    // Equal turns for all sizes; what a small stratum cannot take the others share.
    private void Share(int pairs)
    {
        double left = pairs,
            turns = players - 1;
        foreach (var stratum in strata.OrderBy(s => s.Pairs / s.Turns))
        {
            stratum.Expected = Math.Min(stratum.Pairs, left * stratum.Turns / turns);
            left -= stratum.Expected;
            turns -= stratum.Turns;
        }
    }

    private void Draw(Stratum stratum)
    {
        if (stratum.Pairs <= Listed)
        {
            stratum.List ??= Subsets(stratum);
            var other = stratum.Drawn + random.NextInt(stratum.List.Length - stratum.Drawn);
            (stratum.List[stratum.Drawn], stratum.List[other]) = (stratum.List[other], stratum.List[stratum.Drawn]);
            one.Clear();
            one.Add(stratum.List[stratum.Drawn]);
            return;
        }
        bool isNew;
        do
        {
            one.Clear();
            one.Add();
            subsets.Draw(stratum.Size, one);
            // A half and its complement are one pair: that half counts which has the first player.
            if (2 * stratum.Size == players && !one[0, 0])
            {
                one.AddComplement(0);
                var complement = one.Of(1).ToArray();
                one.Clear();
                one.Add(complement);
            }
            seen.Find(one.Of(0), out isNew);
        } while (!isNew);
    }

    private ulong[][] Subsets(Stratum stratum)
    {
        var all = new List<ulong[]>();
        var chosen = new int[stratum.Size];
        var half = 2 * stratum.Size == players;
        Choose(0, 0);
        return [.. all];

        void Choose(int at, int from)
        {
            if (at == chosen.Length)
            {
                one.Clear();
                one.Add();
                foreach (var p in chosen)
                    one[0, p] = true;
                all.Add(one.Of(0).ToArray());
                return;
            }
            for (var p = from; p <= (half && at == 0 ? 0 : players - chosen.Length + at); p++)
            {
                chosen[at] = p;
                Choose(at + 1, p + 1);
            }
        }
    }

    private sealed class Stratum
    {
        public Stratum(int size, int players)
        {
            Size = size;
            var half = 2 * size == players;
            Pairs = half ? 0.5 : 1;
            for (var k = 1; k <= size; k++)
                Pairs *= (players - size + k) / (double)k;
            Pairs = Math.Round(Pairs);
            Turns = half ? 1 : 2;
            Mass = Turns / size / (players - size);
        }

        public int Size { get; }

        public double Pairs { get; }

        public double Turns { get; }

        public double Mass { get; }

        public double Expected { get; set; }

        public int Drawn { get; set; }

        public ulong[][]? List { get; set; }
    }
}
