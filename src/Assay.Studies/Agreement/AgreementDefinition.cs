namespace Assay.Studies;

/// <summary>How the agreement of a study's methods is measured [agreement].</summary>
/// <param name="Top">The first k features whose sets and places are compared; lowered to half of the features where these are few.</param>
public sealed record AgreementDefinition(int Top = 5)
{
    // false: left out.
    internal static AgreementDefinition? Read(YamlMap root)
    {
        if (root.IsMap("agreement"))
        {
            var map = root.Map("agreement")!;
            var top = map.Integer("top", 1, 1000);
            map.RejectOthers();
            return new(top ?? 5);
        }
        return root.Choice("agreement", "true", "false") == "false" ? null : new();
    }
}
