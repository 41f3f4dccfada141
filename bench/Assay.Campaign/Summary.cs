using System.Globalization;
using System.Text;
using Assay.Worlds;

namespace Assay.Campaign;

/// <summary>The tables of all draws that the folder holds.</summary>
internal sealed class Summary(Settings settings, IReadOnlyList<Family> families)
{
    private readonly StringBuilder text = new();

    public string Text()
    {
        var tallies = settings.Users.Select(u => new Tally(settings, families, u)).ToArray();
        text.Append(settings.Chain ? ChainPreface.Text(settings, tallies) : Preface.Text(settings, tallies));
        Line("| family | varies |");
        Line("|---|---|");
        foreach (var family in families)
            Line($"| {family.Name} | {family.Varies} |");
        Coverage(tallies);
        if (!settings.Chain)
        {
            Findings(tallies);
            text.Append(new PlantedTable(settings, tallies).Text());
        }
        Outside(tallies);
        return text.ToString();
    }

    private void Coverage(Tally[] tallies)
    {
        Line("");
        Line("## Coverage of 95 % intervals");
        Line("");
        Line(
            "| estimand | method | users | worlds | cells | coverage | lowest and highest cell | cells outside 93–97 % | exact cells | without interval | row bootstrap |"
        );
        Line("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var tally in tallies)
        foreach (
            var group in tally.Cells.GroupBy(c =>
                (c.Key.Estimand, c.Key.Method, Where: c.Key.Segment == "all" ? "" : " by region")
            )
        )
        {
            Cell[] all = [.. group.Select(c => c.Value)];
            Cell[] cells = [.. all.Where(c => c.Draws > 0)];
            Cell[] open = [.. cells.Where(c => !c.IsExact)];
            var rows = cells.Sum(c => c.RowDraws);
            var row = rows == 0 ? "–" : Percent((double)cells.Sum(c => c.RowHeld) / rows);
            var undefined = all.Sum(c => c.Undefined);
            var pooled = open.Length == 0 ? "–" : Percent((double)open.Sum(c => c.Held) / open.Sum(c => c.Draws));
            var range =
                open.Length == 0 ? "–" : $"{Percent(open.Min(c => c.Coverage))} – {Percent(open.Max(c => c.Coverage))}";
            Line(
                $"| {group.Key.Estimand}{group.Key.Where} | {group.Key.Method} | {tally.Users} | {tally.Draws} | {all.Length} | {pooled} | {range} | {cells.Count(c => c.IsOutside)} | {cells.Count(c => c.IsExact)} | {undefined} | {row} |"
            );
        }
    }

    private void Findings(Tally[] tallies)
    {
        Line("");
        Line("## Findings of permutation (logloss, adjusted p below 5 %, a loss)");
        Line("");
        Line(
            "| users | draws | findings | of noise features | draws with one of noise | "
                + string.Join(" | ", Roles(tallies).Select(r => $"found: {r.ToLowerInvariant()}"))
                + " |"
        );
        Line("|---|---|---|---|---|" + string.Concat(Roles(tallies).Select(_ => "---|")));
        foreach (var t in tallies.Where(t => t.Draws > 0))
        {
            var found = Roles(tallies).Select(r => t.Found.Single(f => f.Key.ToString() == r).Value);
            Line(
                $"| {t.Users} | {t.Draws} | {t.Significant} | {Percent((double)t.FalseOnes / Math.Max(1, t.Significant))} | {Percent((double)t.WithFalse / t.Draws)} | {string.Join(" | ", found.Select(f => Percent((double)f.Found / f.Asked)))} |"
            );
        }
    }

    private void Outside(Tally[] tallies)
    {
        Line("");
        Line("## Every cell outside 93–97 %");
        Line("");
        Line("Distance: (value − truth) / standard error, its mean and its spread over draws.");
        Line("");
        Line(
            "| estimand | method | feature | region | users | intervals | without interval | coverage | of length 0 | distance |"
        );
        Line("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var tally in tallies)
        foreach (var (key, cell) in tally.Cells.Where(c => c.Value.IsOutside || c.Value.Undefined > 0))
            Line(
                $"| {key.Estimand} | {key.Method} | {key.Feature} | {(key.Segment == "all" ? "" : WorldFeatures.All[0].Labels[int.Parse(key.Segment, CultureInfo.InvariantCulture) - 2])} | {tally.Users} | {cell.Draws} | {cell.Undefined} | {(cell.Draws == 0 ? "–" : Percent(cell.Coverage))} | {(cell.Empty == 0 ? "" : Percent((double)cell.Empty / cell.Draws))} | {Number(cell.Bias)} ± {Number(cell.Spread)} |"
            );
    }

    private static string[] Roles(Tally[] tallies) =>
        [.. tallies.SelectMany(t => t.Found.Keys).Distinct().Order().Select(r => r.ToString())];

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    public static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:F2}");

    private void Line(string line) => text.Append(line).Append('\n');
}
