using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Attribution.Judging;

/// <summary>
/// Weight randomisation (Adebayo et al. 2018): Spearman's ρ of the attributions, signs included, with those of the same rows under
/// random weights; stage by stage with one draw, and for the whole network the mean size of ρ over several: a random last layer may
/// turn every sign, and an explanation that is only turned is the same picture.
/// </summary>
internal static class SanityCheck
{
    /// <summary>Fills in the cascade and the sanity measure of each entry; returns the names of the stages.</summary>
    public static IReadOnlyList<string> Run(
        OnnxModel model,
        IReadOnlyList<Entry> entries,
        IReadOnlyDictionary<string, TensorData> rows,
        int features,
        JudgeSettings settings,
        Action<string> progress,
        CancellationToken stop
    )
    {
        var cascade = new WeightCascade(model, settings.Explain.Head);
        var stages = cascade.Names.Count;
        if (stages == 0 || settings.SanityDraws == 0)
            return [];
        var count = RowsOfInputs.Count(rows, "rows");
        var whole = entries.ToDictionary(e => e, _ => new double[count]);
        var drawn = entries.ToDictionary(e => e, _ => new int[count]);
        for (var run = 0; run < stages + settings.SanityDraws - 1; run++)
        {
            var stage = Math.Min(run + 1, stages);
            var seed = settings.Explain.Seed + (ulong)Math.Max(0, run - stages + 1);
            progress($"random weights {run + 1} of {stages + settings.SanityDraws - 1}");
            var random = cascade.Randomised(stage, seed);
            foreach (var entry in entries)
            {
                stop.ThrowIfCancellationRequested();
                var similar = Similarity(entry, random, rows, features);
                if (run < stages)
                    entry.Cascade.Add(RowMean.Of(similar));
                for (var r = 0; stage == stages && r < count; r++)
                    if (!double.IsNaN(similar[r]))
                    {
                        whole[entry][r] += Math.Abs(similar[r]);
                        drawn[entry][r]++;
                    }
            }
        }
        foreach (var entry in entries)
            entry.Rows[Measure.Sanity] = [.. whole[entry].Zip(drawn[entry], (s, n) => n == 0 ? double.NaN : s / n)];
        return cascade.Names;
    }

    private static double[] Similarity(
        Entry entry,
        OnnxModel random,
        IReadOnlyDictionary<string, TensorData> rows,
        int features
    )
    {
        var similar = new double[RowsOfInputs.Count(rows, "rows")];
        double[] other;
        try
        {
            using var opened = entry.Contestant.Open(random);
            other = opened.Explain(rows);
        }
        catch (AssayException)
        {
            // Random weights may overflow where the model's do not; such a draw says nothing.
            Array.Fill(similar, double.NaN);
            return similar;
        }
        for (var r = 0; r < similar.Length; r++)
            similar[r] = RankCorrelation.Spearman(
                entry.Attributions.AsSpan(r * features, features),
                other.AsSpan(r * features, features)
            );
        return similar;
    }
}
