namespace Assay.Studies;

/// <summary>The model beside one trivial rule on one split.</summary>
/// <param name="Split">explain or holdout.</param>
/// <param name="Floor">The rule in words.</param>
/// <param name="Auc">The rule's AUC.</param>
/// <param name="Advantage">The model's AUC minus the rule's.</param>
/// <param name="Low">Lower end of the advantage's 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Beaten">Whether the interval lies above 0.</param>
public sealed record FloorComparison(
    string Split,
    string Floor,
    double Auc,
    double Advantage,
    double Low,
    double High,
    bool Beaten
);

/// <summary>Whether the model knows more than trivial rules do: without that no importance is evidence.</summary>
public sealed record Verdict
{
    /// <summary>What a flagged report says first.</summary>
    public const string NothingLearnt =
        "This model has learnt nothing that trivial rules do not know: no importance below is evidence.";

    /// <summary>Whether the model fails to beat some rule, or its AUC interval includes ½, on some split.</summary>
    public required bool LearntNothing { get; init; }

    /// <summary>The highest grade a finding of this study can have: D if nothing was learnt, B with conditional permutation and a holdout, else C.</summary>
    public required string Grade { get; init; }

    /// <summary>Why it is flagged, in sentences.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Every comparison.</summary>
    public required IReadOnlyList<FloorComparison> Floors { get; init; }

    internal static Verdict Of(StudyPlan plan, Merged merged)
    {
        var overall = merged
            .Estimates.Where(e => e.Dimension == SegmentBuilder.Overall && e.Feature.Length == 0)
            .ToArray();
        var reasons = new List<string>();
        var comparisons = new List<FloorComparison>();
        foreach (var split in plan.Splits.Select(s => s.Name))
        {
            var own = overall.Where(e => e.Split == split).ToArray();
            var auc = own.First(e => e.Estimand == Estimands.Auc && e.Method == "model");
            if (!(auc.Low > 0.5))
                reasons.Add(
                    $"On the {split} rows its AUC is {Text.Number(auc.Value)} ({Text.Interval(auc)}), which does not exclude 0.5."
                );
            var unbeaten = new List<string>();
            foreach (var advantage in own.Where(e => e.Estimand == Estimands.Auc + Estimands.OverFloor))
            {
                var floor = own.First(e => e.Estimand == Estimands.Auc && e.Method == advantage.Method);
                var title = merged.FloorTitles[advantage.Method];
                comparisons.Add(
                    new(split, title, floor.Value, advantage.Value, advantage.Low, advantage.High, advantage.Low > 0)
                );
                if (!(advantage.Low > 0))
                    unbeaten.Add($"{title} (AUC {Text.Number(floor.Value)})");
            }
            if (unbeaten.Count > 0)
                reasons.Add($"On the {split} rows it does not beat {Text.List(unbeaten)}.");
        }
        return new Verdict
        {
            LearntNothing = reasons.Count > 0,
            Grade =
                reasons.Count > 0 ? "D"
                : plan.Splits.Count > 1 && plan.Exchanges.Any(e => e.Donors == DonorKind.Conditional) ? "B"
                : "C",
            Reasons = reasons,
            Floors = comparisons,
        };
    }
}
