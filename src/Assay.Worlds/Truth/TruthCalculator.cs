using Assay.Statistics;

namespace Assay.Worlds.Truth;

/// <summary>Computes population quantities of the true logit over some rows.</summary>
internal sealed class TruthCalculator
{
    private readonly World world;
    private readonly int[] rows;
    private readonly double[] labels;
    private readonly double[] logits;
    private readonly double auc;

    public TruthCalculator(World world, int[] rows)
    {
        this.world = world;
        this.rows = rows;
        labels = Array.ConvertAll(rows, r => (double)world.Labels[r]);
        logits = Array.ConvertAll(rows, world.TrueLogit);
        auc = RocAuc.Of(logits, labels);
    }

    public PopulationTruth Compute(WorldRow baseline, int repeats)
    {
        var (absolute, signed) = Shapley(baseline);
        var alone = new AloneScores(world);
        var features = new FeatureTruth[WorldFeatures.All.Count];
        for (var f = 0; f < features.Length; f++)
        {
            var (logLoss, aucLoss) = Permutation(f, repeats);
            var aloneAuc = alone.Of(f, rows) is { } scores ? RocAuc.Of(scores, labels) : double.NaN;
            features[f] = new FeatureTruth(WorldFeatures.All[f], absolute[f], signed[f], logLoss, aucLoss, aloneAuc);
        }
        return new PopulationTruth(rows.Length, auc, LogLoss.Of(logits, labels), features);
    }

    private (double[] Absolute, double[] Signed) Shapley(WorldRow baseline)
    {
        var absolute = new double[WorldFeatures.All.Count];
        var signed = new double[absolute.Length];
        foreach (var row in rows)
        {
            var phi = world.ExactShapley(row, baseline);
            for (var f = 0; f < phi.Length; f++)
            {
                absolute[f] += Math.Abs(phi[f]) / rows.Length;
                signed[f] += phi[f] / rows.Length;
            }
        }
        return (absolute, signed);
    }

    private (double LogLoss, double Auc) Permutation(int feature, int repeats)
    {
        var terms = world.Terms.Where(t => t.Features.Contains(feature)).ToArray();
        if (terms.Length == 0)
            return (0, 0);
        double logLoss = 0,
            aucLoss = 0;
        var moved = new double[rows.Length];
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var donors = Donors(feature, repeat);
            for (var i = 0; i < rows.Length; i++)
            {
                moved[i] = logits[i] + terms.Sum(t => Change(t, feature, rows[i], donors[i]));
                // The expectation over the label of the loss, not the loss of one drawn label: less noise, same mean.
                var p = 1 / (1 + Math.Exp(-logits[i]));
                logLoss += LogLoss.OfLogit(moved[i], p) - LogLoss.OfLogit(logits[i], p);
            }
            aucLoss += auc - RocAuc.Of(moved, labels);
        }
        return (logLoss / rows.Length / repeats, aucLoss / repeats);
    }

    private double Change(Term term, int feature, int row, int donor)
    {
        var cells = new WorldRow[term.Features.Length];
        for (var s = 0; s < cells.Length; s++)
            cells[s] = world.Row(term.Features[s] == feature ? donor : row);
        return term.Value(cells) - term.Value(world.Row(row));
    }

    /// <summary>For each row the row that lends it the feature's value: units change places as wholes.</summary>
    private int[] Donors(int feature, int repeat)
    {
        var random = new CounterRandom(
            world.Options.Seed,
            "truth permutation",
            StableHash.Combine((ulong)feature, (ulong)repeat)
        );
        var units = new ulong[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            units[i] = WorldFeatures.All[feature].Level switch
            {
                FeatureLevel.User => (ulong)world.UserIds[rows[i]],
                FeatureLevel.Request => (ulong)world.RequestIds[rows[i]],
                _ => (ulong)i,
            };
        return Array.ConvertAll(Attribution.Donors.Assign(units, random), d => rows[d]);
    }
}
