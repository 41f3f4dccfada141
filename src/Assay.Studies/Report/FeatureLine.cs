namespace Assay.Studies;

/// <summary>All that is found about one feature, as a line that needs no statistics.</summary>
internal sealed class FeatureLine
{
    private readonly double lead;
    private readonly string aside;
    private readonly Finding? leans;
    private readonly Finding? adds;
    private readonly Finding? refit;
    private readonly Finding[] differences;

    /// <param name="feature">The feature.</param>
    /// <param name="findings">All findings.</param>
    /// <param name="lead">How far the model is ahead of guessing.</param>
    /// <param name="aside">Which other features "given the others" leaves out, in words.</param>
    public FeatureLine(string feature, IReadOnlyList<Finding> findings, double lead, string aside = "")
    {
        (this.lead, this.aside) = (lead, aside);
        var own = findings.Where(f => f.Feature == feature).ToArray();
        var overall = own.Where(f => f.Kind <= FindingKind.NotSettled && f.Dimension == SegmentBuilder.Overall)
            .ToArray();
        adds = overall.FirstOrDefault(f => IsConditional(f));
        leans = overall.FirstOrDefault(f => !IsConditional(f) && !IsRefit(f));
        refit = own.FirstOrDefault(IsRefit);
        differences =
        [
            .. own.Where(f => f.Kind == FindingKind.SegmentDifference && f.Grade <= Grade.C)
                .OrderBy(f => f.Grade)
                .ThenByDescending(f => Math.Abs(f.Value)),
        ];
        Best = overall.Concat(refit is null ? [] : [refit]).MinBy(f => f.Grade);
    }

    /// <summary>The best graded finding; null: nothing is found about it.</summary>
    public Finding? Best { get; }

    public string Title => Best!.DisplayName;

    /// <summary>Whether something shows that it counts.</summary>
    public bool Matters => Counts(leans) || Counts(adds) || refit is { Kind: FindingKind.Needed };

    /// <summary>Whether the model leans on it, and other features can take its place.</summary>
    public bool Replaceable => Matters && (adds is { Kind: FindingKind.FeatureDoesNotMatter } || CanGo);

    /// <summary>The share of the lead that the model leans on it for; empty where that is no share.</summary>
    public string Share =>
        leans is { } l && Counts(l) && lead > 0 && l.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal)
            ? $"{Text.Rough(l.Value / lead)} %"
            : "";

    public bool Negligible => !Matters && (Best!.Kind is FindingKind.FeatureDoesNotMatter or FindingKind.Retirable);

    /// <summary>How much it counts, to order by.</summary>
    public double Size =>
        Math.Abs(
            (
                Counts(leans) ? leans
                : Counts(adds) ? adds
                : refit ?? Best
            )?.Value
                ?? 0
        );

    /// <summary>The grade of what is said in <see cref="Effect"/>; of two things, of the one that matters.</summary>
    public Grade Grade =>
        (
            Counts(adds) ? adds
            : Counts(leans) ? leans
            : refit ?? Best
        )!.Grade;

    /// <summary>What would have to be known before acting; empty where one may act.</summary>
    public string Missing => Grade > Grade.B ? (adds ?? Best)!.MissingForNextGrade[0] : "";

    public string Effect
    {
        get
        {
            var said = new List<string>();
            if (Counts(leans))
                said.Add(
                    Verb(leans!, "the model leans on it for", "the model would be better off with its values mixed up:")
                );
            if (adds is not null)
                said.Add(
                    adds.Kind switch
                    {
                        FindingKind.FeatureMatters => Verb(adds, $"what no other feature{aside} could give:", ""),
                        FindingKind.FeatureHurts => Verb(adds, "", "given the others it costs the model"),
                        FindingKind.FeatureDoesNotMatter => $"other features{aside} can take its place",
                        _ => "whether others could take its place is not settled",
                    }
                );
            if (refit is { Kind: FindingKind.Needed })
                said.Add($"trained anew without it the model is worse by {Amount(refit)}");
            if (CanGo)
                said.Add("trained anew without it the model is as good");
            return string.Join("; ", said);
        }
    }

    public string Sure
    {
        get
        {
            if (Replaceable && !CanGo && leans is not null)
                return $"{leans.Grade} that it leans on it, {adds!.Grade} that others can replace it";
            var spoken =
                Counts(adds) ? adds!
                : Counts(leans) ? leans!
                : Best!;
            return $"{Grade}: {Wording.Degree(Grade)}"
                + (spoken.Replicated == "yes" ? "; seen again on untouched rows" : "");
        }
    }

    /// <summary>Where it counts more or less than elsewhere.</summary>
    /// <param name="names">Names of dimensions and units.</param>
    /// <param name="looked">The dimensions along which it was looked for.</param>
    public string ForWhom(FeatureNames names, IReadOnlyList<string> looked)
    {
        if (differences.Length == 0)
            return looked.Count == 0
                ? $"{Text.Count(Best!.Pedigree.Clusters)} {names.Units}, on average"
                : $"all {names.Units}; no difference shown by {Text.List([.. looked.Select(names.Dimension)], "or")}";
        static string Said(IEnumerable<Finding> found, FeatureNames names) =>
            string.Join(
                ", ",
                found
                    .GroupBy(f => (More: f.Value > 0, f.Dimension))
                    .OrderByDescending(g => g.Key.More)
                    .Select(g =>
                        $"{(g.Key.More ? "more" : "less")} for {names.Dimension(g.Key.Dimension)} {Text.List([.. g.Select(f => f.SegmentLabel)])}"
                    )
            );
        var shown = differences.Take(3).GroupBy(f => f.Grade).Select(g => $"{Said(g, names)} ({g.Key})");
        var more = differences.Length > 3 ? $"; {differences.Length - 3} more differences" : "";
        return string.Join("; ", shown) + more;
    }

    public string ToDo =>
        (leans?.Kind == FindingKind.FeatureHurts && !Counts(adds)) || adds?.Kind == FindingKind.FeatureHurts
            ? Act("Train it anew without and compare")
        : CanGo ? Act("Retire it, watched by an experiment")
        : Replaceable ? "Train it anew without; if nothing is lost, retire it"
        : differences.Length > 0 ? Act("Guard its data quality; judge changes for these groups separately")
        : Act("Guard its data quality; test an improvement");

    private bool CanGo => refit is { Kind: FindingKind.Retirable, Grade: <= Grade.B };

    private string Act(string what) =>
        Grade <= Grade.B || (CanGo && refit!.Grade <= Grade.B) ? what : "Find out more first";

    private string Verb(Finding f, string matters, string hurts) =>
        $"{(f.Kind == FindingKind.FeatureHurts ? hurts : matters)} {Amount(f)}";

    // Shares of the lead over guessing; numbers of other kinds as they are.
    private string Amount(Finding f)
    {
        var sign = f.Kind == FindingKind.FeatureHurts ? -1 : 1;
        if (!f.Estimand.EndsWith(Estimands.Auc, StringComparison.Ordinal) || !(lead > 0))
            return Text.Number(sign * f.Value)
                + (
                    f.Interval is { } i
                        ? $" ({Text.Number(Math.Min(sign * i.Low, sign * i.High))} to {Text.Number(Math.Max(sign * i.Low, sign * i.High))})"
                        : ""
                );
        string Share(double v) => Text.Rough(sign * v / lead);
        var range = f.Interval is { } r
            ? $" ({Share(sign > 0 ? r.Low : r.High)} to {Share(sign > 0 ? r.High : r.Low)})"
            : "";
        return $"{Share(f.Value)} %{range}";
    }

    private static bool Counts(Finding? f) => f is { Kind: FindingKind.FeatureMatters or FindingKind.FeatureHurts };

    private static bool IsConditional(Finding f) => f.Method == Exchange.Conditional;

    private static bool IsRefit(Finding f) => f.Estimand is RefitFindings.Loco or Retiring.Estimand;
}
