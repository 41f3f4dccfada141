using Assay.Attribution.Counterfactuals;
using Assay.Attribution.Games;
using CsCheck;
using Shouldly;

namespace Assay.Attribution.Tests.Counterfactuals;

/// <summary>Searches beside the enumeration of all sets.</summary>
public class SetSearchTests
{
    private sealed class Table(int players, double[] gains, int affordable = int.MaxValue) : ISetGoal
    {
        public int Spent { get; private set; }

        public int Players => players;

        public bool Affords(Coalitions sets) => Spent + sets.Count <= affordable;

        public double[] Gains(Coalitions sets)
        {
            Spent += sets.Count;
            return [.. Enumerable.Range(0, sets.Count).Select(i => gains[(int)sets.Of(i)[0]])];
        }

        public bool IsReached(double gain) => gain > 0;
    }

    private static readonly Gen<double[]> Gains = Gen.Double[-1, 0.15].Array[64];

    // The oracle: the size of the smallest of all 2⁶ sets that reaches the goal; the gains need not be monotone.
    [Fact]
    public void With_all_sizes_tried_the_set_is_the_smallest_there_is() =>
        Gains.Sample(gains =>
        {
            var sizes = Enumerable.Range(0, 64).Where(s => gains[s] > 0).Select(s => int.PopCount(s)).ToArray();
            var found = Search(new Table(6, gains), 6);
            found.Members?.Length.ShouldBe(sizes.Min());
            (found.Members is null).ShouldBe(sizes.Length == 0);
            if (found.Members is not { Length: > 0 } members)
                return;
            found.IsMinimum.ShouldBeTrue();
            found.Alternatives.ShouldBe(sizes.Count(s => s == members.Length) - 1);
            gains[members.Sum(m => 1 << m)].ShouldBe(found.Gain);
        });

    [Fact]
    public void What_is_found_reaches_the_goal_and_needs_all_its_members_whatever_the_size_tried() =>
        Gains.Sample(gains =>
        {
            var (members, gain, isMinimum, tried, _, _) = Search(new Table(6, gains), 1);
            if (members is not { Length: > 0 })
                return;
            gain.ShouldBeGreaterThan(0);
            var set = members.Sum(m => 1 << m);
            if (members.Length > 1)
                members.ShouldAllBe(m => gains[set & ~(1 << m)] <= 0);
            isMinimum.ShouldBe(tried >= members.Length - 1);
        });

    [Fact]
    public void The_budget_is_never_exceeded() =>
        Gen.Select(Gains, Gen.Int[0, 80])
            .Sample(
                (gains, budget) =>
                {
                    var table = new Table(6, gains, budget);
                    Search(table, 6);
                    table.Spent.ShouldBeLessThanOrEqualTo(budget);
                }
            );

    // Greedy takes 0 first (0.6 of 1) and needs 1 and 2 besides; 1 and 2 alone do.
    [Fact]
    public void Members_that_are_not_needed_are_put_back()
    {
        var gains = new double[8];
        for (var s = 0; s < 8; s++)
            gains[s] = -1 + ((s & 1) != 0 ? 0.6 : 0) + ((s & 2) != 0 ? 0.55 : 0) + ((s & 4) != 0 ? 0.55 : 0);
        (gains[3], gains[5]) = (-0.3, -0.3);
        var found = Search(new Table(3, gains), 1);
        found.Members.ShouldBe([1, 2]);
        found.IsMinimum.ShouldBeTrue();
    }

    [Theory]
    [InlineData(5, 2, 10)]
    [InlineData(20, 3, 1140)]
    [InlineData(4, 4, 1)]
    [InlineData(3, 4, 0)]
    public void Combinations_are_counted_and_listed_once(int n, int size, int expected)
    {
        Combinations.Count(n, size).ShouldBe(expected);
        var all = Combinations.Of(n, size).Select(c => string.Join(",", c)).ToArray();
        all.Length.ShouldBe(expected);
        all.Distinct().Count().ShouldBe(expected);
    }

    private static (int[]? Members, double Gain, bool IsMinimum, int Tried, int? Alternatives, bool IsBroke) Search(
        ISetGoal goal,
        int exact
    ) => new SetSearch(goal, new CounterfactualSettings { ExactSize = exact }).Run();
}
