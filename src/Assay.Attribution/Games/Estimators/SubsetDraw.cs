using Assay.Statistics;

namespace Assay.Attribution.Games;

/// <summary>Uniformly random subsets of a size.</summary>
internal sealed class SubsetDraw
{
    private readonly CounterRandom random;
    private readonly int[] order;

    public SubsetDraw(int players, CounterRandom random) =>
        (this.random, order) = (random, [.. Enumerable.Range(0, players)]);

    /// <summary>Adds random players to the last coalition of a list, which has none.</summary>
    public void Draw(int size, Coalitions into)
    {
        for (var k = 0; k < size; k++)
        {
            var other = k + random.NextInt(order.Length - k);
            (order[k], order[other]) = (order[other], order[k]);
            into[into.Count - 1, order[k]] = true;
        }
    }
}
