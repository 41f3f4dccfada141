using Assay.Studies;
using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>The study that every draw is given, and which of its estimates are compared with the truth.</summary>
internal static class CampaignStudy
{
    /// <summary>Enough where only standard errors, and no quantiles, are taken from them.</summary>
    private const int Replicates = 300;

    /// <summary>The floors whose ranking does not depend on the rows they were fitted to; others have no fixed truth.</summary>
    private static readonly string[] Floors = ["floor:global-rate", "floor:item-popularity"];

    public static StudyDefinition Of(string folder, string explain, string? holdout, ulong seed, bool chain) =>
        new()
        {
            Name = "campaign",
            Model = Path.GetFullPath(Path.Combine(folder, WorldKit.Model)),
            Dictionary = Path.GetFullPath(Path.Combine(folder, WorldKit.Dictionary)),
            Explain = DataSource.FromFile(Path.GetFullPath(explain)),
            Holdout = holdout is null ? null : DataSource.FromFile(Path.GetFullPath(holdout)),
            Label = WorldFiles.Label,
            Cluster = WorldFiles.UserId,
            Request = WorldFiles.RequestId,
            Item = WorldFiles.ItemId,
            Popularity = WorldFeatures.Popularity,
            Baseline = new(BaselineKind.File, Path.GetFullPath(Path.Combine(folder, WorldKit.Baseline))),
            Methods = chain
                ? [new() { Id = RowErrors.Attribution, Steps = 4 }, new() { Id = RowErrors.Permutation }]
                :
                [
                    new() { Id = RowErrors.Attribution, Steps = 4 },
                    new() { Id = RowErrors.Permutation, GivenPresence = true },
                    new() { Id = Tally.Conditional },
                    new() { Id = "taylor-permutation" },
                    new() { Id = "sage" },
                ],
            Confounders = chain
                ?
                [
                    new()
                    {
                        Name = WorldFeatures.Popularity,
                        Feature = WorldFeatures.Popularity,
                        By = ["condition", "stratify", "weight"],
                    },
                ]
                : [],
            Segments =
            [
                new()
                {
                    Name = WorldFeatures.Region,
                    Kind = SegmentKind.Column,
                    Column = WorldFeatures.Region,
                },
            ],
            Replicates = Replicates,
            Seed = seed,
        };

    /// <summary>The same over the whole population: few replicates (only values count), permutations repeated.</summary>
    public static StudyDefinition OfAll(string folder, string data, ulong seed, bool chain)
    {
        var study = Of(folder, data, null, seed, chain);
        return study with
        {
            Replicates = 50,
            Methods = [.. study.Methods.Select(m => m.Id == RowErrors.Permutation ? m with { Repeats = 2 } : m)],
        };
    }

    public static bool IsKept(Estimate e, bool chain) => chain ? IsOfChain(e) : IsImportance(e);

    // What steps of the chain add and has an interval; the leader of a segment is another one in each draw.
    private static bool IsOfChain(Estimate e) =>
        e.Status == "ok"
        && !double.IsNaN(e.Low)
        && e.Dimension is "overall" or WorldFeatures.Region
        && new[]
        {
            Estimands.Contrast,
            Estimands.Shrunk,
            Estimands.AloneAuc,
            Estimands.Adjusted,
            Estimands.Moved,
            "agreement_",
            Estimands.RowAgreement,
        }.Any(p => e.Estimand.StartsWith(p, StringComparison.Ordinal));

    private static bool IsImportance(Estimate e) =>
        e.Status == "ok"
        && e.Estimand is not (Estimands.ConditionalFit or Estimands.ConditionalCheck or Estimands.ConditionalMoved)
        && (e.Dimension == "overall" || IsBySegment(e))
        && (
            !e.Method.StartsWith("floor", StringComparison.Ordinal)
            || (
                Floors.Contains(e.Method)
                && e.Estimand.EndsWith(Estimands.OverFloor, StringComparison.Ordinal)
                && !e.Estimand.StartsWith(Estimands.LogLoss, StringComparison.Ordinal)
            )
        );

    // By region what segments are compared by, and how well the model does there.
    private static bool IsBySegment(Estimate e) =>
        e.Estimand is Estimands.MeanAbsAttribution or Tally.Contrasted or Estimands.Auc
        && e.Method is RowErrors.Attribution or RowErrors.Permutation or "model";

    public static StudyResult Run(StudyDefinition study, string run) =>
        StudyRunner.Run(study, run, new RunOptions { Threads = 1 });
}
