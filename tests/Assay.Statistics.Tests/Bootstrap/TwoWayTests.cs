namespace Assay.Statistics.Tests.Bootstrap;

public class TwoWayTests
{
    private const int Users = 40,
        Items = 25;

    // Every user with every item, y = a_user + b_item: the mean's variance is σ_a²/users + σ_b²/items.
    [Fact]
    public void Crossed_effects()
    {
        const double SpreadOfUsers = 2,
            SpreadOfItems = 1;
        var mean = 0.0;
        for (var world = 0; world < 200; world++)
        {
            var random = new CounterRandom(seed: 11, stream: (ulong)world);
            var ofUser = Draw(random, Users, SpreadOfUsers);
            var ofItem = Draw(random, Items, SpreadOfItems);
            var (values, user, item) = (new double[Users * Items], new int[Users * Items], new int[Users * Items]);
            for (var r = 0; r < values.Length; r++)
                (values[r], user[r], item[r]) = (ofUser[r / Items] + ofItem[r % Items], r / Items, r % Items);
            mean += Math.Pow(ClusterStandardError.OfMeanTwoWay(values, user, item), 2) / 200;
        }
        // The mean of 200 estimates, each off by √(2/24) of it or less.
        var truth = SpreadOfUsers * SpreadOfUsers / Users + SpreadOfItems * SpreadOfItems / Items;
        mean.ShouldBe(truth, 4 * truth * Math.Sqrt(2.0 / 24 / 200));
    }

    // R 4.2.2, sandwich 3.0-2: m <- lm(mpg ~ 1, mtcars); sqrt(vcovCL(m, cluster = ~ carb + gear, type = "HC0")), then ~ carb
    [Fact]
    public void The_clusters_of_sandwich()
    {
        ClusterStandardError
            .OfMeanTwoWay(OutsideData.Mpg, OutsideData.Carburettors, OutsideData.Gears)
            .ShouldBe(3.18222738604183, 1e-13);
        ClusterStandardError.OfMean(OutsideData.Mpg, OutsideData.Carburettors, 9).ShouldBe(2.13507444658402, 1e-13);
    }

    // The same with lm(mpg ~ 1, mtcars, weights = wt) and cluster = ~ carb.
    [Fact]
    public void The_weights_of_sandwich() =>
        ClusterStandardError
            .OfMean(OutsideData.Mpg, OutsideData.Carburettors, 9, OutsideData.Weight)
            .ShouldBe(2.00576521285748, 1e-13);

    [Fact]
    public void A_cluster_of_its_own_for_each_row_changes_nothing()
    {
        double[] values = [1, 4, 2, 8, 5, 7];
        int[] user = [0, 0, 1, 1, 2, 2];
        ClusterStandardError
            .OfMeanTwoWay(values, user, [0, 1, 2, 3, 4, 5])
            .ShouldBe(ClusterStandardError.OfMean(values, user, 3), 1e-12);
    }

    private static double[] Draw(CounterRandom random, int count, double spread) =>
        [.. Enumerable.Range(0, count).Select(_ => spread * random.NextNormal())];
}
