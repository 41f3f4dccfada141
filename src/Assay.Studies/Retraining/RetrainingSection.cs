using System.Text;

namespace Assay.Studies;

/// <summary>What refits say, in the report.</summary>
internal sealed class RetrainingSection(
    RetrainingWork work,
    IReadOnlyList<Estimate> rows,
    IReadOnlyList<string> dropped
)
{
    private const int Shown = 12;

    public string Write()
    {
        var text = new StringBuilder("## If it were trained again\n\n");
        Opening(text);
        Importances(text);
        Losses(text);
        return text.ToString();
    }

    private void Opening(StringBuilder text)
    {
        var refit = One(RefitEstimands.RefitAuc, RefitEstimands.Method);
        text.Append(
            $"The network was fitted again with {work.Definition.Seeds} seeds to {Text.Count(work.Rows.Training.Count)} rows: "
                + $"AUC {Text.WithInterval(refit)} on the {refit.Split} rows"
        );
        if (RetrainingRemarks.Given(work) is { } given)
            text.Append($"; the given model has {Text.WithInterval(given)}");
        text.Append(". ");
        if (RetrainingRemarks.Worse(work, rows) is { } worse)
            text.Append($"Beware: {worse}. ");
        if (Find(RefitEstimands.RefitAuc, RefitEstimands.Shuffled) is { } shuffled)
            text.Append(
                $"Fitted to labels in random order it has {Text.WithInterval(shuffled)}"
                    + (
                        shuffled is { Low: <= 0.5, High: >= 0.5 }
                            ? ", as it should: nothing. "
                            : ": not ½, so the rows themselves give something away. "
                    )
            );
        text.Append(
            "Intervals cover the choice of clusters and of seeds (Student's t, Satterthwaite's degrees of freedom), not that of the training rows.\n\n"
        );
    }

    private void Importances(StringBuilder text)
    {
        if (work.Rankings.Count == 0)
            return;
        var ranking = work.Rankings[0];
        var estimand = RefitEstimands.Refit + ranking.Estimand;
        var own = rows.Where(e => e.Estimand == estimand && e.Split == Splits.Explain && e.Rank is not null)
            .OrderBy(e => e.Rank)
            .Take(Shown)
            .ToArray();
        if (own.Length == 0)
            return;
        var hasNull = rows.Any(e => e.Estimand == RefitEstimands.OverNull + ranking.Estimand);
        text.Append(
            $"### Importance over seeds\n\nMean `{ranking.Estimand}` of the refits on the explained rows; ranks over clusters and seeds.\n\n"
        );
        text.Append(
            Text.Table(
                [
                    "feature",
                    "given model",
                    "mean of refits",
                    "rank",
                    "sd between seeds",
                    "error within one",
                    .. hasNull ? (string[])["on shuffled labels", "p against these"] : [],
                ],
                own.Select(e =>
                    (IReadOnlyList<string>)
                        [
                            e.Feature,
                            Text.WithInterval(Original(ranking, e.Feature)),
                            Text.WithInterval(e),
                            Text.Rank(e),
                            Number(RefitEstimands.BetweenSeeds + ranking.Estimand, e.Feature),
                            Number(RefitEstimands.WithinSeed + ranking.Estimand, e.Feature),
                            .. hasNull
                                ? (string[])
                                    [
                                        Number(RefitEstimands.Null + ranking.Estimand, e.Feature),
                                        P(OnExplain(RefitEstimands.OverNull + ranking.Estimand, e.Feature)),
                                    ]
                                : [],
                        ]
                )
            )
        );
        text.Append('\n');
    }

    private void Losses(StringBuilder text)
    {
        if (dropped.Count == 0)
            return;
        var margin = work.Context.Study.Margin;
        text.Append(
            $"### Fitted without a feature\n\nWhat is lost on the {One(RefitEstimands.LocoAuc, RefitEstimands.Method, dropped[0]).Split} rows when the network is fitted without it, paired over {work.Definition.Seeds} seeds "
                + $"(leave one covariate out); needed: surely more than the margin of {Text.Number(margin)} in AUC.\n\n"
        );
        text.Append(
            Text.Table(
                ["feature", "AUC lost", "log loss added", "p", "verdict"],
                dropped
                    .Select(f => One(RefitEstimands.LocoAuc, RefitEstimands.Method, f))
                    .OrderByDescending(e => e.Value)
                    .Select(e =>
                        (IReadOnlyList<string>)
                            [
                                e.Feature,
                                Text.WithInterval(e),
                                Text.WithInterval(One(RefitEstimands.LocoLogLoss, RefitEstimands.Method, e.Feature)),
                                P(e),
                                Verdict(e, margin),
                            ]
                    )
            )
        );
        text.Append('\n');
    }

    private static string Verdict(Estimate e, double margin) =>
        e.High < margin ? "can be spared"
        : e.Low > margin ? "needed"
        : "undecided";

    private static string P(Estimate? e) =>
        e is null || double.IsNaN(e.PAdjusted) ? "–"
        : e.PAdjusted < 0.001 ? "< 0.001"
        : Text.Number(e.PAdjusted);

    private string Number(string estimand, string feature) =>
        Text.Number(OnExplain(estimand, feature)?.Value ?? double.NaN);

    private Estimate? Original(StudiedRanking ranking, string feature) =>
        work.Context.Merged.Estimates.FirstOrDefault(e =>
            e is { Split: Splits.Explain, Dimension: SegmentBuilder.Overall }
            && (e.Estimand, e.Method, e.Feature) == (ranking.Estimand, ranking.Method, feature)
        );

    private Estimate? OnExplain(string estimand, string feature) =>
        rows.FirstOrDefault(e => e.Split == Splits.Explain && e.Estimand == estimand && e.Feature == feature);

    private Estimate? Find(string estimand, string method, string feature = "") =>
        rows.FirstOrDefault(e =>
            (e.Split, e.Estimand, e.Method, e.Feature) == (work.Test.Split, estimand, method, feature)
        );

    private Estimate One(string estimand, string method, string feature = "") => Find(estimand, method, feature)!;
}
