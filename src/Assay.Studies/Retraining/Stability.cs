using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Whether the ranking stays when little changes: other seeds, resampled training clusters, neighbouring settings.</summary>
internal static class Stability
{
    public const string Prefix = "stability_";

    /// <summary>Kendall's tau-b of the given model's ranking and that of the refits: mean, smallest and largest.</summary>
    public const string Rank = "stability_rank";
    public const string Range = "range";
    private const string Resampled = "resampled";
    private const string Neighbours = "neighbours";

    public static RetrainingPart Of(RetrainingWork work, RefitStudies seeds)
    {
        var kinds = new List<(string Name, RefitStudies Studies)> { ("seeds", seeds) };
        var (resampled, neighbours) = (Resamples(work), Neighbouring(work));
        WantedRefit[] wanted = [.. resampled, .. neighbours];
        work.Progress.Expect(2 * wanted.Length);
        work.Fit(wanted);
        foreach (var (name, fits) in ((string, WantedRefit[])[])[(Resampled, resampled), (Neighbours, neighbours)])
            if (fits.Length > 0)
                kinds.Add((name, new RefitStudies(work.Context, [.. fits.Select(work.Study)])));
        var rows = kinds
            .SelectMany(k => k.Studies.Agreements(Rank, k.Name))
            .Concat(kinds.Skip(1).SelectMany(k => k.Studies.Ranges(Prefix, k.Name)))
            .ToArray();
        return new(rows, Text(work, rows, [.. kinds.Select(k => k.Name)], wanted));
    }

    private static WantedRefit[] Resamples(RetrainingWork work) =>
        [
            .. Enumerable
                .Range(1, work.Definition.Resamples)
                .Select(i => new WantedRefit(
                    $"resampled-{i}",
                    work.Variant(work.Definition.Seed) with
                    {
                        Resample = (ulong)i,
                        Title = $"resampled training rows {i}",
                    },
                    KeepsModel: true
                )),
        ];

    private static WantedRefit[] Neighbouring(RetrainingWork work)
    {
        var usual = work.Variant(work.Definition.Seed);
        var training = usual.Options.Training;
        return
        [
            .. work.Definition.Neighbours.SelectMany(f =>
                new[]
                {
                    One("learning-rate", f, training with { LearningRate = training.LearningRate * f }),
                    One("weight-decay", f, training with { WeightDecay = training.WeightDecay * f }),
                }
            ),
        ];
        WantedRefit One(string what, double factor, Training.TrainingOptions changed)
        {
            var name = FormattableString.Invariant($"{what}-x{factor}");
            return new(
                name,
                usual with
                {
                    Options = usual.Options with { Training = changed },
                    Title = name,
                },
                KeepsModel: true
            );
        }
    }

    private static string Text(RetrainingWork work, Estimate[] rows, string[] kinds, WantedRefit[] wanted)
    {
        if (work.Rankings.Count == 0)
            return "";
        var ranking = work.Rankings[0];
        var agreements = kinds
            .Select(k =>
                rows.FirstOrDefault(r =>
                    r.Estimand == Rank && r.Split == Splits.Explain && r.Method == $"{k}:{ranking.Estimand}"
                )
            )
            .OfType<Estimate>()
            .ToArray();
        if (agreements.Length == 0)
            return "";
        var text =
            "### Stability under small changes\n\n"
            + $"Kendall's tau of the given model's ranking (`{ranking.Estimand}`, explained rows) and that of refits; 1: the same order.\n\n"
            + Studies.Text.Table(
                ["what changed", "mean tau", "smallest", "largest"],
                agreements.Select(e =>
                    (IReadOnlyList<string>)
                        [
                            e.Method.Split(':')[0],
                            Studies.Text.Number(e.Value),
                            Studies.Text.Number(e.Low),
                            Studies.Text.Number(e.High),
                        ]
                )
            )
            + "\n";
        return wanted.Length == 0
            ? text
            : text
                + $"Besides seeds: {Studies.Text.List([.. wanted.Select(w => w.Variant.Title)])}. The range of each importance over them is in `estimates.parquet` (`{Prefix}…`).\n\n";
    }
}
