using MathNet.Numerics;

namespace Assay.Statistics;

/// <summary>How <see cref="CounterRandom"/> draws Poisson numbers.</summary>
internal static class PoissonSampler
{
    /// <summary>Walks up the distribution function; meant for means below 10.</summary>
    public static long Invert(CounterRandom random, double mean)
    {
        var uniform = random.NextDouble();
        var term = Math.Exp(-mean);
        var cumulative = term;
        long count = 0;
        // Beyond 200 every further term of a mean below 10 is zero in double precision.
        while (uniform >= cumulative && count < 200)
        {
            count++;
            term *= mean / count;
            cumulative += term;
        }
        return count;
    }

    /// <summary>
    /// PTRS of Hörmann, "The transformed rejection method for generating Poisson random variables", 1993.
    /// </summary>
    public static long Reject(CounterRandom random, double mean)
    {
        var logMean = Math.Log(mean);
        var b = 0.931 + 2.53 * Math.Sqrt(mean);
        var a = -0.059 + 0.02483 * b;
        var inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        var accept = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            var u = random.NextDouble() - 0.5;
            var v = random.NextDouble();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((2 * a / us + b) * u + mean + 0.43);
            if (us >= 0.07 && v <= accept)
                return (long)k;
            if (k < 0 || (us < 0.013 && v > us))
                continue;
            var left = Math.Log(v) + Math.Log(inverseAlpha) - Math.Log(a / (us * us) + b);
            if (left <= -mean + k * logMean - SpecialFunctions.GammaLn(k + 1))
                return (long)k;
        }
    }
}
