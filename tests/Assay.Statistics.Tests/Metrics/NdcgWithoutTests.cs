namespace Assay.Statistics.Tests.Metrics;

public class NdcgWithoutTests
{
    // Against NDCG of the list as it is without the item.
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(100, true)]
    public void Each_is_the_list_without_it(int k, bool graded)
    {
        for (ulong list = 0; list < 200; list++)
        {
            var random = new CounterRandom(3, "lists", list);
            var n = 1 + random.NextInt(20);
            // Few different scores, so that there are ties.
            var scores = Enumerable.Range(0, n).Select(_ => (double)random.NextInt(8)).ToArray();
            var gains = Enumerable.Range(0, n).Select(_ => (double)random.NextInt(graded ? 4 : 2)).ToArray();
            var values = new double[n];
            NdcgWithout.Each(scores, gains, k, values);
            for (var i = 0; i < n; i++)
            {
                double[] Rest(double[] from) => [.. from[..i], .. from[(i + 1)..]];
                var expected = n == 1 ? double.NaN : Ndcg.Of(Rest(scores), Rest(gains), k, Gain.Linear);
                double.IsNaN(values[i]).ShouldBe(double.IsNaN(expected), $"list {list}, item {i}");
                if (!double.IsNaN(expected))
                    values[i].ShouldBe(expected, 1e-12, $"list {list}, item {i}");
            }
        }
    }
}
