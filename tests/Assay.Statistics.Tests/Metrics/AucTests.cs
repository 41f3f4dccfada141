namespace Assay.Statistics.Tests.Metrics;

public class AucTests
{
    // Hanley and McNeil 1982, table I: ratings 1–5 of 58 normal and 51 abnormal CT images.
    private static readonly int[] Normal = [33, 6, 6, 11, 2];
    private static readonly int[] Abnormal = [3, 2, 2, 11, 33];

    [Fact]
    public void The_example_of_scikit_learn() =>
        // sklearn.metrics.roc_auc_score, user guide example: 0.75
        RocAuc.Of([.1, .4, .35, .8], [0, 0, 1, 1]).ShouldBe(.75);

    [Fact]
    public void The_ratings_of_Hanley_and_McNeil()
    {
        // R 4.2.2, pROC 1.18.0: r <- roc(labels, scores, direction = "<"); auc(r); sqrt(var(r)). Stata prints 0.8932, 0.0307.
        var (scores, labels) = Ratings();
        RocAuc.Of(scores, labels).ShouldBe(.8931710615280595, 1e-14);
        var placements = AucPlacements.Of(scores, labels);
        placements.Auc.ShouldBe(.8931710615280595, 1e-14);
        Math.Sqrt(AucVariance.DeLong(placements)).ShouldBe(.0307244083793811, 1e-15);
    }

    [Fact]
    public void Weighted_area_is_the_weighted_share_of_pairs()
    {
        const ulong seed = 11;
        var random = new CounterRandom(seed, "auc");
        for (var trial = 0; trial < 50; trial++)
        {
            var (scores, labels, weights) = Rows(random, 30);
            double pairs = 0,
                total = 0;
            for (var i = 0; i < scores.Length; i++)
            for (var j = 0; j < scores.Length; j++)
            {
                if (labels[i] <= labels[j])
                    continue;
                var weight = weights[i] * weights[j];
                total += weight;
                pairs +=
                    weight
                    * (
                        scores[i] > scores[j] ? 1
                        : scores[i] == scores[j] ? .5
                        : 0
                    );
            }
            if (total == 0)
                continue;
            RocAuc.Of(scores, labels, weights).ShouldBe(pairs / total, 1e-12, $"seed {seed}, trial {trial}");
            AucPlacements.Of(scores, labels, weights).Auc.ShouldBe(pairs / total, 1e-12, $"seed {seed}");
        }
    }

    [Fact]
    public void Placements_average_to_the_area_in_both_classes()
    {
        var random = new CounterRandom(12, "placements");
        var (scores, labels, weights) = Rows(random, 200);
        var placements = AucPlacements.Of(scores, labels, weights);
        var sums = placements.ByCluster(new int[200], 1);
        (sums.PositivePlacements[0] / sums.PositiveWeights[0]).ShouldBe(placements.Auc, 1e-12);
        (sums.NegativePlacements[0] / sums.NegativeWeights[0]).ShouldBe(placements.Auc, 1e-12);
    }

    [Fact]
    public void A_score_distribution_places_rows_alike()
    {
        var random = new CounterRandom(13, "distribution");
        var (scores, labels, weights) = Rows(random, 120);
        var placements = AucPlacements.Of(scores, labels, weights);
        int[] positives = [.. Enumerable.Range(0, 120).Where(i => labels[i] > 0)];
        int[] negatives = [.. Enumerable.Range(0, 120).Where(i => labels[i] == 0)];
        var above = Distribution(positives, scores, weights);
        var below = Distribution(negatives[..20], scores, weights)
            .Merge(Distribution(negatives[20..], scores, weights));
        foreach (var row in positives)
            below.Below(scores[row]).ShouldBe(placements.Values[row], 1e-12);
        foreach (var row in negatives)
            above.Above(scores[row]).ShouldBe(placements.Values[row], 1e-12);
    }

    [Fact]
    public void Clusters_of_copies_have_the_variance_of_their_originals()
    {
        // Obuchowski 1997: with every cluster k copies of one row, the clusters are the independent units.
        var (scores, labels) = Ratings();
        var independent = AucVariance.DeLong(AucPlacements.Of(scores, labels));
        int[] cluster = [.. Enumerable.Range(0, 3 * scores.Length).Select(i => i / 3)];
        double[] copies = [.. cluster.Select(c => scores[c])],
            copyLabels = [.. cluster.Select(c => labels[c])];
        var placements = AucPlacements.Of(copies, copyLabels);
        AucVariance.Clustered(placements.ByCluster(cluster, scores.Length)).ShouldBe(independent, 1e-12);
        AucVariance.DeLong(placements).ShouldBeLessThan(independent / 2);
    }

    [Fact]
    public void Clustered_variance_by_hand()
    {
        // Two clusters of one positive and one negative: scores (3, 1), (2, 2.5). V10 = (1, ½), V01 = (1, ½), A = ¾.
        // S-terms: Σ(V10 − A)² = ⅛, Σ(V01 − A)² = ⅛, cross ⅛; each times 2 over 4, the cross twice: ¼ · … = 0.25.
        var sums = AucPlacements.Of([3, 1, 2, 2.5], [1, 0, 1, 0]).ByCluster([0, 0, 1, 1], 2);
        sums.Auc.ShouldBe(.75);
        AucVariance.Clustered(sums).ShouldBe(.0625 + .0625 + .125, 1e-15);
    }

    [Fact]
    public void One_class_has_no_area_and_NaN_is_refused()
    {
        RocAuc.Of([1, 2], [1, 1]).ShouldBe(double.NaN);
        RocAuc.Of([], []).ShouldBe(double.NaN);
        AucPlacements.Of([1, 2], [1, 1]).Auc.ShouldBe(double.NaN);
        AucVariance.DeLong(AucPlacements.Of([1, 2], [0, 1])).ShouldBe(double.NaN);
        Should
            .Throw<ArgumentException>(() => RocAuc.Of([1, double.NaN], [0, 1]))
            .Message.ShouldBe("The score of row 1 is not a number.");
        RocAuc.Of([double.NegativeInfinity, double.PositiveInfinity], [0, 1]).ShouldBe(1);
    }

    [Fact]
    public void Grouped_area_by_hand()
    {
        // Group 0: area 1 with 3 rows; group 1: one class, left out; group 2: area 0 with 2 rows.
        double[] scores = [.9, .1, .3, .5, .6, .2, .7];
        double[] labels = [1, 0, 0, 1, 1, 1, 0];
        var groups = new RowGroups([0, 0, 0, 1, 1, 2, 2], 3);
        GroupedAuc.Of(scores, labels, groups).ShouldBe(3.0 / 5, 1e-15);
        GroupedAuc.Of(scores, labels, groups, [1, 1, 1, 9, 9, 3, 4]).ShouldBe(3.0 / 10, 1e-15);
        Should.Throw<ArgumentException>(() => new RowGroups([0, 3], 3));
    }

    private static ScoreDistribution Distribution(int[] rows, double[] scores, double[] weights) =>
        ScoreDistribution.Of(Array.ConvertAll(rows, i => scores[i]), Array.ConvertAll(rows, i => weights[i]));

    private static (double[] Scores, double[] Labels) Ratings()
    {
        var scores = new List<double>();
        var labels = new List<double>();
        for (var rating = 0; rating < 5; rating++)
        {
            scores.AddRange(Enumerable.Repeat(rating + 1.0, Normal[rating] + Abnormal[rating]));
            labels.AddRange(Enumerable.Repeat(0.0, Normal[rating]));
            labels.AddRange(Enumerable.Repeat(1.0, Abnormal[rating]));
        }
        return ([.. scores], [.. labels]);
    }

    private static (double[] Scores, double[] Labels, double[] Weights) Rows(CounterRandom random, int count)
    {
        double[] scores = new double[count],
            labels = new double[count],
            weights = new double[count];
        for (var i = 0; i < count; i++)
        {
            scores[i] = random.NextInt(12) / 4.0;
            labels[i] = random.NextBool(.4) ? 1 : 0;
            weights[i] = random.NextInt(4) / 2.0;
        }
        return (scores, labels, weights);
    }
}
