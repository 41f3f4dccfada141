using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Attribution.Judging;

/// <summary>
/// Judges attribution methods on the rows of one model: are they faithful to it, steady, do they look at its weights at all, do they
/// agree, what do they cost. A control of random numbers is always judged along.
/// </summary>
public static class Judge
{
    private const int WarmUpRows = 8;

    /// <summary>Judges methods; everything but the times is the same for the same arguments.</summary>
    /// <param name="model">The user's model; not changed.</param>
    /// <param name="features">The players.</param>
    /// <param name="settings">Methods, baseline and how much is spent.</param>
    /// <param name="rows">Rows: graph inputs by name, the first dimension of each counting rows.</param>
    /// <param name="time">The clock for times per row.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="stop">Stops between two methods.</param>
    /// <exception cref="AssayException">Usage: an option or a method's name. Input: the model cannot be explained.</exception>
    public static Judgement Run(
        OnnxModel model,
        IReadOnlyList<FeatureSlot> features,
        JudgeSettings settings,
        IReadOnlyDictionary<string, TensorData> rows,
        TimeProvider time,
        Action<string>? progress = null,
        CancellationToken stop = default
    )
    {
        settings.Validate();
        var say = progress ?? (_ => { });
        var count = RowsOfInputs.Count(rows, "rows");
        var top = settings.Top ?? Math.Max(1, (features.Count + 3) / 4);
        if (top < 1 || top > features.Count)
            throw AssayException.Usage($"The top {top} of {features.Count} features cannot be taken.");
        var explain = settings.Explain with { Method = "feature-ablation" };
        using var explained = new ExplainedModel(model, features, explain);
        var removals = new RemovalMeasures(explained.Games(rows), settings.Removals, explain.Seed);
        var gaps = new PredictionGaps(explained, rows, settings.Donors, explain.Seed);
        var near = Neighbourhood.Of(rows, settings.Neighbours, settings.Radius, explain.Seed);
        var (entries, skipped) = (new List<Entry>(), new List<SkippedMethod>());
        foreach (var contestant in Contestants(features, settings, skipped))
        {
            stop.ThrowIfCancellationRequested();
            say(contestant.Id);
            try
            {
                var entry = Enter(contestant, model, rows, near, features.Count, time);
                Measured(entry, removals, gaps, top);
                entries.Add(entry);
            }
            catch (AssayException e) when (!contestant.IsControl && (e.Fault is Fault.Usage or Fault.Input))
            {
                skipped.Add(new(contestant.Id, e.Message));
            }
        }
        var pairs = Agreements.Of(entries, features.Count, top);
        var tried = Math.Min(count, settings.SanityRows);
        var layers = SanityCheck.Run(
            model,
            entries,
            tried == count ? rows : new RowBatch().Take(rows, 0, tried, tried),
            features.Count,
            settings,
            say,
            stop
        );
        var leftOut = OverallOrder.Sort(entries);
        return new(count, features.Count, top, [.. entries.Select(e => e.Result())], skipped, pairs, layers, leftOut);
    }

    private static IEnumerable<Contestant> Contestants(
        IReadOnlyList<FeatureSlot> features,
        JudgeSettings settings,
        List<SkippedMethod> skipped
    )
    {
        var ids = settings.Methods ?? [.. MethodRegistry.All.Select(m => m.Id)];
        foreach (var id in ids.Distinct().Where(i => i != Judgement.Control))
            if (MethodRegistry.Get(id) is var info && !info.PerRow)
                skipped.Add(new(id, "It measures a population and has no answer for rows."));
            else if (info.Layer != LayerUse.None)
                skipped.Add(
                    new(id, "It explains by a layer or unit inside the model, and not the head by its features.")
                );
            else
                yield return new(id, features, settings.Explain);
        yield return new(Judgement.Control, features, settings.Explain);
    }

    private static Entry Enter(
        Contestant contestant,
        OnnxModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyList<IReadOnlyDictionary<string, TensorData>> near,
        int features,
        TimeProvider time
    )
    {
        var count = RowsOfInputs.Count(rows, "rows");
        using var opened = contestant.Open(model);
        // Sessions open and graphs are compiled at the first call.
        var few = Math.Min(count, WarmUpRows);
        opened.Explain(new RowBatch().Take(rows, 0, few, few));
        var start = time.GetTimestamp();
        var attributions = opened.Explain(rows, out var evaluations);
        var elapsed = time.GetElapsedTime(start);
        var entry = new Entry(contestant, attributions)
        {
            MillisecondsPerRow = elapsed.TotalMilliseconds / count,
            EvaluationsPerRow = (double)evaluations / count,
        };
        if (near.Count > 0)
            entry.Rows[Measure.Sensitivity] = Neighbourhood.Largest(
                attributions,
                near.Select(n => opened.Explain(n)),
                features
            );
        return entry;
    }

    private static void Measured(Entry entry, RemovalMeasures removals, PredictionGaps gaps, int top)
    {
        (entry.Rows[Measure.Deletion], entry.Rows[Measure.Insertion]) = removals.Curves(entry.Attributions);
        (entry.Rows[Measure.Infidelity], entry.Rows[Measure.InfidelityRaw]) = removals.Infidelity(entry.Attributions);
        (entry.Rows[Measure.GapImportant], entry.Rows[Measure.GapUnimportant]) = gaps.Of(entry.Attributions, top);
    }
}
