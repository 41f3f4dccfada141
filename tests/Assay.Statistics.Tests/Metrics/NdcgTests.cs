namespace Assay.Statistics.Tests.Metrics;

public class NdcgTests
{
    private static readonly double[] Relevance = [10, 0, 0, 1, 5];

    // scikit-learn 1.2.1, metrics.ndcg_score([relevance], [scores], k=k): documentation examples, run (linear gain).
    [Theory]
    [InlineData(new[] { .1, .2, .3, 4, 70 }, 5, .6956940443813074)]
    [InlineData(new[] { .05, 1.1, 1, .5, 0 }, 5, .49368019137737595)]
    [InlineData(new[] { .05, 1.1, 1, .5, 0 }, 4, .35202411006344875)]
    [InlineData(new double[] { 10, 0, 0, 1, 5 }, 4, 1)]
    [InlineData(new double[] { 1, 0, 0, 0, 1 }, 1, .75)]
    public void The_examples_of_scikit_learn(double[] scores, int k, double expected) =>
        Ndcg.Of(scores, Relevance, k, Gain.Linear).ShouldBe(expected, 1e-14);

    [Fact]
    public void Exponential_gain_by_hand()
    {
        // Ranks hold 3, 2, 3, 0, 1, 2: (7 + 3/log₂3 + 7/2 + 1/log₂6 + 3/log₂7) / (7 + 7/log₂3 + 3/2 + 3/log₂5 + 1/log₂6)
        var actual = 7 + 3 / Math.Log2(3) + 3.5 + 1 / Math.Log2(6) + 3 / Math.Log2(7);
        var best = 7 + 7 / Math.Log2(3) + 1.5 + 3 / Math.Log2(5) + 1 / Math.Log2(6);
        Ndcg.Of([6, 5, 4, 3, 2, 1], [3, 2, 3, 0, 1, 2]).ShouldBe(actual / best, 1e-14);
    }

    [Fact]
    public void Ties_count_as_the_mean_over_their_orders()
    {
        double[] scores = [1, 2, 1, 1, 0],
            relevances = [2, 0, 1, 0, 1];
        double sum = 0;
        int[][] orders =
        [
            [0, 2, 3],
            [0, 3, 2],
            [2, 0, 3],
            [2, 3, 0],
            [3, 0, 2],
            [3, 2, 0],
        ];
        foreach (var order in orders)
        {
            double[] broken = [.. scores];
            for (var i = 0; i < order.Length; i++)
                broken[order[i]] -= i * .01;
            sum += Ndcg.Of(broken, relevances, 3);
        }
        Ndcg.Of(scores, relevances, 3).ShouldBe(sum / orders.Length, 1e-14);
    }

    [Fact]
    public void Lists_by_group()
    {
        var values = new double[3];
        var groups = new RowGroups([2, 0, 2, 0, 1], 3);
        Ndcg.PerGroup([1, 1, 2, 2, 3], [1, 1, 0, 0, 0], groups, 2, values);
        values.ShouldBe([1 / Math.Log2(3), double.NaN, 1 / Math.Log2(3)]);
    }
}
