using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Assay.Studies.Surrogates;

/// <summary>
/// ML.NET's trainers: one tree of FastTree, and its boosted additive model (Lou, Caruana and Gehrke, KDD 2012). One thread, so that
/// the result is the same again.
/// </summary>
internal static class LibraryTrainer
{
    private const int FewestPerLeaf = 10;

    // Twice as much in all as the library's default of 9,500 rounds of 0.002, which leaves peaks too low.
    private const double Learning = 38;

    /// <summary>The structure of a tree: splits are numbered from 0, and a child below 0 is leaf ~child.</summary>
    internal sealed record Splits(int[] Column, double[] Threshold, int[] Lower, int[] Upper);

    /// <summary>A regression tree of the fitted rows.</summary>
    public static Splits Tree(IReadOnlyList<SurrogateColumn> columns, double[] targets, int[] fitted, int leaves)
    {
        var context = new MLContext(seed: 1);
        var trained = context
            .Regression.Trainers.FastTree(
                new FastTreeRegressionTrainer.Options
                {
                    NumberOfTrees = 1,
                    NumberOfLeaves = leaves,
                    MinimumExampleCountPerLeaf = Math.Max(FewestPerLeaf, fitted.Length / 500),
                    LearningRate = 1,
                    NumberOfThreads = 1,
                    MaximumBinCountPerFeature = 255,
                }
            )
            .Fit(View(context, columns, targets, fitted));
        var tree = trained.Model.TrainedTreeEnsemble.Trees[0];
        return new(
            [.. tree.NumericalSplitFeatureIndexes],
            [.. tree.NumericalSplitThresholds.Select(t => (double)t)],
            [.. tree.LeftChild],
            [.. tree.RightChild]
        );
    }

    /// <summary>A step function for each column: what is added up to each bound.</summary>
    public static (double UpTo, double Effect)[][] Additive(
        IReadOnlyList<SurrogateColumn> columns,
        double[] targets,
        int[] fitted,
        int rounds
    )
    {
        var context = new MLContext(seed: 1);
        var trained = context
            .Regression.Trainers.Gam(
                new GamRegressionTrainer.Options
                {
                    NumberOfIterations = rounds,
                    LearningRate = Learning / rounds,
                    MinimumExampleCountPerLeaf = FewestPerLeaf,
                    NumberOfThreads = 1,
                }
            )
            .Fit(View(context, columns, targets, fitted));
        var model = trained.Model;
        return
        [
            .. columns.Select(
                (_, c) => ((double, double)[])[.. model.GetBinUpperBounds(c).Zip(model.GetBinEffects(c))]
            ),
        ];
    }

    private static IDataView View(
        MLContext context,
        IReadOnlyList<SurrogateColumn> columns,
        double[] targets,
        int[] fitted
    )
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns.Count);
        return context.Data.LoadFromEnumerable(
            fitted.Select(r => new Example
            {
                Label = (float)targets[r],
                Features = [.. columns.Select(c => (float)c.Values[r])],
            }),
            schema
        );
    }

    private sealed class Example
    {
        public float Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
