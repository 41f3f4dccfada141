namespace Assay.Studies;

/// <summary>
/// Features that can be retired together. Candidates have negligible importance; sets whose joint loss is surely below the
/// margin are grown on the validation rows and judged, in the order in which they grew, on the test rows, then further, in
/// the order of what the others lose on the validation rows. What stays is tried besides what is proposed, one at a time.
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

    // What each accepted look added.
    private readonly List<IReadOnlyList<string>> steps = [];
    private int looks;

    private Retiring(RetrainingWork work, RetireDefinition asked)
    {
        (this.work, this.asked) = (work, asked);
        margin = MarginOf(work.Context.Study);
    }

    /// <summary>The loss that would not matter, declared beforehand.</summary>
    public static double MarginOf(StudyDefinition study) =>
        study.Retrain?.Retire is { Margin: var own } && !double.IsNaN(own) ? own : study.Margin;

    public static RetrainingPart Of(RetrainingWork work) =>
        work.Definition.Retire is { } asked ? new Retiring(work, asked).Run() : RetrainingPart.None;

    private RetrainingPart Run()
    {
        var ranking = work.Rankings.FirstOrDefault(r => r.IsLossOfAuc);
        if (ranking is null)
            return new([], RetiringSection.Nothing);
        var candidates = ranking.Negligible(margin);
        Search(candidates);
        // What matters to the given model may still be made up for by others: one at a time, the weakest first.
        foreach (var f in ranking.Strongest.Reverse().Except(candidates).Take(asked.Refused))
            Search([f]);
        string[] others = [.. ranking.Strongest.Reverse().Except(accepted).Take(asked.Refused)];
        var judged = Judge(steps.Concat(Further(others)), set => Lost(work.Test, set), margin);
        string[] proposed = [.. judged.Where(j => j.Passed).SelectMany(j => j.Added)];
        string[] stay = [.. ranking.Strongest.Reverse().Except(proposed).Take(asked.Refused)];
        work.FitAllWithout([.. stay.Select(f => (IReadOnlyList<string>)[.. proposed, f])], asked.Seeds);
        var rows = new List<Estimate>();
        foreach (var over in work.Compared)
        {
            if (proposed.Length > 0)
            {
                var joint = Lost(over, proposed);
                rows.AddRange(proposed.Select(f => joint.In(work.Row(over, Estimand, Together, f))));
            }
            rows.AddRange(stay.Select(f => Lost(over, [.. proposed, f]).In(work.Row(over, Estimand, Besides, f))));
        }
        var stays = stay.Select(f => new RetiringVerdict(f, Lost(work.Test, [.. proposed, f]), margin)).ToArray();
        return new(
            rows,
            new RetiringSection(work, asked, margin, candidates, others, looks, judged, stays).Write(),
            new
            {
                margin,
                candidates,
                looks,
                seeds = asked.Seeds ?? work.Definition.Seeds,
                proposed,
                judged = judged.Select(j => new
                {
                    j.Added,
                    passed_on_validation_rows = !j.Added.Any(others.Contains),
                    loss = RetiringVerdict.Facts(j.Lost),
                    j.Passed,
                }),
                stay = stays.Select(s => new
                {
                    s.Feature,
                    s.Word,
                    what_decides = s.WhatDecides,
                    loss = RetiringVerdict.Facts(s.Lost),
                }),
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
            steps.Add(features);
            return;
        }
        if (features.Count == 1)
            return;
        var half = (features.Count + 1) / 2;
        Search([.. features.Take(half)]);
        Search([.. features.Skip(half)]);
    }

    /// <summary>
    /// What did not pass on the validation rows, or was not reached, in the order of what it loses there besides what did.
    /// Fitted only once the sequence comes to it.
    /// </summary>
    private IEnumerable<IReadOnlyList<string>> Further(IReadOnlyList<string> others)
    {
        work.FitAllWithout([.. others.Select(f => (IReadOnlyList<string>)[.. accepted, f])], asked.Seeds);
        foreach (var f in InOrder(others, f => Lost(work.Validation, [.. accepted, f]).Value))
            yield return [f];
    }

    /// <summary>What loses least first; ties as they come.</summary>
    internal static IReadOnlyList<string> InOrder(IEnumerable<string> features, Func<string, double> lost) =>
        [.. features.OrderBy(lost)];

    /// <summary>
    /// Nested sets, the smallest first, each judged only if all before it passed. Other rows fixed the order, so that none
    /// needs a correction for the others: the chance of proposing any set that loses the margin is that of one test
    /// (Maurer, Hothorn and Lehmacher 1995; Westfall and Krishen 2001).
    /// </summary>
    /// <param name="steps">What each set adds to the one before; not asked for beyond the first that fails.</param>
    /// <param name="lost">The loss without a set.</param>
    /// <param name="margin">The loss that must surely not be reached.</param>
    internal static IReadOnlyList<JudgedStep> Judge(
        IEnumerable<IReadOnlyList<string>> steps,
        Func<IReadOnlyList<string>, OverSeeds> lost,
        double margin
    )
    {
        var judged = new List<JudgedStep>();
        List<string> set = [];
        foreach (var added in steps)
        {
            set.AddRange(added);
            var step = new JudgedStep(added, lost([.. set]), margin);
            judged.Add(step);
            if (!step.Passed)
                break;
        }
        return judged;
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
}

/// <summary>A set that was judged.</summary>
/// <param name="Added">What it has that the set before had not.</param>
/// <param name="Lost">The loss without the whole set.</param>
/// <param name="Margin">The loss that must surely not be reached.</param>
internal sealed record JudgedStep(IReadOnlyList<string> Added, OverSeeds Lost, double Margin)
{
    public bool Passed => Lost.Interval.High < Margin;
}
