namespace Assay.Studies;

/// <summary>What actions are worth, and by what they are ordered.</summary>
internal static class ActionPricing
{
    /// <summary>
    /// Gain of AUC in points of 0.01, lookups and megabytes saved, each times what the study says it is worth; null where it
    /// says nothing, or there is nothing but the size of an observation.
    /// </summary>
    public static ActionValue? Of(ValueDefinition? worth, ExpectedEffect? effect, ServingSavings? savings)
    {
        if (worth is null)
            return null;
        var gain = effect is { Unit: "auc", Basis: not EffectBasis.SizeOnly } ? effect : null;
        if (gain is null && savings is null)
            return null;
        double Auc(double? points) => (points ?? gain?.Value ?? 0) * 100 * worth.PerPointOfAuc;
        var saved =
            (savings?.LookupsPerRow ?? 0) * worth.PerLookup + (savings?.TableBytes ?? 0) / 1e6 * worth.PerMegabyte;
        var parts = new List<string>();
        if (gain is not null && worth.PerPointOfAuc > 0)
            parts.Add($"{Text.Number(Auc(null))} for {Text.Number(gain.Value)} of AUC");
        if (savings is not null && saved > 0)
            parts.Add(
                $"{Text.Number(saved)} for {savings.LookupsPerRow} lookups a row and {Text.Count(savings.TableBytes)} bytes saved"
            );
        if (parts.Count == 0)
            return null;
        return new(
            worth.Currency,
            Auc(null) + saved,
            Auc(gain?.Low) + saved,
            Auc(gain?.High) + saved,
            string.Join(", ", parts)
        );
    }

    /// <summary>Whether a number says what it would win; observations of a size stand behind those.</summary>
    public static bool IsComparable(StudyAction a, bool priced) =>
        priced ? a.Value is not null : a.Effect is { Unit: "auc", Basis: not EffectBasis.SizeOnly };

    /// <summary>What the expected order goes by.</summary>
    public static double Expected(StudyAction a) => a.Value?.Value ?? a.Effect?.Value ?? double.NegativeInfinity;

    /// <summary>What the cautious order goes by: the lower end.</summary>
    public static double Cautious(StudyAction a) =>
        a.Value?.Low ?? a.Effect?.Low ?? a.Effect?.Value ?? double.NegativeInfinity;
}
