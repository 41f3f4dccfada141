using System.Text.Json;
using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary>What is known of the conditional model of one player on one split.</summary>
/// <param name="Feature">The player.</param>
/// <param name="Split">The split.</param>
/// <param name="By">strata, neighbours or model.</param>
/// <param name="Level">The unit that is drawn for.</param>
/// <param name="Given">What it is drawn given.</param>
/// <param name="Units">Number of units.</param>
/// <param name="Fit">Share of variance or entropy explained, out of sample.</param>
/// <param name="CheckAuc">The AUC of a classifier that tells real from drawn.</param>
/// <param name="Moved">Share of units whose value changed.</param>
/// <param name="Plan">The plan that it belongs to.</param>
internal sealed record ConditionalQuality(
    string Feature,
    string Split,
    string By,
    Level Level,
    IReadOnlyList<string> Given,
    int Units,
    double Fit,
    double CheckAuc,
    double Moved,
    string Plan
)
{
    public static ConditionalQuality Read(StudyPlan plan, PreparedSplit split, Player player)
    {
        var path = plan.QualityPath(split, player);
        try
        {
            return JsonSerializer.Deserialize<ConditionalQuality>(File.ReadAllText(path), Json.Options)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw AssayException.Failed($"'{path}' cannot be read; delete the run folder and run the study again.", e);
        }
    }
}

/// <summary>Donors of a conditional permutation: rows whose value a row might have had, given its other features.</summary>
internal static class ConditionalDonors
{
    public static int[] Find(StudyPlan plan, PreparedReader reader, Player player, int repeat)
    {
        var options = plan.Study.Methods.First(m => m.Id == Exchange.Conditional);
        var seed = plan.Study.Seed;
        // The model is the same for all repeats; what is drawn from it is not.
        var name = StableHash.Of("conditional/" + player.Name);
        var stream = StableHash.Combine(name, StableHash.Of((long)repeat));
        var units = Units.Of(reader, plan.Level(player));
        var covariates = new Covariates(plan, reader, player, units, options.Given);
        if (covariates.Codes.Columns.Length == 0)
        {
            if (repeat == 0)
                Save(plan, reader.Split, player, units, new([], double.NaN, "constant"), [], double.NaN, 0);
            return units.Rows([.. Enumerable.Range(0, units.Count)]);
        }
        var regression = new Regression(covariates, seed, name);
        var given = covariates.Given.ToList();
        Draw draw;
        if (options.Strata.Count > 0)
        {
            given.Clear();
            var strata = StrataDraw.Strata(Columns(plan, reader, player, options), units, given);
            draw = StrataDraw.Of(covariates, strata, new CounterRandom(seed, stream));
        }
        else if (options.By == "neighbours")
            draw = NeighbourDraw.Of(covariates, regression, options.Neighbours, seed, stream);
        else
            draw =
                covariates.IsNumber ? FittedDraw.Number(covariates, regression, new CounterRandom(seed, stream))
                : covariates.IsCategorical && FittedDraw.Category(covariates, regression, seed, stream) is { } fitted
                    ? fitted
                : NeighbourDraw.Of(covariates, regression, options.Neighbours, seed, stream);
        if (repeat == 0)
        {
            var check = TwoSample.Auc(covariates, regression, draw.Donors, seed, name);
            var moved = Enumerable
                .Range(0, units.Count)
                .Count(u => covariates.Values.Any(v => v[u] != v[draw.Donors[u]]));
            Save(plan, reader.Split, player, units, draw, given, check, (double)moved / units.Count);
        }
        return units.Rows(draw.Donors);
    }

    // The columns of the strata over all rows: of segments, of features, numbers in bins of equal size.
    private static IEnumerable<(string, double[])> Columns(
        StudyPlan plan,
        PreparedReader reader,
        Player player,
        MethodDefinition options
    )
    {
        foreach (var name in options.Strata)
        {
            var segments = reader.Split.Segments;
            for (var s = 0; s < segments.Count; s++)
                if (segments[s].Dimension == name)
                    yield return (
                        name,
                        Array.ConvertAll(reader.ReadAll<int>(PreparedColumns.Segment(s)), v => (double)v)
                    );
            if (segments.Any(s => s.Dimension == name))
                continue;
            var at = plan.Features.Select(f => f.Entry.Name).ToList().IndexOf(name);
            if (player.Members.Contains(at))
                continue;
            var feature = plan.Features[at];
            for (var e = 0; e < feature.Elements.Count; e++)
            {
                var values = reader.ReadAllValues(feature, e);
                yield return (name, feature.Entry.HasIds ? values : Bins(values, options.Bins));
            }
        }
    }

    private static double[] Bins(double[] values, int bins) =>
        Array.ConvertAll(Coding.MiddleRanks(values), r => Math.Floor(r / values.Length * bins));

    private static void Save(
        StudyPlan plan,
        PreparedSplit split,
        Player player,
        Units units,
        Draw draw,
        IReadOnlyList<string> given,
        double check,
        double moved
    ) =>
        Files.WriteText(
            plan.QualityPath(split, player),
            JsonSerializer.Serialize(
                new ConditionalQuality(
                    player.Name,
                    split.Name,
                    draw.By,
                    plan.Level(player),
                    given,
                    units.Count,
                    draw.Fit,
                    check,
                    moved,
                    plan.Hash
                ),
                Json.Options
            )
        );
}
