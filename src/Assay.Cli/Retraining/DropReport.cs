using System.Globalization;
using Assay.Cli.Output;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>What fits without features say beside fits with all, as text.</summary>
internal static class DropReport
{
    /// <summary>The margin, to be printed before anything is fitted.</summary>
    public static string Stated(RetrainRequest request, DropMargin margin) =>
        FormattableString.Invariant(
            $"Margin, stated beforehand: a loss increase of {margin.Nats:G3} nats per row without {Names(request)} ({margin.Reason})."
        );

    public static void Write(RetrainReport report, DropMargin margin, LossIncrease increase, Terminal terminal)
    {
        var table = new TextTable(
            "seed",
            "AUC with",
            "AUC without",
            "logloss with",
            "logloss without",
            "increase"
        ).Numbers(0, 1, 2, 3, 4, 5);
        foreach (var pair in report.Refits.GroupBy(r => r.Seed).Select((p, s) => (Fits: p.ToArray(), Seed: s)))
        {
            var (with, without) = (pair.Fits[0].Score!, pair.Fits[1].Score!);
            table.Add(
                pair.Fits[0].Seed.ToString(CultureInfo.InvariantCulture),
                Text(with.Auc, "F4"),
                Text(without.Auc, "F4"),
                Text(with.LogLoss, "F5"),
                Text(without.LogLoss, "F5"),
                Signed(increase.PerSeed[pair.Seed])
            );
        }
        table.Write(terminal);
        var i = increase.Interval;
        terminal.Out.WriteLine(
            FormattableString.Invariant(
                $"Without {Names(report.Request)} the loss is {Signed(increase.Estimate)} nats per row higher (95 % {Signed(i.Low)} … {Signed(i.High)}; standard error {increase.SamplingError:G2} from {increase.Clusters} clusters, {increase.SeedError:G2} from {increase.PerSeed.Count} seeds; {increase.DegreesOfFreedom:F1} degrees of freedom)."
            )
        );
        terminal.Out.WriteLine($"Verdict: {Sentence(report.Request, margin, increase)}");
        if (report.Request.Cluster is null)
            terminal.Out.WriteLine(
                "Caveat: no --cluster was named, so rows are taken for independent; with several rows a user the interval is too narrow."
            );
        terminal.Out.WriteLine(
            "Caveat: the interval covers the choice of test clusters and of seeds, not that of the training rows."
        );
    }

    /// <summary>One word for the JSON result.</summary>
    public static string Word(DropVerdict verdict) =>
        verdict switch
        {
            DropVerdict.CanBeRetired => "can_be_retired",
            DropVerdict.Needed => "needed",
            _ => "undecided",
        };

    private static string Sentence(RetrainRequest request, DropMargin margin, LossIncrease increase)
    {
        var nats = margin.Nats.ToString("G3", CultureInfo.InvariantCulture);
        return increase.Judge(margin.Nats) switch
        {
            DropVerdict.CanBeRetired =>
                $"{Names(request)} can be retired: the upper bound is below the margin of {nats}.",
            DropVerdict.Needed => $"{Names(request)} is needed: the lower bound is above the margin of {nats}.",
            _ => $"undecided: the interval contains the margin of {nats}; more --seeds or test rows would narrow it.",
        };
    }

    private static string Names(RetrainRequest request) => string.Join(", ", request.Drop);

    private static string Signed(double x) => x.ToString("+0.00000;-0.00000;0.00000", CultureInfo.InvariantCulture);

    private static string Text(double x, string format) => x.ToString(format, CultureInfo.InvariantCulture);
}
