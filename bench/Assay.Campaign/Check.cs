using Assay.Statistics;
using Assay.Studies;

namespace Assay.Campaign;

/// <summary>
/// Whether the campaign measures what it says, in seconds: two small families, draws that take the whole population, and a cell
/// whose coverage is known.
/// </summary>
internal static class Check
{
    private const int Users = 40;

    /// <summary>What is wrong; nothing if all is right.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string folder, TimeProvider clock)
    {
        var wrong = new List<string>();
        foreach (var family in Family.All.Take(2))
        {
            var small = Small(family);
            var settings = new Settings(folder, 1, [Users / 2], 1, Users, 1, 0, null);
            var population = await Population.OpenAsync(small, Path.Combine(folder, family.Name), settings);
            await population.DrawAsync(Users / 2, 1, clock);
            var draw = Lines.Read(population.DrawPath(Users / 2, 1));
            Halves(wrong, family.Name, draw, Lines.Read(population.TruthPath));
            var again = await Population.OpenAsync(small, Path.Combine(folder, family.Name + "-again"), settings);
            await again.DrawAsync(Users / 2, 1, clock);
            var repeated = Lines.Read(again.DrawPath(Users / 2, 1));
            if (!Timeless(draw).SequenceEqual(Timeless(repeated)))
                wrong.Add($"{family.Name}: the same draw made twice differs");
        }
        Known(wrong);
        return wrong;
    }

    // Every user has as many rows, so that halves weigh the same.
    private static Family Small(Family family) =>
        family with
        {
            TrainingUsers = Users,
            World = family.World with { UntouchedShare = 0 },
        };

    // A draw of half of the users to explain and the others as a holdout is the population: means over rows of halves of one
    // size average to the truth.
    private static void Halves(List<string> wrong, string family, Line[] draw, Line[] truth)
    {
        var compared = 0;
        foreach (var line in truth.Where(l => l.Key.Segment == "all"))
        {
            if (
                line.Key.Estimand
                is not (Estimands.MeanAbsAttribution or Estimands.MeanAttribution or Estimands.LogLoss)
            )
                continue;
            var halves = draw.Where(d => d.Key == line.Key).ToArray();
            compared++;
            if (halves.Length != 2 || Math.Abs(halves.Average(h => h.Value) - line.Value) > 1e-5)
                wrong.Add($"{family}: {line.Key} of two halves is not that of the whole, {line.Value}");
        }
        if (compared != 41)
            wrong.Add($"{family}: {compared} means compared, not 41");
    }

    // Intervals of known coverage: ± z errors around normal numbers.
    private static void Known(List<string> wrong)
    {
        var random = new CounterRandom(1, "known coverage");
        var cell = new Cell();
        for (var i = 0; i < 20_000; i++)
        {
            var value = 3 + 2 * random.NextNormal();
            var (low, high) = Intervals.Normal(value, 2);
            cell.Add(new(default, "explain", value, 2, low, high, double.NaN, double.NaN, 1), 3);
        }
        // Standard errors of the share, .0015, and of the rows' with half the error, P(|z| < .98) = .673.
        if (Math.Abs(cell.Coverage - 0.95) > 0.006 || Math.Abs(cell.RowCoverage - 0.673) > 0.014 || cell.IsOutside)
            wrong.Add($"normal intervals cover {cell.Coverage}, those of half the error {cell.RowCoverage}");
        if (Math.Abs(cell.Bias) > 0.03 || Math.Abs(cell.Spread - 1) > 0.02)
            wrong.Add($"normal distances are {cell.Bias} ± {cell.Spread}");
    }

    private static IEnumerable<string> Timeless(Line[] lines) =>
        lines.Where(l => l.Key.Estimand != Facts.Seconds).Select(l => l.ToString());
}
