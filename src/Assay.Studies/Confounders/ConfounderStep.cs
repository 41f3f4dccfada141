namespace Assay.Studies;

/// <summary>Importances with declared confounders held, beside the crude ones, and how much that takes away.</summary>
internal sealed class ConfounderStep : IChainStep
{
    /// <summary>A feature that goes with a confounder like this may be either.</summary>
    public const double Strong = 0.8;

    public string Name => "confounders";

    public string Gives => "importances with position, popularity and the like held (confounders)";

    public bool IsAsked(StudyDefinition study) => study.Confounders.Count > 0;

    public ChainResult Run(ChainContext context)
    {
        var estimates = new List<Estimate>();
        var sizes = new List<object>();
        foreach (var held in context.Study.Confounders)
        foreach (var data in context.Splits)
        {
            var features = context.Plan.Features;
            var importance = new HeldImportance(context.Plan, data, held);
            var own = new Estimate[features.Count][];
            var size = new double[features.Count];
            MapStage.Parallel(
                context.Threads,
                features.Count,
                (f, cancel) =>
                {
                    cancel.ThrowIfCancellationRequested();
                    own[f] = [.. Estimates(context, data, held, importance.Of(f, out size[f]), features[f])];
                },
                context.Options.Cancellation
            );
            estimates.AddRange(own.SelectMany(e => e));
            if (held.By.Contains("weight"))
                sizes.Add(
                    new
                    {
                        confounder = held.Name,
                        split = data.Split.Name,
                        data.Split.Rows,
                        effective_rows = features.Select((f, i) => (f.Entry.Name, size[i])).ToDictionary(),
                    }
                );
        }
        var marked = Replication.Mark(Families.Adjusted(estimates), context.Splits.Count > 1);
        return new()
        {
            Estimates = marked,
            Section = ConfounderSection.Write(context, marked),
            Remarks = [.. context.Study.Confounders.SelectMany(c => Remarks(context, c, marked))],
            Facts = new
            {
                confounders = context.Study.Confounders.Select(c => new
                {
                    c.Name,
                    c.Feature,
                    c.Column,
                    c.By,
                    Bins = c.Bins ?? (c.Feature is null ? null : ConfounderCodes.Bins),
                    c.Propensity,
                    c.Clip,
                }),
                weights = sizes,
            },
        };
    }

    private static IEnumerable<Estimate> Estimates(
        ChainContext context,
        SplitData data,
        ConfounderDefinition held,
        IReadOnlyDictionary<string, Resampled> importances,
        BoundFeature feature
    )
    {
        var maker = new EstimateMaker(data, context.Head);
        Estimate Named(Estimate e) => e with { Feature = feature.Entry.Name, Group = feature.Entry.Group ?? "" };
        foreach (var (way, adjusted) in importances.Where(i => i.Key.Length > 0))
        {
            Estimate Make(string estimand, Resampled of) =>
                Named(
                    maker.Make(
                        data.Segments[0],
                        estimand + Estimands.Auc,
                        way + held.Name,
                        of.Drawn(data.Segments[0]),
                        tested: true
                    )
                );
            // The merge has those of the exchange within strata, with all their qualities and segments.
            if (way != ConfounderDefinition.Conditioned)
                yield return Make(Estimands.Adjusted, adjusted);
            yield return Make(Estimands.Moved, importances[""] - adjusted);
        }
        using var reader = new PreparedReader(context.Plan, data.Split);
        yield return Named(
            maker.Empty(data.Segments[0], Estimands.Association, "with:" + held.Name) with
            {
                Value = Association.Of(context.Plan, reader, feature, held),
            }
        );
    }

    // Of each feature the way of holding that leaves least of it.
    private static IEnumerable<Remark> Remarks(
        ChainContext context,
        ConfounderDefinition held,
        IReadOnlyList<Estimate> estimates
    )
    {
        var all = context.Merged.Estimates.Concat(estimates).Where(ConfounderSection.IsShown).ToArray();
        foreach (var feature in context.Plan.Features.Select(f => f.Entry.Name))
        {
            if (held.Feature == feature)
            {
                yield return new(feature, $"it is itself the declared confounder {held.Name}");
                continue;
            }
            var own = all.Where(e => e.Feature == feature).ToArray();
            var with = own.First(e => e.Estimand == Estimands.Association && e.Method == "with:" + held.Name);
            if (with.Value >= Strong)
                yield return new(
                    feature,
                    $"it goes with the declared confounder {held.Name} (association {Text.Number(with.Value)}), so that either may stand in for the other"
                );
            var crude = own.First(e =>
                e.Estimand == Estimands.Permutation + Estimands.Auc && e.Method == Exchange.Permutation
            );
            var least = own.Where(e =>
                    e.Estimand == Estimands.Adjusted + Estimands.Auc
                    && e.Method.EndsWith(":" + held.Name, StringComparison.Ordinal)
                )
                .OrderBy(e => e.Value)
                .FirstOrDefault(e => IsTaken(context.Study.Margin, crude, e, Moved(own, e)));
            if (least is not null)
                yield return new(
                    feature,
                    $"with {held.Name} held ({Way(least)}) {Text.Number(least.Value)} of AUC is left of the {Text.Number(crude.Value)} lost without it",
                    Grade.C
                );
        }
    }

    /// <summary>Whether an importance falls by more than half, or below what counts, beyond chance.</summary>
    public static bool IsTaken(double margin, Estimate crude, Estimate adjusted, Estimate moved) =>
        crude.Low > 0
        && crude.Value > margin
        && moved.Low > 0
        && (adjusted.Value < crude.Value / 2 || adjusted.Value <= margin);

    private static Estimate Moved(Estimate[] own, Estimate adjusted) =>
        own.First(e => e.Estimand == Estimands.Moved + Estimands.Auc && e.Method == adjusted.Method);

    public static string Way(Estimate e) => e.Method[..e.Method.IndexOf(':', StringComparison.Ordinal)];
}
