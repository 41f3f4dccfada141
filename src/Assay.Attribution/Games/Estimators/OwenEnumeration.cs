using System.Numerics;

namespace Assay.Attribution.Games;

/// <summary>
/// φᵢ = Σ over sets R of other groups, Σ over sets T of i's own group without i, of w(|R|, groups) w(|T|, members)
/// (v(R ∪ T ∪ i) − v(R ∪ T)), w(k, n) = k!(n − k − 1)!/n! (Owen 1977).
/// </summary>
internal sealed class OwenEnumeration(int players, CoalitionStructure structure) : IGameEstimator
{
    private readonly double[] values = new double[players];
    private bool asked;

    public void Begin(double nobody, double all) { }

    public void Ask(Coalitions wanted, int affordable)
    {
        if (asked)
            return;
        asked = true;
        foreach (var (group, others, part) in Terms())
        {
            var at = wanted.Add();
            foreach (var other in Members(group, others))
                wanted[at, other] = true;
            for (var m = 0; m < structure.Groups[group].Length; m++)
                if ((part >> m & 1) != 0)
                    wanted[at, structure.Groups[group][m]] = true;
        }
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values)
    {
        var at = 0;
        var groups = structure.Groups.Length;
        foreach (var (group, others, part) in Terms())
        {
            var members = structure.Groups[group];
            var outer = Share(BitOperations.PopCount(others), groups);
            var size = BitOperations.PopCount(part);
            for (var m = 0; m < members.Length; m++)
                this.values[members[m]] +=
                    (part >> m & 1) != 0
                        ? outer * Share(size - 1, members.Length) * values[at]
                        : -outer * Share(size, members.Length) * values[at];
            at++;
        }
    }

    public ShapleyEstimate Estimate() => ShapleyEstimate.Exact([.. values]);

    // Each group with each set of the others, by the bits of their numbers, and each part of its own members.
    private IEnumerable<(int Group, ulong Others, ulong Part)> Terms()
    {
        for (var g = 0; g < structure.Groups.Length; g++)
        for (var others = 0UL; others < 1UL << structure.Groups.Length; others++)
        {
            if ((others >> g & 1) != 0)
                continue;
            for (var part = 0UL; part < 1UL << structure.Groups[g].Length; part++)
                yield return (g, others, part);
        }
    }

    private IEnumerable<int> Members(int group, ulong others) =>
        structure.Groups.Where((_, g) => g != group && (others >> g & 1) != 0).SelectMany(g => g);

    // k!(n − k − 1)!/n! = 1/(n C(n − 1, k)).
    private static double Share(int k, int n)
    {
        var share = 1.0 / n;
        for (var i = 1; i <= k; i++)
            share *= i / (double)(n - i);
        return share;
    }
}
