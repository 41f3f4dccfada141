using System.Numerics;
using Assay.Attribution.Games;

namespace Assay.Attribution.Methods;

/// <summary>
/// LIME over all coalitions. Under a product of coins the regression falls apart into its features: a coefficient is the mean of
/// v(S ∪ i) − v(S), shrunk by the ridge; so a dummy gets exactly 0.
/// </summary>
internal sealed class LimeEnumeration(int players) : ILocalFit
{
    private readonly double[] values = new double[1 << players];
    private bool asked;

    public double Fidelity { get; private set; } = double.NaN;

    public void Begin(double nobody, double all) => (values[0], values[^1]) = (nobody, all);

    public void Ask(Coalitions wanted, int affordable)
    {
        if (asked)
            return;
        asked = true;
        for (var c = 1; c < values.Length - 1; c++)
            wanted.Add([(ulong)c]);
    }

    public void Tell(Coalitions asked, ReadOnlySpan<double> values) => values.CopyTo(this.values.AsSpan(1));

    public ShapleyEstimate Estimate()
    {
        var absence = LimeKernel.Absence(players);
        var variance = absence * (1 - absence);
        var chance = new double[players + 1];
        for (var s = 0; s <= players; s++)
            chance[s] = Math.Pow(1 - absence, s) * Math.Pow(absence, players - s);
        double mean = 0,
            total = 0;
        for (var c = 0; c < values.Length; c++)
            mean += chance[BitOperations.PopCount((uint)c)] * values[c];
        for (var c = 0; c < values.Length; c++)
            total += chance[BitOperations.PopCount((uint)c)] * (values[c] - mean) * (values[c] - mean);
        var (slopes, explained) = (new double[players], 0.0);
        for (var p = 0; p < players; p++)
        {
            var bit = 1 << p;
            for (var c = 0; c < values.Length; c++)
                if ((c & bit) == 0)
                    slopes[p] += chance[BitOperations.PopCount((uint)c)] / absence * (values[c | bit] - values[c]);
            var whole = slopes[p];
            slopes[p] *= variance / (variance + LimeKernel.Ridge);
            explained += variance * slopes[p] * (2 * whole - slopes[p]);
        }
        Fidelity = total > 0 ? Math.Min(1, explained / total) : 1;
        return ShapleyEstimate.Exact(slopes);
    }
}
