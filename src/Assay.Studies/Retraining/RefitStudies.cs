using Assay.Statistics;

namespace Assay.Studies;

/// <summary>Importances in several fits, each studied like the given model: their mean, and how much they differ.</summary>
internal sealed class RefitStudies(ChainContext context, IReadOnlyList<StudyResult> studies)
{
    private readonly Dictionary<string, Estimate>[] values =
    [
        .. studies.Select(s => s.Estimates.Where(IsImportance).DistinctBy(Key).ToDictionary(Key)),
    ];
    private readonly Dictionary<string, float[][]> replicates = [];

    /// <summary>What the importances of the given model are, by the same key.</summary>
    public static string Key(Estimate e) => $"{e.Split}|{ReplicatesFile.Column(e)}";

    /// <summary>The study of fits: the methods whose results have names of their own, and only the segments they need.</summary>
    /// <param name="study">The study of the given model.</param>
    /// <param name="shuffled">Seed of the order of the labels; null: as they are.</param>
    public static StudyDefinition Narrowed(StudyDefinition study, ulong? shuffled)
    {
        var methods = new List<MethodDefinition>();
        foreach (var method in study.Methods)
        {
            var perRow = Attribution.MethodRegistry.Get(method.Id).PerRow;
            if (perRow && methods.Any(m => Attribution.MethodRegistry.Get(m.Id).PerRow))
                continue;
            // Its losses are those of the true labels, from before the merge.
            if (method.Id == Exchange.Sage && shuffled is not null)
                continue;
            if (method.Id == Exchange.Taylor && study.Methods.Any(m => m.Id == Exchange.Permutation))
                continue;
            methods.Add(method with { GivenPresence = false, Positions = [] });
        }
        if (methods.Count == 0)
            methods.Add(new() { Id = Exchange.Permutation });
        return study with
        {
            Methods = methods,
            Segments = [.. study.Segments.Where(s => methods.Any(m => m.Strata.Contains(s.Name)))],
            Retrain = null,
            ShuffledLabels = shuffled,
        };
    }

    /// <summary>Mean importance over the fits, with ranks over seeds and clusters.</summary>
    /// <param name="prefix">Of the estimand.</param>
    /// <param name="method">The method of the rows.</param>
    public IReadOnlyList<Estimate> Means(string prefix, string method)
    {
        var rows = new List<Estimate>();
        foreach (var table in Shared.GroupBy(e => (e.Split, e.Estimand)))
        {
            var made = table.Select(e => (Given: e, Row: Mean(e, prefix, method))).ToArray();
            // Groups overlap their members, so only single features are ranked.
            var features = made.Where(m => IsFeature(m.Given)).ToArray();
            var ranks = Ranks.Of([
                .. features.Select(m => new Replicated(m.Row, 0, [.. Replicates(m.Given).SelectMany(r => r)])),
            ]);
            var byFeature = features.Index().ToDictionary(f => f.Item.Given.Feature, f => ranks[f.Index]);
            foreach (var (given, row) in made)
                rows.Add(
                    byFeature.TryGetValue(given.Feature, out var rank)
                        ? row with
                        {
                            Rank = rank.Rank,
                            RankLow = rank.Low,
                            RankHigh = rank.High,
                        }
                        : row
                );
        }
        return rows;
    }

    /// <summary>How much an importance differs between fits, beside its standard error within one.</summary>
    public IReadOnlyList<Estimate> Spreads() =>
        [
            .. Shared.SelectMany(e =>
            {
                var own = values.Select(v => v[Key(e)]).ToArray();
                var between = default(WeightedMoments).Add([.. own.Select(o => o.Value)]).StandardDeviation;
                var within = Math.Sqrt(own.Average(o => o.StandardError * o.StandardError));
                return new[]
                {
                    Bare(e, RefitEstimands.BetweenSeeds, RefitEstimands.Method) with
                    {
                        Value = between,
                    },
                    Bare(e, RefitEstimands.WithinSeed, RefitEstimands.Method) with
                    {
                        Value = within,
                    },
                };
            }),
        ];

    /// <summary>Smallest and largest importance over the fits, and the ranks they have.</summary>
    /// <param name="prefix">Of the estimand.</param>
    /// <param name="method">The method of the rows.</param>
    public IReadOnlyList<Estimate> Ranges(string prefix, string method) =>
        [
            .. Shared.Select(e =>
            {
                var own = values.Select(v => v[Key(e)]).ToArray();
                return Bare(e, prefix, method) with
                {
                    Value = own.Average(o => o.Value),
                    Low = own.Min(o => o.Value),
                    High = own.Max(o => o.Value),
                    Interval = Stability.Range,
                    RankLow = own.Min(o => o.Rank),
                    RankHigh = own.Max(o => o.Rank),
                };
            }),
        ];

    /// <summary>How well each fit's ranking agrees with the given model's: mean, smallest and largest of Kendall's tau-b.</summary>
    /// <param name="estimand">Of the rows.</param>
    /// <param name="method">The method of the rows, to which the importance is added.</param>
    public IReadOnlyList<Estimate> Agreements(string estimand, string method)
    {
        var given = context.Merged.Estimates.Where(IsImportance).DistinctBy(Key).ToDictionary(Key);
        return
        [
            .. Shared
                .Where(e => IsFeature(e) && given.ContainsKey(Key(e)))
                .GroupBy(e => (e.Split, e.Estimand))
                .Where(g => g.Count() > 2)
                .Select(g =>
                {
                    double[] own = [.. g.Select(e => given[Key(e)].Value)];
                    double[] taus =
                    [
                        .. values.Select(v => RankCorrelation.KendallTauB(own, [.. g.Select(e => v[Key(e)].Value)])),
                    ];
                    return Bare(g.First(), "", $"{method}:{g.Key.Estimand}") with
                    {
                        Estimand = estimand,
                        Feature = "",
                        Group = "",
                        Value = taus.Average(),
                        Low = taus.Min(),
                        High = taus.Max(),
                        Interval = Stability.Range,
                    };
                }),
        ];
    }

    /// <summary>
    /// The given model's importance less that of these fits, taken as draws from what one more such fit would have: the
    /// spread between fits enters once for the mean and once for the draw.
    /// </summary>
    /// <param name="prefix">Of the estimand.</param>
    /// <param name="method">The method of the rows.</param>
    public IReadOnlyList<Estimate> Above(string prefix, string method)
    {
        var given = context
            .Merged.Replicates.SelectMany(r => r)
            .Where(r => IsImportance(r.Estimate))
            .DistinctBy(r => Key(r.Estimate))
            .ToDictionary(r => Key(r.Estimate));
        return
        [
            .. Shared
                .Where(e => given.ContainsKey(Key(e)))
                .Select(e => Above(e, given[Key(e)], Bare(e, prefix, method))),
        ];
    }

    private Estimate Above(Estimate e, Replicated given, Estimate row)
    {
        var own = values.Select(v => v[Key(e)].Value).ToArray();
        var mean = MeanReplicates(e);
        var differences = new double[Math.Min(mean.Length, given.Replicates.Length)];
        for (var r = 0; r < differences.Length; r++)
            differences[r] = given.Replicates[r] - mean[r];
        var sampling = Intervals.BootstrapStandardError(differences, e.Draws);
        var spread = default(WeightedMoments).Add(own).StandardDeviation * Math.Sqrt(1 + 1.0 / own.Length);
        var freedom = Training.SeedInterval.Satterthwaite(sampling, e.Draws - 1, spread, own.Length - 1);
        var value = given.Estimate.Value - own.Average();
        var error = Math.Sqrt(sampling * sampling + spread * spread);
        return new OverSeeds(
            value,
            sampling,
            spread,
            freedom,
            error == 0 ? new Interval(value, value) : Intervals.StudentT(value, error, freedom),
            own
        ).In(row);
    }

    private Estimate Mean(Estimate e, string prefix, string method)
    {
        var sampling = Intervals.BootstrapStandardError(MeanReplicates(e), e.Draws);
        var over = OverSeeds.Of([.. values.Select(v => v[Key(e)].Value)], sampling, e.Draws);
        return over.In(Bare(e, prefix, method), tested: e.Estimand != Estimands.MeanAbsAttribution);
    }

    private double[] MeanReplicates(Estimate e)
    {
        var all = Replicates(e);
        var mean = new double[all.Min(r => r.Length)];
        foreach (var own in all)
            for (var r = 0; r < mean.Length; r++)
                mean[r] += own[r] / (double)all.Length;
        return mean;
    }

    // Of one seed and the same clusters, so replicate r has the same weights in all fits.
    private float[][] Replicates(Estimate e)
    {
        if (replicates.Count == 0)
            foreach (var study in studies)
            foreach (var split in study.Estimates.Select(s => s.Split).Distinct())
            {
                using var reader = ColumnReader.Open(ReplicatesFile.PathOf(study.Folder, split));
                foreach (var estimate in study.Estimates.Where(s => s.Split == split && IsImportance(s)))
                {
                    var column = ReplicatesFile.Column(estimate);
                    if (reader.Has(column))
                        replicates[Key(estimate)] =
                        [
                            .. replicates.GetValueOrDefault(Key(estimate), []),
                            reader.Read<float>(0, column),
                        ];
                }
            }
        return replicates[Key(e)];
    }

    private IEnumerable<Estimate> Shared =>
        studies[0].Estimates.Where(e => IsImportance(e) && values.All(v => v.ContainsKey(Key(e))));

    private bool IsFeature(Estimate e) => context.Plan.Features.Any(f => f.Entry.Name == e.Feature);

    private static bool IsImportance(Estimate e) =>
        e.Feature.Length > 0
        && e.Dimension == SegmentBuilder.Overall
        && e.Status == "ok"
        && !Estimands.IsDescriptive(e.Estimand);

    private static Estimate Bare(Estimate e, string prefix, string method) =>
        e.Bare(prefix + e.Estimand) with
        {
            Method = method,
        };
}
