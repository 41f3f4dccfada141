using System.Text;

namespace Assay.Studies;

/// <summary>What to do, in the report.</summary>
internal static class ActionSection
{
    private const int Evidence = 10;

    public static void Write(
        StringBuilder text,
        StudyDefinition study,
        string units,
        IReadOnlyList<StudyAction> actions
    )
    {
        text.Append("## What to do\n\n");
        StudyAction[] proposed = [.. actions.Where(a => a.Tier < ActionTier.Evidence)];
        StudyAction[] evidence = [.. actions.Where(a => a.Tier == ActionTier.Evidence)];
        if (actions.Count == 0)
        {
            text.Append("The findings call for no action.\n\n");
            return;
        }
        if (proposed.Length == 0)
            text.Append("Nothing is known well enough (grade B or better) to be acted on yet.\n\n");
        else
        {
            text.Append($"{ActionsFile.Order(study)} In full: `{ActionsFile.Name}`.\n\n");
            text.Append(
                Text.Table(
                    ["", "do", "because", "grade", Head(study), "cost, risk"],
                    proposed.Select(a =>
                        (IReadOnlyList<string>)
                            [
                                a.CautiousRank == a.Rank ? $"{a.Rank}" : $"{a.Rank} (cautiously {a.CautiousRank})",
                                a.Title,
                                a.Evidence[0].Says,
                                $"{a.Grade}",
                                Worth(a),
                                $"{a.Cost.Level}, {a.Risk.Level}",
                            ]
                    )
                )
            );
            text.Append('\n');
            foreach (var a in proposed)
                Details(text, units, a);
        }
        StudyAction[] losing = [.. actions.Where(a => a.Tier == ActionTier.NotWorthIt)];
        if (losing.Length > 0)
            text.Append(
                $"Possible, but at the declared prices surely a loss: {Text.List([.. losing.Select(a => $"{a.Title} ({Worth(a)} {a.Value!.Unit})")])}.\n\n"
            );
        if (evidence.Length == 0)
            return;
        text.Append("### Evidence to collect first\n\n");
        foreach (var a in evidence.Take(Evidence))
            text.Append($"- {a.Title} (grade {a.Grade}): {Text.List(a.Missing)}.\n");
        if (evidence.Length > Evidence)
            text.Append($"- {evidence.Length - Evidence} more in `{ActionsFile.Name}`.\n");
        text.Append('\n');
    }

    private static string Head(StudyDefinition study) =>
        study.Actions.Value is { } value ? $"worth in {value.Currency}" : "effect";

    private static string Worth(StudyAction a)
    {
        if (a.Value is { } value)
            return $"{Text.Number(value.Value)} [{Text.Number(value.Low)} to {Text.Number(value.High)}]";
        if (a.Effect is not { Basis: not EffectBasis.SizeOnly } effect)
            return "not priced";
        var most = effect.Basis == EffectBasis.AtMost ? "at most " : "";
        var range = effect.Low is null
            ? ""
            : $" [{Text.Number(effect.Low.Value)} to {Text.Number(effect.High!.Value)}]";
        return $"{most}{Text.Number(effect.Value)} {(effect.Unit == "logloss" ? "logloss" : effect.Unit.ToUpperInvariant())}{range}";
    }

    private static void Details(StringBuilder text, string units, StudyAction a)
    {
        text.Append($"**{a.Title}.** {a.First}");
        if (a.Effect is { } effect)
            text.Append($" {effect.Says}");
        if (a.Savings is { } savings)
            text.Append(
                $" Saves {Text.Count(savings.TableBytes)} bytes of tables and {savings.LookupsPerRow} lookups a row; time: {savings.Latency}."
            );
        text.Append($" Cost: {a.Cost.Says} Risk: {a.Risk.Says}");
        if (a.Experiment is { } x)
        {
            if (x.Offline is { UnitsNeeded: null } check)
                text.Append($" Before any traffic: {check.Says}");
            else if (x.Offline is { } offline)
                text.Append(
                    $" Before any traffic: {offline.Says} To see {Text.Number(offline.Effect)} of AUC needs about {Text.Count(offline.UnitsNeeded.Value)} {units} (these rows: {Text.Count(offline.UnitsHad)})."
                );
            text.Append($" Experiment: {x.Design}");
            if (x.SampleSize is { } size)
                text.Append(
                    $" A change of {Text.Percent(size.SmallestLift)} of the rate needs {Text.Count(size.UnitsPerArm)} {units} in each arm."
                );
        }
        text.Append("\n\n");
    }
}
