namespace Assay.Statistics.Tests.Bootstrap;

public class TwoWayErrorTests
{
    // R 4.2.2, sandwich 3.0-2: m <- lm(mpg ~ 1, mtcars); vcovCL(m, cluster = ~ carb, type = "HC0"), then ~ gear, then ~ carb + gear
    [Fact]
    public void The_variances_of_sandwich()
    {
        var error = Of(OutsideData.Mpg, OutsideData.Carburettors, OutsideData.Gears);
        error.First.ShouldBe(4.55854289245606, 1e-13);
        error.Second.ShouldBe(9.45551917076110, 1e-13);
        error.Plain.ShouldBe(10.1265711364746, 1e-12);
        error.StandardError.ShouldBe(Math.Sqrt(10.1265711364746), 1e-13);
    }

    // R as above, lm(y ~ 1): 0.0416666666666666 by u, 0.708333333333333 by i, −0.464285714285714 by both.
    [Fact]
    public void A_negative_variance_gives_way_to_the_larger_of_one_kind()
    {
        var error = Of([3, -3, 2, -2, 4, -5, 1, 0], [0, 0, 1, 1, 2, 2, 3, 3], [0, 1, 1, 0, 2, 3, 3, 2]);
        error.First.ShouldBe(0.0416666666666666, 1e-14);
        error.Plain.ShouldBe(-0.464285714285714, 1e-14);
        error.Variance.ShouldBe(0.708333333333333, 1e-14);
    }

    [Fact]
    public void Degrees_of_freedom_are_those_of_the_kind_that_makes_the_error()
    {
        new TwoWayError(
            First: 1,
            Second: 1e-9,
            Both: 1e-9,
            FirstDegrees: 40,
            SecondDegrees: 3
        ).DegreesOfFreedom.ShouldBe(40, 1e-6);
        new TwoWayError(
            First: 1e-9,
            Second: 1,
            Both: 1e-9,
            FirstDegrees: 40,
            SecondDegrees: 3
        ).DegreesOfFreedom.ShouldBe(3, 1e-6);
        // Satterthwaite's formula by hand: 2² / (1/40 + 1/10).
        new TwoWayError(1, 1, 0, 40, 10).DegreesOfFreedom.ShouldBe(32, 1e-12);
        new TwoWayError(0, 0, 0, 40, 10).DegreesOfFreedom.ShouldBe(10);
        TwoWayError.Of([1, -1], [0], [1, -1]).StandardError.ShouldBe(double.NaN);
    }

    // Users' and items' effects and rows' own noise, items drawn by popularity: the mean's variance given who saw what is
    // (σ_a² Σ n_u² + σ_b² Σ n_i² + σ_e² N) / N². Bounds: four binomial standard errors around 95 %, 1 % wider for the few items that matter.
    [Theory]
    [InlineData(1, 0.5, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1, 1)]
    public void Intervals_hold_over_other_users_and_other_items(double ofUsers, double ofItems, double ofRows)
    {
        const int Users = 300,
            PerUser = 10,
            Items = 60,
            Worlds = 600;
        const ulong Seed = 5;
        double hits = 0,
            oneWayHits = 0,
            width = 0,
            product = 0,
            variance = 0,
            truth = 0;
        var (values, user, item) = (new double[Users * PerUser], new int[Users * PerUser], new int[Users * PerUser]);
        for (var world = 0; world < Worlds; world++)
        {
            var random = new CounterRandom(Seed, $"two-way {ofUsers} {ofItems}", (ulong)world);
            var a = Draw(random, Users);
            var b = Draw(random, Items);
            var squares = 0.0;
            var seen = new int[Items];
            for (var r = 0; r < values.Length; r++)
            {
                (user[r], item[r]) = (r / PerUser, Popular(random.NextDouble(), Items));
                values[r] = ofUsers * a[user[r]] + ofItems * b[item[r]] + ofRows * random.NextNormal();
                seen[item[r]]++;
            }
            foreach (var n in seen)
                squares += (double)n * n;
            double rows = values.Length;
            var exact =
                ofUsers * ofUsers / Users + ofItems * ofItems * squares / (rows * rows) + ofRows * ofRows / rows;
            var error = Of(values, user, item);
            var mean = values.Average();
            hits += Intervals.StudentT(mean, error.StandardError, error.DegreesOfFreedom).Contains(0) ? 1 : 0;
            oneWayHits += Intervals.StudentT(mean, Math.Sqrt(error.First), error.FirstDegrees).Contains(0) ? 1 : 0;
            width += Math.Sqrt(error.Variance / exact) / Worlds;
            // What weights of users times weights of items would give (Owen and Eckles 2012).
            product += Math.Sqrt((error.First + error.Second + error.Both) / exact) / Worlds;
            variance += error.Variance / Worlds;
            truth += exact / Worlds;
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant(
                $"seed {Seed}, effects {ofUsers} {ofItems} {ofRows}: covered {hits / Worlds:P1}, users only {oneWayHits / Worlds:P1}; standard error {width:0.00} of the true one, of product weights {product:0.00}"
            )
        );
        var four = 4 * Math.Sqrt(.95 * .05 / Worlds);
        (hits / Worlds).ShouldBeInRange(.94 - four, Math.Min(1, .97 + four));
        // Short where few items are most rows, as any such variance; the degrees of freedom make up for it.
        (variance / truth).ShouldBeInRange(.75, 1.15);
        width.ShouldBeInRange(.8, 1.12);
        if (ofItems > 0)
            (oneWayHits / Worlds).ShouldBeLessThan(.75);
        if (ofUsers == 0 && ofItems == 0)
            product.ShouldBe(Math.Sqrt(3), .05);
    }

    private static double[] Draw(CounterRandom random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];

    // The k-th item is seen in proportion to 1 / k, nearly.
    private static int Popular(double uniform, int items) => Math.Min(items - 1, (int)Math.Pow(items + 1, uniform) - 1);

    private static TwoWayError Of(double[] values, int[] first, int[] second)
    {
        var mean = values.Average();
        double[] Sums<T>(Func<int, T> of) =>
            [
                .. Enumerable
                    .Range(0, values.Length)
                    .GroupBy(of)
                    .Select(g => g.Sum(i => (values[i] - mean) / values.Length)),
            ];
        return TwoWayError.Of(Sums(i => first[i]), Sums(i => second[i]), Sums(i => (first[i], second[i])));
    }
}
