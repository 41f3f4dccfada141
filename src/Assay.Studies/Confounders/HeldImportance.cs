using Assay.Attribution;

namespace Assay.Studies;

/// <summary>What each feature's exchange costs of the AUC on one split: crude, and with a confounder held in several ways.</summary>
internal sealed class HeldImportance
{
    private readonly StudyPlan plan;
    private readonly SplitData data;
    private readonly ConfounderDefinition held;
    private readonly Exchange crude;
    private readonly Exchange? within;
    private readonly int[] strata;
    private readonly double[]? propensity;
    private readonly Resampled own;
    private readonly Resampled ownWithin;
    private readonly Resampled? ownWeighted;

    public HeldImportance(StudyPlan plan, SplitData data, ConfounderDefinition held)
    {
        (this.plan, this.data, this.held) = (plan, data, held);
        crude = plan.Exchanges.First(e => e.Method == Exchange.Permutation && e.Donors == DonorKind.Marginal);
        within = plan.Exchanges.FirstOrDefault(e => e.Held?.Name == held.Name);
        using var reader = new PreparedReader(plan, data.Split);
        strata = ConfounderCodes.Of(plan, reader, held);
        if (held.Propensity is not null)
            propensity = Weighting.Inverse(PropensityColumn.Read(plan, data.Split, reader, held), held.Clip);
        own = Auc(data.Score);
        ownWithin = Auc(data.Score, strata);
        ownWeighted = propensity is null ? null : Auc(data.Score, null, propensity);
    }

    /// <summary>By the name of the method the importance, crude under "".</summary>
    public IReadOnlyDictionary<string, Resampled> Of(int feature, out double effectiveSize)
    {
        var player = new Player(plan.Features[feature].Entry.Name, [feature]);
        var results = new Dictionary<string, Resampled> { [""] = Loss(crude, player, s => own - Auc(s)) };
        if (within is not null && held.By.Contains("condition"))
            results[ConfounderDefinition.Conditioned] = Loss(within, player, s => own - Auc(s));
        if (within is not null && held.By.Contains("stratify"))
            results[ConfounderDefinition.Stratified] = Loss(within, player, s => ownWithin - Auc(s, strata));
        effectiveSize = double.NaN;
        if (held.By.Contains("weight"))
            results[ConfounderDefinition.Weighted] = Weighted(player, out effectiveSize);
        return results;
    }

    private Resampled Weighted(Player player, out double effectiveSize)
    {
        using var reader = new PreparedReader(plan, data.Split);
        if (propensity is null)
        {
            var codes = ConfounderCodes.Of(reader, plan.Features[player.Members[0]]);
            var weights = Weighting.Independent(codes, strata, held.Clip);
            effectiveSize = Weighting.EffectiveSize(weights);
            var weighted = Auc(data.Score, null, weights);
            return Loss(crude, player, s => weighted - Auc(s, null, weights));
        }
        effectiveSize = Weighting.EffectiveSize(propensity);
        // The value comes from a row that was logged by chance too.
        var units = PermutedColumns.Units(reader, plan.Level(player));
        var losses = Scores(crude, player)
            .Select(
                (scores, repeat) =>
                {
                    var donors = Donors.Assign(units, plan.Study.Seed, player.Name, repeat);
                    return ownWeighted!
                        - Auc(scores, null, [.. donors.Select((d, r) => propensity[r] * propensity[d])]);
                }
            )
            .ToArray();
        return Resampled.Mean(losses);
    }

    private Resampled Loss(Exchange exchange, Player player, Func<double[], Resampled> loss) =>
        Resampled.Mean([.. Scores(exchange, player).Select(loss)]);

    private IEnumerable<double[]> Scores(Exchange exchange, Player player) =>
        Enumerable
            .Range(0, exchange.Repeats)
            .Select(r => data.BlockColumn(plan.ScorePath, exchange.Column(player, r)))
            .Select(c => Array.ConvertAll(c, v => (double)v));

    private Resampled Auc(double[] scores, int[]? folds = null, double[]? weights = null) =>
        FoldedAuc.Of(data, data.Segments[0], scores, folds, weights);
}
