using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace Assay.Statistics;

/// <summary>What the score test of one cross says.</summary>
/// <param name="Statistic">Σ U²/W over the cells: U the sum of residuals that main effects leave, W of p(1 − p).</param>
/// <param name="Expected">Its mean where there is no such cross.</param>
/// <param name="DegreesOfFreedom">Of the scaled chi-square distribution it is compared with.</param>
/// <param name="PValue">Probability of so large a statistic where there is no such cross.</param>
/// <param name="Gain">Loss that adding the cross would save, in nats per row, to second order; the part of chance taken off.</param>
public readonly record struct CrossScore(
    double Statistic,
    double Expected,
    double DegreesOfFreedom,
    double PValue,
    double Gain
);

/// <summary>
/// Whether a model of a 0/1 outcome lacks a cross of two categorical variables, without fitting it: Rao's score test of adding
/// an effect for each cell to the model's logit, main effects of both variables fitted too. Rows of a cluster may depend on
/// each other: the null distribution comes from multiplying each cluster's scores by a standard normal number (the
/// multiplier or wild score bootstrap, Kline and Santos 2012), and is fitted by a scaled chi-square distribution
/// (Satterthwaite 1946), so that small p-values need no more replicates.
/// </summary>
public sealed class CrossTest
{
    private readonly double[] residuals;
    private readonly double[] variances;
    private readonly int[] clusters;
    private readonly double[][] multipliers;

    /// <param name="labels">0 or 1 of each row.</param>
    /// <param name="probabilities">What the model says of each row, between 0 and 1.</param>
    /// <param name="clusters">The cluster of each row, from 0.</param>
    /// <param name="clusterKeys">A key of each cluster, from which its multipliers are drawn.</param>
    /// <param name="seed">The seed of the multipliers.</param>
    /// <param name="replicates">Their number, at least 50.</param>
    public CrossTest(
        ReadOnlySpan<double> labels,
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<int> clusters,
        ReadOnlySpan<ulong> clusterKeys,
        ulong seed,
        int replicates = 200
    )
    {
        if (labels.Length == 0 || labels.Length != probabilities.Length || labels.Length != clusters.Length)
            throw new ArgumentException("Labels, probabilities and clusters are not of the same rows.");
        if (replicates < 50)
            throw new ArgumentException($"{replicates} replicates are too few; take 50 or more.");
        (residuals, variances) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < residuals.Length; i++)
        {
            residuals[i] = labels[i] - probabilities[i];
            variances[i] = probabilities[i] * (1 - probabilities[i]);
        }
        this.clusters = clusters.ToArray();
        multipliers = new double[clusterKeys.Length][];
        for (var c = 0; c < multipliers.Length; c++)
        {
            var random = new CounterRandom(seed, "cross test", clusterKeys[c]);
            multipliers[c] = new double[replicates];
            for (var r = 0; r < replicates; r++)
                multipliers[c][r] = random.NextNormal();
        }
    }

    /// <summary>Tests one pair.</summary>
    /// <param name="a">The first variable's level in each row, 0 to <paramref name="levelsA"/> − 1.</param>
    /// <param name="levelsA">Its levels.</param>
    /// <param name="b">The second's.</param>
    /// <param name="levelsB">Its levels.</param>
    public CrossScore Of(ReadOnlySpan<int> a, int levelsA, ReadOnlySpan<int> b, int levelsB)
    {
        var cells = levelsA * levelsB;
        var replicates = multipliers[0].Length;
        var (scores, weights) = (new double[cells], new double[cells]);
        for (var i = 0; i < residuals.Length; i++)
        {
            var cell = a[i] * levelsB + b[i];
            scores[cell] += residuals[i];
            weights[cell] += variances[i];
        }
        var additive = new AdditiveTable(weights, levelsA, levelsB);
        // Else the statistic and its null are both rounding, and their ratio anything.
        if (additive.Interactions == 0)
            return new(0, 0, 0, 1, 0);
        var (alpha, beta) = additive.Fit(scores);
        // The null is imposed: what main effects explain of the residuals is taken off each row.
        var replicated = new double[cells][];
        for (var c = 0; c < cells; c++)
            replicated[c] = weights[c] > 0 ? new double[replicates] : [];
        for (var i = 0; i < residuals.Length; i++)
        {
            var into = replicated[a[i] * levelsB + b[i]];
            if (into.Length == 0)
                continue;
            var left = residuals[i] - variances[i] * (alpha[a[i]] + beta[b[i]]);
            TensorPrimitives.MultiplyAdd(multipliers[clusters[i]], left, into, into);
        }
        var observed = additive.Statistic(scores);
        double sum = 0,
            squares = 0;
        var one = new double[cells];
        for (var r = 0; r < replicates; r++)
        {
            for (var c = 0; c < cells; c++)
                one[c] = replicated[c].Length == 0 ? 0 : replicated[c][r];
            var t = additive.Statistic(one);
            sum += t;
            squares += t * t;
        }
        var mean = sum / replicates;
        var variance = (squares - replicates * mean * mean) / (replicates - 1);
        if (!(mean > 0) || !(variance > 0))
            return new(observed, mean, 0, 1, 0);
        var freedom = 2 * mean * mean / variance;
        var p = 1 - ChiSquared.CDF(freedom, observed * freedom / mean);
        return new(observed, mean, freedom, p, (observed - mean) / 2 / residuals.Length);
    }
}

/// <summary>Weighted least squares of a table on its rows and columns.</summary>
internal sealed class AdditiveTable
{
    private readonly double[] weights;
    private readonly double[] ofA;
    private readonly Matrix<double> inverse;
    private readonly int levelsB;

    public AdditiveTable(double[] weights, int levelsA, int levelsB)
    {
        (this.weights, this.levelsB) = (weights, levelsB);
        ofA = new double[levelsA];
        for (var c = 0; c < weights.Length; c++)
            ofA[c / levelsB] += weights[c];
        // Rows eliminated; what is left has no full rank (a constant may move between rows and columns).
        var system = Matrix<double>.Build.Dense(levelsB, levelsB);
        for (var c = 0; c < weights.Length; c++)
            system[c % levelsB, c % levelsB] += weights[c];
        for (var i = 0; i < levelsA; i++)
        for (var j = 0; ofA[i] > 0 && j < levelsB; j++)
        for (var k = 0; k < levelsB; k++)
            system[j, k] -= weights[i * levelsB + j] * weights[i * levelsB + k] / ofA[i];
        inverse = system.PseudoInverse();
    }

    /// <summary>
    /// Effects of cells beyond those of rows and columns: filled cells, less the rank of the main effects (rows and columns
    /// that are filled, less one for each part of the table that shares none with the others). 0 where one variable tells the other.
    /// </summary>
    public int Interactions
    {
        get
        {
            var part = Enumerable.Range(0, ofA.Length + levelsB).ToArray();
            int Root(int node) => part[node] == node ? node : part[node] = Root(part[node]);
            var (cells, joined) = (0, 0);
            for (var c = 0; c < weights.Length; c++)
            {
                if (!(weights[c] > 0))
                    continue;
                cells++;
                var (row, column) = (c / levelsB, ofA.Length + c % levelsB);
                if (Root(row) == Root(column))
                    continue;
                part[Root(row)] = Root(column);
                joined++;
            }
            // Rows and columns less parts are the joins of a spanning forest.
            return cells - joined;
        }
    }

    /// <summary>Effects of rows and columns that explain most of the scores.</summary>
    public (double[] A, double[] B) Fit(double[] scores)
    {
        var right = new double[levelsB];
        var rows = new double[ofA.Length];
        for (var c = 0; c < scores.Length; c++)
        {
            rows[c / levelsB] += scores[c];
            right[c % levelsB] += scores[c];
        }
        for (var c = 0; c < scores.Length; c++)
            if (ofA[c / levelsB] > 0)
                right[c % levelsB] -= weights[c] * rows[c / levelsB] / ofA[c / levelsB];
        var beta = (inverse * Vector<double>.Build.DenseOfArray(right)).ToArray();
        for (var c = 0; c < scores.Length; c++)
            rows[c / levelsB] -= weights[c] * beta[c % levelsB];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = ofA[i] > 0 ? rows[i] / ofA[i] : 0;
        return (rows, beta);
    }

    /// <summary>Σ U²/W of what rows and columns leave of the scores.</summary>
    public double Statistic(double[] scores)
    {
        var (alpha, beta) = Fit(scores);
        var sum = 0.0;
        for (var c = 0; c < scores.Length; c++)
            if (weights[c] > 0)
            {
                var left = scores[c] - weights[c] * (alpha[c / levelsB] + beta[c % levelsB]);
                sum += left * left / weights[c];
            }
        return sum;
    }
}
