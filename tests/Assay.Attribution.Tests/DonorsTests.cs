using Assay.Statistics;

namespace Assay.Attribution.Tests;

/// <summary>Who donates to whom when a feature is permuted.</summary>
public sealed class DonorsTests
{
    // Three units of two, one and three rows, interleaved.
    private static readonly ulong[] Units = [7, 9, 7, 4, 4, 4];

    [Fact]
    public void Rows_that_are_units_of_their_own_are_permuted() =>
        Donors
            .Assign([.. Enumerable.Range(0, 100).Select(i => (ulong)i)], 1, "price", 0)
            .Order()
            .ShouldBe(Enumerable.Range(0, 100));

    [Fact]
    public void A_unit_gets_its_values_as_a_whole_from_the_first_row_of_one_unit()
    {
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var donors = Donors.Assign(Units, 1, "country", repeat);
            var byUnit = Units.Zip(donors).GroupBy(p => p.First, p => p.Second).ToArray();
            byUnit.ShouldAllBe(u => u.Distinct().Count() == 1);
            // First rows of units 7, 9 and 4, each donating to one unit.
            byUnit.Select(u => u.First()).Order().ShouldBe([0, 1, 3]);
        }
    }

    [Fact]
    public void Seed_feature_and_repeat_decide_and_the_keys_themselves_do_not()
    {
        ulong[] keys = [.. Enumerable.Range(0, 30).Select(i => (ulong)i / 2)];
        var first = Donors.Assign(keys, 1, "price", 0);
        Donors.Assign(keys, 1, "price", 0).ShouldBe(first);
        Donors.Assign(Array.ConvertAll(keys, StableHash.Of), 1, "price", 0).ShouldBe(first);
        Donors.Assign(keys, 2, "price", 0).ShouldNotBe(first);
        Donors.Assign(keys, 1, "country", 0).ShouldNotBe(first);
        Donors.Assign(keys, 1, "price", 1).ShouldNotBe(first);
    }

    [Fact]
    public void Every_permutation_is_as_likely_as_any_other()
    {
        const ulong seed = 20261123;
        const int draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (var repeat = 0; repeat < draws; repeat++)
        {
            var order = string.Join(",", Donors.Assign([0, 1, 2, 3], seed, "price", repeat));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        counts.Count.ShouldBe(24);
        const double expected = draws / 24.0;
        // The upper 0.1 % point of χ² with 23 degrees of freedom: 49.73 (Abramowitz and Stegun, table 26.8).
        counts
            .Values.Sum(c => (c - expected) * (c - expected) / expected)
            .ShouldBeLessThan(49.73, $"seed {seed}, {draws} draws");
    }
}
