using System.Numerics;

namespace Assay.Attribution.Games;

/// <summary>
/// The best linear estimate of Shapley values from pairs when the odd part of a game is an unknown linear function, plus a random
/// <see cref="OddPolynomial"/>, plus noise that is the smaller the more a pair weighs in the Shapley kernel. Its residuals are
/// orthogonal to all linear functions under that kernel, so what the polynomial leaves over has no Shapley values in the
/// sample: the estimate is a regression-adjusted one (arXiv 2506.11849, 2602.01399) and consistent whatever the game.
/// Depends on the coalitions alone, so games with the same coalitions share it.
/// </summary>
internal sealed class OddFit
{
    // Noise of a pair of mean weight beside the polynomial's variance; 0.01 to 0.4 measured within a fifth of each other.
    private const double Noise = 0.1;
    private const double Exact = 1e-9;

    // Beyond this many pairs how far a pair predicts itself is taken from random probes, as a mean over its size.
    private const int ProbedFrom = 400;
    private const int Probes = 24;

    private readonly int players;
    private readonly int pairs;
    private readonly int size;
    private readonly double[] factor;
    private readonly double[] signs;
    private readonly double[] hoisted;
    private readonly double[] gram;
    private readonly double[] influence;
    private readonly double[] precision;
    private readonly double[] noise;

    public OddFit(PairSample sample, IPairDesign design)
    {
        (players, pairs, size) = (sample.Players, sample.Count, sample.Count + 1);
        var prior = new OddPolynomial(players);
        var weights = Enumerable.Range(0, pairs).Select(k => design.Weight(sample, k)).ToArray();
        noise = [.. weights.Select(w => Noise * weights.Average() / w)];
        var sets = new Coalitions(players);
        for (var k = 0; k < pairs; k++)
            sets.Add(sample.Sets.Of(k));
        sets.AddAll();
        factor = Covariances(prior, sets);
        Cholesky.Decompose(factor, size);

        // Beside each other: the signs, the covariances with the values, and probes.
        var probes = pairs > ProbedFrom ? Probes : 0;
        var width = 2 * players + probes;
        var solved = new double[size * width];
        signs = new double[size * players];
        var values = new double[size * players];
        for (var k = 0; k < size; k++)
        {
            var members = sets.Size(k);
            for (var p = 0; p < players; p++)
            {
                signs[k * players + p] = solved[k * width + p] = sets[k, p] ? 0.5 : -0.5;
                values[k * players + p] = solved[k * width + players + p] = prior.WithValue(members, sets[k, p]);
            }
            for (var q = 0; q < probes; q++)
                solved[k * width + 2 * players + q] = Probe(k, q);
        }
        Cholesky.SolveMany(factor, size, solved, width);
        hoisted = Columns(solved, width, 0, players);
        gram = Products(signs, hoisted);
        for (var p = 0; p < players; p++)
            gram[p * players + p] *= 1 + Exact;
        Cholesky.Decompose(gram, players);
        influence = Influence(Columns(solved, width, players, players), Products(values, hoisted));
        precision = probes == 0 ? ExactPrecision() : ProbedPrecision(sample, design, solved, width, probes);
    }

    /// <summary>What one observation of each pair, and last of all players, adds to each value: (pairs + 1) × players.</summary>
    public ReadOnlySpan<double> Influence(int pair) => influence.AsSpan(pair * players, players);

    /// <summary>The share of a pair's noise that the fit does not take for the game: 1 − leverage.</summary>
    public double Left(int pair) => Math.Min(1, precision[pair] * noise[pair]);

    /// <summary>The values of a game and how far each pair is from what the others say of it.</summary>
    public (double[] Values, double[] LeftOut) Apply(PairSample sample)
    {
        var y = new double[size];
        for (var k = 0; k < pairs; k++)
            y[k] = sample.Odd(k);
        y[pairs] = 0.5 * sample.Total;
        var values = new double[players];
        var linear = new double[players];
        for (var k = 0; k < size; k++)
        for (var p = 0; p < players; p++)
        {
            values[p] += influence[k * players + p] * y[k];
            linear[p] += hoisted[k * players + p] * y[k];
        }
        Cholesky.Solve(gram, players, linear);
        for (var k = 0; k < size; k++)
        for (var p = 0; p < players; p++)
            y[k] -= signs[k * players + p] * linear[p];
        Cholesky.Solve(factor, size, y);
        for (var k = 0; k < pairs; k++)
            y[k] /= precision[k];
        return (values, y);
    }

    private double[] Covariances(OddPolynomial prior, Coalitions sets)
    {
        var result = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            var own = sets.Of(i);
            for (var j = 0; j <= i; j++)
            {
                var other = sets.Of(j);
                var difference = 0;
                for (var w = 0; w < own.Length; w++)
                    difference += BitOperations.PopCount(own[w] ^ other[w]);
                result[i * size + j] = prior.At(difference);
            }
            result[i * size + i] += i == pairs ? Exact : noise[i];
        }
        return result;
    }

    // V⁻¹C + WG⁻¹(I − WᵀC), W being V⁻¹X: row k is the derivative of the values by observation k.
    private double[] Influence(double[] result, double[] cross)
    {
        // Products() gave CᵀW; its row i holds what column i of WᵀC is.
        for (var p = 0; p < players; p++)
        {
            var column = cross.AsSpan(p * players, players);
            for (var q = 0; q < players; q++)
                column[q] = (p == q ? 1 : 0) - column[q];
            Cholesky.Solve(gram, players, column);
        }
        for (var k = 0; k < size; k++)
        for (var p = 0; p < players; p++)
        {
            var sum = 0.0;
            for (var q = 0; q < players; q++)
                sum += hoisted[k * players + q] * cross[p * players + q];
            result[k * players + p] += sum;
        }
        return result;
    }

    // The diagonal of V⁻¹ − WG⁻¹Wᵀ, whose inverse is the variance of a pair given the others.
    private double[] ExactPrecision()
    {
        var result = new double[pairs];
        Cholesky.InverseDiagonal(factor, size).AsSpan(0, pairs).CopyTo(result);
        var row = new double[players];
        for (var k = 0; k < pairs; k++)
        {
            hoisted.AsSpan(k * players, players).CopyTo(row);
            Cholesky.Solve(gram, players, row);
            for (var p = 0; p < players; p++)
                result[k] -= row[p] * hoisted[k * players + p];
            result[k] = Math.Max(result[k], 1e-6);
        }
        return result;
    }

    private double[] ProbedPrecision(PairSample sample, IPairDesign design, double[] solved, int width, int probes)
    {
        var linear = new double[players * probes];
        for (var q = 0; q < probes; q++)
        {
            var column = linear.AsSpan(q * players, players);
            for (var k = 0; k < size; k++)
            for (var p = 0; p < players; p++)
                column[p] += hoisted[k * players + p] * Probe(k, q);
            Cholesky.Solve(gram, players, column);
        }
        var (sums, counts) = (new double[design.Strata], new int[design.Strata]);
        for (var k = 0; k < pairs; k++)
        {
            counts[sample.Stratum(k)] += probes;
            for (var q = 0; q < probes; q++)
            {
                var value = solved[k * width + 2 * players + q];
                for (var p = 0; p < players; p++)
                    value -= hoisted[k * players + p] * linear[q * players + p];
                sums[sample.Stratum(k)] += value * Probe(k, q);
            }
        }
        var result = new double[pairs];
        for (var k = 0; k < pairs; k++)
            result[k] = Math.Max(1e-6, sums[sample.Stratum(k)] / counts[sample.Stratum(k)]);
        return result;
    }

    // Signs without a pattern, the same in every fit.
    private static double Probe(int row, int column) =>
        BitOperations.PopCount((ulong)(row * 64 + column + 1) * 0x9E3779B97F4A7C15 >> 17) % 2 == 0 ? 1 : -1;

    private double[] Columns(double[] matrix, int width, int from, int count)
    {
        var result = new double[size * count];
        for (var k = 0; k < size; k++)
            Array.Copy(matrix, k * width + from, result, k * count, count);
        return result;
    }

    // leftᵀ · right, players × players.
    private double[] Products(double[] left, double[] right)
    {
        var result = new double[players * players];
        for (var k = 0; k < size; k++)
        for (var p = 0; p < players; p++)
        for (var q = 0; q < players; q++)
            result[p * players + q] += left[k * players + p] * right[k * players + q];
        return result;
    }
}
