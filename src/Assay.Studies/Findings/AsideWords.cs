namespace Assay.Studies;

/// <summary>Which of the other features an importance "given the others" was not given, in words.</summary>
internal static class AsideWords
{
    // More are counted, not named.
    private const int Named = 3;

    /// <summary>" (badge score aside)"; empty where it was given all others.</summary>
    public static string Of(StudyDefinition study, FeatureNames names, string feature)
    {
        if (study.Methods.FirstOrDefault(m => m.Id == Exchange.Conditional) is not { } method)
            return "";
        if (method.Strata.Count > 0)
            return $" (only {Text.List([.. method.Strata.Select(names.Title)])} held)";
        if (method.Given is not { } given)
            return "";
        string[] aside = [.. names.Features.Except(given).Where(f => f != feature)];
        return aside.Length switch
        {
            0 => "",
            <= Named => $" ({Text.List([.. aside.Select(names.Title)])} aside)",
            _ => $" ({aside.Length} of them aside)",
        };
    }
}
