using System.Globalization;
using Assay.Cli.Output;
using Assay.Studies;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>The result of one or several refits, as text.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Refits">All fits.</param>
/// <param name="Written">The one whose model is written.</param>
/// <param name="TrainingRows">Rows fitted.</param>
/// <param name="Before">The given model on the test rows.</param>
/// <param name="Margin">For a comparison.</param>
/// <param name="Increase">For a comparison.</param>
internal sealed record RetrainReport(
    RetrainRequest Request,
    IReadOnlyList<Refit> Refits,
    Refit Written,
    int TrainingRows,
    RefitScore? Before,
    DropMargin? Margin,
    LossIncrease? Increase
)
{
    /// <summary>The mean AUC of the fits like the one written, where there are several.</summary>
    public (double Mean, SeedInterval Interval)? OverSeeds =>
        Before is null
            ? null
            : RefitScore.Over([.. Refits.Where(r => r.Dropped.Count == Written.Dropped.Count).Select(r => r.Score!)]);

    /// <summary>Lists what is fitted and what stays.</summary>
    public static void WriteParameters(IReadOnlyList<ModelParameter> parameters, Terminal terminal)
    {
        var table = new TextTable("initialiser", "shape", "fitted", "why");
        foreach (var p in parameters)
            table.Add(p.Name, $"[{string.Join(", ", p.Dims)}]", p.Trained ? "yes" : "no", p.Reason);
        table.Write(terminal);
        terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{parameters.Where(p => p.Trained).Sum(p => p.Count)} numbers in {parameters.Count(p => p.Trained)} of {parameters.Count} initialisers are fitted; correct the list with --fit and --freeze."
            )
        );
    }

    public void Write(Terminal terminal)
    {
        terminal.Out.WriteLine();
        if (Before is not null)
        {
            var table = new TextTable("model", "test rows", "AUC (95 %)", "logloss").Numbers(1, 2, 3);
            Line(table, "original", Before);
            foreach (var refit in Refits)
                Line(table, Name(refit), refit.Score!);
            table.Write(terminal);
            if (Increase is null && OverSeeds is { } over)
                terminal.Out.WriteLine(
                    FormattableString.Invariant(
                        $"AUC over {Refits.Count} seeds: {over.Mean:F4} (95 % {over.Interval.Interval.Low:F4} … {over.Interval.Interval.High:F4}, seeds and test rows together)."
                    )
                );
        }
        if (Margin is not null && Increase is not null)
        {
            terminal.Out.WriteLine();
            DropReport.Write(this, Margin, Increase, terminal);
        }
        foreach (var refit in Refits)
            terminal.Out.WriteLine(
                $"{Capital(Name(refit))}: head {refit.Result.Head}, epoch {refit.Result.BestEpoch} of {refit.Result.Epochs.Count} kept."
            );
        foreach (var caveat in Written.Result.Caveats)
            terminal.Out.WriteLine($"Caveat: {caveat}");
        terminal.Out.WriteLine($"The model{Which()} is in {Request.Out}, the result in {Request.Result}.");
    }

    private string Name(Refit refit) =>
        Refits.Count == 1 ? "refit"
        : refit.Dropped.Count == 0 ? $"refit, seed {refit.Seed}"
        : $"refit without {string.Join(", ", refit.Dropped)}, seed {refit.Seed}";

    private string Which() => Refits.Count == 1 ? "" : $" ({Name(Written)})";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static void Line(TextTable table, string name, RefitScore score) =>
        table.Add(
            name,
            score.Rows.ToString(CultureInfo.InvariantCulture),
            FormattableString.Invariant($"{score.Auc:F4} ({score.AucInterval.Low:F4} … {score.AucInterval.High:F4})"),
            score.LogLoss.ToString("F5", CultureInfo.InvariantCulture)
        );
}
