using System.IO.Hashing;
using System.Runtime.InteropServices;
using Assay.Worlds.Truth;

namespace Assay.Worlds.Tests;

public sealed class WorldTests(SmallWorld fixture) : IClassFixture<SmallWorld>
{
    private readonly World world = fixture.World;

    [Fact]
    public void Splits_follow_time_and_the_holdout_has_untouched_users()
    {
        var last = world.RowsOf(WorldSplit.Train).Max(r => world.Times[r]);
        var first = world.RowsOf(WorldSplit.Explain).Min(r => world.Times[r]);
        first.ShouldBeGreaterThan(last);
        world
            .RowsOf(WorldSplit.Holdout)
            .Min(r => world.Times[r])
            .ShouldBeGreaterThan(world.RowsOf(WorldSplit.Explain).Max(r => world.Times[r]));
        var known = world.RowsOf(WorldSplit.Train).Select(r => world.UserIds[r]).ToHashSet();
        var untouched = world
            .RowsOf(WorldSplit.Holdout)
            .Select(r => world.UserIds[r])
            .Distinct()
            .Count(u => !known.Contains(u));
        (untouched / (double)world.Options.Users).ShouldBeInRange(0.08, 0.22);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        Hash(World.Create(SmallWorld.Options)).ShouldBe(Hash(world));
        Hash(World.Create(SmallWorld.Options with { Seed = 9 })).ShouldNotBe(Hash(world));
    }

    [Fact]
    public void A_user_is_the_same_in_a_larger_world()
    {
        var larger = World.Create(SmallWorld.Options with { Users = world.Options.Users + 50 });
        foreach (var f in WorldFeatures.All)
            larger
                .Table[f.Name]
                .Bytes[..world.Table[f.Name].Bytes.Length]
                .SequenceEqual(world.Table[f.Name].Bytes)
                .ShouldBeTrue(f.Name);
    }

    [Fact]
    public void The_coupon_is_at_its_default_in_99_of_100_rows()
    {
        var offered = Enumerable
            .Range(0, world.Rows)
            .Count(r => world.Table[WorldFeatures.Coupon].Id(r) == WorldFeature.FirstLabel + 1);
        (offered / (double)world.Rows).ShouldBeInRange(0.007, 0.013);
    }

    [Fact]
    public void Some_metadata_are_missing_and_read_as_the_declared_value()
    {
        var quality = world.Table[WorldFeatures.Quality];
        var missing = Enumerable.Range(0, world.Rows).Where(r => float.IsNaN(quality.Numbers[r])).ToArray();
        (missing.Length / (double)world.Rows).ShouldBeInRange(0.05, 0.25);
        quality.Number(missing[0]).ShouldBe(0.5f);
    }

    [Fact]
    public void Popular_items_stand_higher_in_the_list()
    {
        Correlation(Numbers(WorldFeatures.Position), Numbers(WorldFeatures.Popularity, Scales.Popularity))
            .ShouldBeLessThan(-0.3);
    }

    [Fact]
    public void The_history_agrees_with_recency_and_frequency()
    {
        for (var r = 0; r < world.Rows; r += 37)
        {
            var category = world.Table[WorldFeatures.Category].Id(r);
            var history = world.Table[WorldFeatures.History].Sequence(r).ToArray();
            var frequency = world.Table[WorldFeatures.Frequency].Number(r);
            if (frequency > 0)
                world.Table[WorldFeatures.Recency].Number(r).ShouldBeLessThanOrEqualTo(90);
            if (history.Contains(0))
                // A history that is not full holds every event there ever was.
                frequency.ShouldBeLessThanOrEqualTo(history.Count(id => id == category));
        }
    }

    [Fact]
    public void The_proxy_follows_its_cause_and_adds_nothing_to_it()
    {
        var popularity = Numbers(WorldFeatures.Popularity, Scales.Popularity);
        var badge = Numbers(WorldFeatures.Badge);
        Correlation(popularity, badge).ShouldBeGreaterThan(0.9);
        var labels = Array.ConvertAll(world.Labels.ToArray(), l => (double)l);
        Correlation(badge, labels).ShouldBeGreaterThan(0.1);
        // What is left of the click once its true probability is known does not depend on the badge: |r| < 4/√n.
        var residual = Enumerable
            .Range(0, world.Rows)
            .Select(r => labels[r] - 1 / (1 + Math.Exp(-world.TrueLogit(r))))
            .ToArray();
        Math.Abs(Correlation(badge, residual)).ShouldBeLessThan(4 / Math.Sqrt(world.Rows));
    }

    [Theory]
    [InlineData(WorldFeatures.NoiseRow)]
    [InlineData(WorldFeatures.NoiseRequest)]
    public void Noise_follows_nothing(string noise)
    {
        var values = Numbers(noise);
        var bound = 5 / Math.Sqrt(world.Rows / (noise == WorldFeatures.NoiseRequest ? 8.0 : 1.0));
        Math.Abs(Correlation(values, Array.ConvertAll(world.Labels.ToArray(), l => (double)l))).ShouldBeLessThan(bound);
        Math.Abs(Correlation(values, Numbers(WorldFeatures.Recency, Scales.Recency))).ShouldBeLessThan(bound);
        Math.Abs(Correlation(values, Numbers(WorldFeatures.Popularity, Scales.Popularity))).ShouldBeLessThan(bound);
    }

    [Fact]
    public void Every_value_of_a_category_occurs_and_no_feature_is_constant_in_a_split()
    {
        foreach (var f in WorldFeatures.All.Where(f => f.Kind == FeatureKind.Categorical))
        foreach (var split in Enum.GetValues<WorldSplit>())
        {
            var seen = world.RowsOf(split).Select(r => world.Table[f.Name].Id(r)).Distinct().Count();
            seen.ShouldBe(f.Name == WorldFeatures.Season && split != WorldSplit.Train ? 2 : f.Labels.Count, f.Name);
        }
    }

    [Fact]
    public void Features_are_constant_within_their_level()
    {
        foreach (var f in WorldFeatures.All.Where(f => f.Level != FeatureLevel.Row))
        {
            var column = world.Table[f.Name];
            var keys = f.Level == FeatureLevel.User ? world.UserIds : world.RequestIds;
            for (var r = 1; r < world.Rows; r++)
                if (keys[r] == keys[r - 1])
                    (
                        f.Kind == FeatureKind.Numeric
                            ? column.Number(r) == column.Number(r - 1)
                            : column.Sequence(r).SequenceEqual(column.Sequence(r - 1))
                    ).ShouldBeTrue(f.Name);
        }
    }

    private double[] Numbers(string feature, Func<double, double>? scale = null)
    {
        var column = world.Table[feature];
        return [.. Enumerable.Range(0, world.Rows).Select(r => (scale ?? (v => v))(column.Number(r)))];
    }

    private static double Correlation(double[] a, double[] b)
    {
        double ma = a.Average(),
            mb = b.Average();
        var covariance = a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }

    private static ulong Hash(World world)
    {
        var hash = new XxHash3();
        foreach (var column in world.Table.Columns)
            hash.Append(column.Bytes);
        hash.Append(MemoryMarshal.AsBytes(world.UserIds));
        hash.Append(MemoryMarshal.AsBytes(world.ItemIds));
        hash.Append(MemoryMarshal.AsBytes(world.Times));
        hash.Append(MemoryMarshal.AsBytes(world.Labels));
        return hash.GetCurrentHashAsUInt64();
    }
}
