namespace Assay.Studies;

/// <summary>What a player's exchange costs, by segment, from its columns of scores.</summary>
internal sealed class ExchangeJob(StudyPlan plan, SplitData data, string head, IReadOnlyList<MetricSums?> original)
{
    private readonly EstimateMaker maker = new(data, head);
    private readonly SegmentMean mean = new(data, head);

    /// <param name="results">Where estimates go.</param>
    /// <param name="exchange">How values are replaced.</param>
    /// <param name="player">Whose.</param>
    /// <param name="shares">Which rows have the player; needed where it is exchanged among these.</param>
    public void Run(List<Replicated> results, Exchange exchange, Player player, PresenceShares? shares)
    {
        var scores = Enumerable
            .Range(0, exchange.Repeats)
            .Select(r => data.BlockColumn(plan.ScorePath, exchange.Column(player, r)))
            .Select(c => Array.ConvertAll(c, v => (double)v))
            .ToArray();
        if (exchange.Donors == DonorKind.Conditional)
            Quality(results, player);
        if (exchange.Donors != DonorKind.Present)
            shares = null;
        for (var s = 0; s < data.Segments.Count; s++)
        {
            if (original[s] is not { } own)
                continue;
            var segment = data.Segments[s];
            var whole = segment;
            if (shares is not null && segment.Rows.Any(r => !shares.Has(r)))
            {
                segment = data.Prepared(segment.Where(data, shares.Has));
                if (!data.IsShown(segment))
                    continue;
                own = MetricSums.Of(segment, data.Score);
            }
            var losses = Losses(results, exchange, segment, s, own, scores);
            if (shares?.Coverage[s] is { } coverage)
                Opportunity(results, exchange, whole, s, coverage, losses);
            if (exchange.FirstOrder)
                FirstOrderLoss(results, exchange, segment, s, scores);
        }
    }

    /// <summary>What a feature saves of the logloss, on average over rows.</summary>
    public void Sage(List<Replicated> results, string feature)
    {
        var saved = data.BlockColumn(plan.ScorePath, BlockColumns.Sage(feature));
        for (var s = 0; s < data.Segments.Count; s++)
        {
            var segment = data.Segments[s];
            if (original[s] is null)
                continue;
            double[] values = [.. segment.Rows.Select(r => (double)saved[r])];
            mean.Add(results, Exchange.Sage, segment, s, Estimands.Sage, values, tested: true);
            results[^1] = results[^1] with
            {
                Estimate = results[^1].Estimate with { Baseline = plan.Study.Baseline.Name },
            };
        }
    }

    private Bootstrapped[] Losses(
        List<Replicated> results,
        Exchange exchange,
        SegmentRows segment,
        int number,
        MetricSums own,
        double[][] scores
    )
    {
        var loss = MetricSums.Mean([.. scores.Select(c => MetricSums.Loss(own, MetricSums.Of(segment, c)))]);
        var drawn = loss.Drawn(data, segment);
        for (var q = 0; q < Estimands.Qualities.Length; q++)
        {
            var estimand = exchange.Estimand + Estimands.Qualities[q];
            var estimate = maker.Make(segment, estimand, exchange.Method, drawn[q], tested: true);
            results.Add(Replicated.Of(estimate, number, drawn[q].Replicates));
        }
        return drawn;
    }

    // Both factors are resampled together: the weights of clusters are the same in each. How many clusters matter is taken
    // from the loss, whose error is by far the larger.
    private void Opportunity(
        List<Replicated> results,
        Exchange exchange,
        SegmentRows segment,
        int number,
        Bootstrapped coverage,
        Bootstrapped[] losses
    )
    {
        for (var q = 0; q < losses.Length; q++)
        {
            var (estimand, loss) = (Estimands.Opportunity + Estimands.Qualities[q], losses[q]);
            double[] replicates = [.. loss.Replicates.Zip(coverage.Replicates, (l, c) => l * (1 - c))];
            var value = loss.Value * (1 - coverage.Value);
            var product = new Bootstrapped(value, replicates, loss.DegreesOfFreedom);
            var estimate = maker.Make(segment, estimand, exchange.Method, product, tested: true);
            results.Add(Replicated.Of(estimate, number, replicates));
        }
    }

    // The derivative of the logloss by the logit is p − y.
    private void FirstOrderLoss(
        List<Replicated> results,
        Exchange exchange,
        SegmentRows segment,
        int number,
        double[][] scores
    )
    {
        var values = new double[segment.Rows.Length];
        for (var i = 0; i < segment.Rows.Length; i++)
        {
            var (row, change) = (segment.Rows[i], 0.0);
            foreach (var repeat in scores)
                change += (repeat[row] - data.Score[row]) / scores.Length;
            values[i] = (1 / (1 + Math.Exp(-data.Score[row])) - segment.Labels[i]) * change;
        }
        mean.Add(results, exchange.Method, segment, number, Estimands.TaylorLoss, values, tested: true);
    }

    private void Quality(List<Replicated> results, Player player)
    {
        var quality = ConditionalQuality.Read(plan, data.Split, player);
        void Add(string estimand, double value)
        {
            var estimate = maker.Empty(data.Segments[0], estimand, Exchange.Conditional) with { Value = value };
            results.Add(new(estimate, 0, []));
        }
        Add(Estimands.ConditionalFit, quality.Fit);
        Add(Estimands.ConditionalCheck, quality.CheckAuc);
        Add(Estimands.ConditionalMoved, quality.Moved);
    }
}
