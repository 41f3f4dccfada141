namespace Assay.Studies;

/// <summary>
/// Features that can be retired together: candidates have negligible importance; the largest set whose joint loss is surely
/// below the margin is sought on the validation rows, and judged once on the test rows. Others are tried besides the set,
/// one at a time.
/// </summary>
internal sealed class Retiring
{
    public const string Estimand = "retire_auc";

    /// <summary>Loss when all proposed features are removed at once; one row for each, all with the same numbers.</summary>
    public const string Together = "together";

    /// <summary>Loss when one that stays is removed besides them.</summary>
    public const string Besides = "besides";

    private readonly RetrainingWork work;
    private readonly RetireDefinition asked;
    private readonly double margin;
    private readonly List<string> accepted = [];
    private int looks;

    private Retiring(RetrainingWork work, RetireDefinition asked)
    {
        (this.work, this.asked) = (work, asked);
        margin = double.IsNaN(asked.Margin) ? work.Context.Study.Margin : asked.Margin;
    }

    public static RetrainingPart Of(RetrainingWork work) =>
        work.Definition.Retire is { } asked ? new Retiring(work, asked).Run() : RetrainingPart.None;

    private RetrainingPart Run()
    {
        var ranking = work.Rankings.FirstOrDefault(r => r.IsLossOfAuc);
        if (ranking is null)
            return new(
                [],
                "### What can be retired\n\nNothing was tried: without a loss of AUC under permutation no feature is a candidate (add the method permutation or conditional-permutation).\n\n"
            );
        var candidates = ranking.Negligible(margin);
        Search(candidates);
        // What matters to the given model may still be made up for by others: one at a time, the weakest first.
        foreach (var f in ranking.Strongest.Reverse().Except(candidates).Take(asked.Refused))
            Search([f]);
        string[] stay = [.. ranking.Strongest.Reverse().Except(accepted).Take(asked.Refused)];
        work.FitAllWithout([.. stay.Select(f => (IReadOnlyList<string>)[.. accepted, f])], asked.Seeds);
        var rows = new List<Estimate>();
        foreach (var over in work.Compared)
        {
            if (accepted.Count > 0)
            {
                var joint = Lost(over, accepted);
                rows.AddRange(accepted.Select(f => joint.In(work.Row(over, Estimand, Together, f))));
            }
            rows.AddRange(stay.Select(f => Lost(over, [.. accepted, f]).In(work.Row(over, Estimand, Besides, f))));
        }
        return new(
            rows,
            Text(candidates, stay, rows),
            new
            {
                margin,
                candidates,
                proposed = Confirmed(rows) ? accepted : [],
                tried = accepted,
                looks,
                seeds = asked.Seeds ?? work.Definition.Seeds,
            }
        );
    }

    /// <summary>All at once; where that loses too much, halves, the weaker first, besides what was accepted.</summary>
    private void Search(IReadOnlyList<string> features)
    {
        if (features.Count == 0 || looks == asked.Looks)
            return;
        looks++;
        if (Lost(work.Validation, [.. accepted, .. features]).Interval.High < margin)
        {
            accepted.AddRange(features);
            return;
        }
        if (features.Count == 1)
            return;
        var half = (features.Count + 1) / 2;
        Search([.. features.Take(half)]);
        Search([.. features.Skip(half)]);
    }

    private OverSeeds Lost(TestRows over, IReadOnlyList<string> drop)
    {
        // Both kinds at once, so that no thread waits between them.
        work.FitAllWithout(
            [
                [],
                drop,
            ],
            asked.Seeds
        );
        return over.AucLost(work.FitWithout([], asked.Seeds), work.FitWithout(drop, asked.Seeds));
    }

    private bool Confirmed(List<Estimate> rows) =>
        rows.FirstOrDefault(r => r.Method == Together && r.Split == work.Test.Split)?.High < margin;

    private string Text(IReadOnlyList<string> candidates, string[] stay, List<Estimate> rows)
    {
        Estimate? One(string method, string feature) =>
            rows.FirstOrDefault(r => (r.Split, r.Method, r.Feature) == (work.Test.Split, method, feature));
        var text =
            "### What can be retired\n\n"
            + $"Margin, declared beforehand: a loss of {Studies.Text.Number(margin)} in AUC. {candidates.Count} of {work.Context.Plan.Features.Count} features have an importance surely below it; all of these, else parts of them, then others one at a time, were tried on the validation rows ({looks} sets), and what passed was judged once on the {work.Test.Split} rows, {asked.Seeds ?? work.Definition.Seeds} seeds each.\n\n";
        if (accepted.Count == 0)
            text += "No set of features loses surely less than the margin; more seeds or rows would narrow it.\n\n";
        else if (One(Together, accepted[0]) is { } joint)
            text +=
                $"Fitted without {Studies.Text.List([.. accepted.Select(f => $"`{f}`")])} the network loses {Studies.Text.WithInterval(joint)} of AUC: "
                + (
                    Confirmed(rows)
                        ? "together they can be retired.\n\n"
                        : "not surely less than the margin on rows that did not choose them, so none is proposed.\n\n"
                );
        return stay.Length == 0
            ? text
            : text
                + "Features that stay, the weakest first: what is lost when one is removed besides these.\n\n"
                + Studies.Text.Table(
                    ["feature", "AUC lost", "verdict"],
                    stay.Select(f => One(Besides, f)!)
                        .Select(e =>
                            (IReadOnlyList<string>)
                                [e.Feature, Studies.Text.WithInterval(e), RetrainingSection.Verdict(e, margin)]
                        )
                )
                + "\n";
    }
}
