namespace Assay.Statistics.Tests.Randomness;

public class CounterRandomTests
{
    private const ulong Seed = 7;

    [Fact]
    public void Random_access_equals_the_stream()
    {
        var doubles = new CounterRandom(Seed, 3);
        var normals = new CounterRandom(Seed, 3);
        for (ulong i = 0; i < 101; i++)
        {
            doubles.NextDouble().ShouldBe(CounterRandom.UniformAt(Seed, 3, i));
            normals.NextNormal().ShouldBe(CounterRandom.NormalAt(Seed, 3, i));
        }
    }

    [Fact]
    public void The_first_word_of_a_zero_stream_is_the_published_one() =>
        new CounterRandom(0, 0).NextUInt32().ShouldBe(0x6627e8d5u); // Random123 kat_vectors

    [Fact]
    public void Streams_and_seeds_differ()
    {
        new CounterRandom(1, 2).NextUInt64().ShouldNotBe(new CounterRandom(2, 1).NextUInt64());
        new CounterRandom(1, "a", 2).NextUInt64().ShouldNotBe(new CounterRandom(1, "b", 2).NextUInt64());
    }

    [Fact]
    public void Uniforms_and_normals_have_their_moments()
    {
        const int n = 200_000;
        var random = new CounterRandom(Seed, "moments");
        double uniform = 0,
            normal = 0,
            square = 0,
            fourth = 0;
        for (var i = 0; i < n; i++)
        {
            uniform += random.NextDouble();
            var z = random.NextNormal();
            normal += z;
            square += z * z;
            fourth += z * z * z * z;
        }
        // Five standard errors each: sd of U is √(1/12), of Z 1, of Z² √2, of Z⁴ √96.
        var root = Math.Sqrt(n);
        (uniform / n).ShouldBe(.5, 5 * Math.Sqrt(1 / 12.0) / root, $"seed {Seed}");
        (normal / n).ShouldBe(0, 5 / root, $"seed {Seed}");
        (square / n).ShouldBe(1, 5 * Math.Sqrt(2) / root, $"seed {Seed}");
        (fourth / n).ShouldBe(3, 5 * Math.Sqrt(96) / root, $"seed {Seed}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void Integers_are_even(int exclusive)
    {
        const int n = 100_000;
        var random = new CounterRandom(Seed, "integers");
        var counts = new int[exclusive];
        for (var i = 0; i < n; i++)
            counts[random.NextInt(exclusive)]++;
        double p = 1.0 / exclusive;
        foreach (var count in counts)
            ((double)count).ShouldBe(n * p, 5 * Math.Sqrt(n * p * (1 - p)) + 1e-9, $"seed {Seed}");
    }

    [Theory]
    [InlineData(.3)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(250)]
    public void Poisson_numbers_have_their_mean_and_variance(double mean)
    {
        const int n = 100_000;
        var random = new CounterRandom(Seed, "poisson");
        double sum = 0,
            square = 0;
        for (var i = 0; i < n; i++)
        {
            double x = random.NextPoisson(mean);
            sum += x;
            square += (x - mean) * (x - mean);
        }
        (sum / n).ShouldBe(mean, 5 * Math.Sqrt(mean / n), $"seed {Seed}");
        // The fourth central moment of a Poisson is mean + 3 mean².
        (square / n).ShouldBe(mean, 5 * Math.Sqrt((mean + 2 * mean * mean) / n), $"seed {Seed}");
    }

    [Fact]
    public void Shuffling_reaches_every_order_equally_often()
    {
        const int n = 60_000;
        var random = new CounterRandom(Seed, "shuffle");
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < n; i++)
        {
            var order = string.Concat(random.Permutation(3));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        counts.Count.ShouldBe(6);
        foreach (var count in counts.Values)
            ((double)count).ShouldBe(n / 6.0, 5 * Math.Sqrt(n * 5 / 36.0), $"seed {Seed}");
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        var random = new CounterRandom(1, 1);
        Should.Throw<ArgumentOutOfRangeException>(() => random.NextInt(0));
        Should.Throw<ArgumentOutOfRangeException>(() => random.NextPoisson(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => random.NextPoisson(double.NaN));
    }
}
