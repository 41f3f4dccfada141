using System.Text;

namespace Assay.Campaign;

/// <summary>The table of what was planted and found.</summary>
internal sealed class PlantedTable(Settings settings, Tally[] tallies)
{
    private readonly StringBuilder text = new();

    public string Text()
    {
        Line("");
        Line("## What was planted, and what was found");
        Line("");
        Line("| | " + string.Join(" | ", tallies.Select(t => $"{t.Users} users")) + " |");
        Line("|---|" + string.Concat(tallies.Select(_ => "---|")));
        Planted[] all = Array.ConvertAll(tallies, t => t.Planted);
        void Row(string what, Func<Planted, Share> share) => this.Row(what, share, all);
        Row("**findings of grade B** (matters or hurts) about features that do nothing", p => p.FalseAtB);
        Row("… whose sign is not the population's", p => p.WrongSignAtB);
        Row("worlds with a finding of grade B about a feature that does nothing", p => p.WorldsWithFalseAtB);
        Row("strong features found to matter at grade B", p => p.StrongAtB);
        Row("weak features found to matter at grade B", p => p.WeakAtB);
        Row("findings of grade B 'does not matter' that lose more than .002 of AUC", p => p.FalseNegligible);
        Interactions("**interactions** in the grid's small models, 600 rows searched in one world of ten: ", all);
        Row("**segments**: planted differences north – south found (recall)", p => p.DifferencesFound);
        Row("differences found that are planted (precision)", p => p.DifferencesPlanted);
        Row("… that have the population's sign", p => p.DifferencesOfRightSign);
        Row("worlds with a difference found in a feature that does nothing", p => p.WorldsWithFalseDifferences);
        Row("**proxy**: found to matter by permutation", p => p.ProxyByPermutation);
        Row("proxy found to matter by conditional permutation", p => p.ProxyByConditional);
        Row("its cause found to matter by conditional permutation", p => p.CauseByConditional);
        Row(
            "**proxies told**: the planted one, where the model leans on it, said to stand in for its cause (recall)",
            p => p.ProxyToldAsSuch
        );
        Row("features said to stand in for another that are the planted one (precision)", p => p.ToldArePlanted);
        Row("… that add no more than .002 of AUC given the others in the population", p => p.ToldAddNothing);
        Line(
            "| seconds a study on one thread (median; lowest priority on a shared machine) | "
                + string.Join(" | ", tallies.Select(t => Summary.Number(t.MedianSeconds)))
                + " |"
        );
        Panel();
        return text.ToString();
    }

    private void Panel()
    {
        var planted = new InteractionPanel(settings).Tally(settings.Interactions);
        Line("");
        Line(
            $"Interactions where the model could learn them ({planted.StrongPairsFound.Of / 4 + planted.WorldsWithFalsePairs.Of} worlds of 900 users, 43,000 training rows, the usual model; {InteractionPanel.SampleRows} rows searched):"
        );
        Line("");
        Line("| | |");
        Line("|---|---|");
        Interactions("", [planted]);
    }

    private void Interactions(string where, Planted[] of)
    {
        Row($"{where}the four strongest planted pairs discovered (recall)", p => p.StrongPairsFound, of);
        Row("discovered pairs that are planted (precision)", p => p.PairsPlanted, of);
        Row("… or planted with the proxy's cause for the proxy", p => p.PairsPlantedOrThroughProxy, of);
        Row("worlds without interactions in which a pair is discovered", p => p.WorldsWithFalsePairs, of);
    }

    private void Row(string what, Func<Planted, Share> share, Planted[] of) =>
        Line($"| {what} | " + string.Join(" | ", of.Select(p => Text(share(p)))) + " |");

    private static string Text(Share share) =>
        share.Of == 0 ? "–" : $"{Summary.Percent((double)share.Yes / share.Of)} of {share.Of}";

    private void Line(string line) => text.Append(line).Append('\n');
}
