using Assay.Onnx;
using Assay.Training;
using MathNet.Numerics.Distributions;

namespace Assay.Studies.Tests;

/// <summary>
/// A world in which country and product have an effect together that the given, additive network cannot say. The truth knows what
/// the best additive network loses against the world itself: that is what adding the cross must gain.
/// </summary>
public sealed class CrossStepTests : IDisposable
{
    private const double Cross = 0.5;
    private readonly TinyWorld world = new(seed: 10, cross: Cross);
    private readonly TinyWorld training = new(seed: 11, cross: Cross);

    public void Dispose()
    {
        world.Dispose();
        training.Dispose();
    }

    private StudyResult Run(string crosses)
    {
        var study = world.Folder.File(
            "crossed.yaml",
            TinyWorld.Yaml
                + $$"""

                crosses: {{crosses}}
                retrain:
                  train: {{training.Folder["explain.parquet"]}}
                  valid: {{training.Folder["holdout.parquet"]}}
                  epochs: 12
                  batch: 256
                  learning_rate: 0.03
                  weight_decay: 0
                  oov_dropout: 0
                  drop: none
                  shuffle: false
                """
        );
        return world.Run("crossed", study: StudyDefinition.Load(study));
    }

    private static Estimate One(StudyResult result, string estimand, string method, string split, string feature) =>
        result.Estimates.Single(e =>
            e.Dimension == "overall" && (e.Estimand, e.Method, e.Split, e.Feature) == (estimand, method, split, feature)
        );

    [Fact]
    public void A_planted_cross_is_proposed_added_and_gains_what_the_truth_says()
    {
        var result = Run("{missing: 1}");
        var missing = result.Estimates.Where(e => e.Estimand == "missing_cross_logloss").ToArray();
        missing.Length.ShouldBe(6);
        missing.Where(e => e.PAdjusted < 0.05).Select(e => e.Feature).ShouldBe(["country*product"]);
        var truth = TrueGain();
        truth.ShouldBeGreaterThan(0.01);
        foreach (var split in (string[])["explain", "holdout"])
        {
            var refit = One(result, "cross_logloss", "refit", split, "country*product");
            refit.Low.ShouldBeLessThan(truth);
            refit.High.ShouldBeGreaterThan(truth);
            refit.Low.ShouldBeGreaterThan(0);
            // The given network's main effects are those of the world, not the best without the cross; hence not the truth above but near it.
            var table = One(result, "cross_logloss", "table", split, "country*product");
            table.Value.ShouldBe(truth, 0.3 * truth);
            table.Low.ShouldBeGreaterThan(0);
            One(result, "cross_auc", "refit", split, "country*product").Low.ShouldBeGreaterThan(0);
        }
        One(result, "cross_auc", "refit", "explain", "country*product").Replicated.ShouldBe("yes");
        result.Report.ShouldContain("## Crosses worth adding");
        // What is written is a network like any other: it says the same as the table did.
        var model = OnnxModel.Load(Path.Combine(result.Folder, "crosses", "country--product.onnx"));
        var rows = LabelledRows.Read(
            DataSource.FromFile(world.Folder["holdout.parquet"]),
            FeatureDictionary.Load(world.Folder["features.yaml"]).Bind(model),
            "label"
        );
        var loss = RefitScore.Of(model, null, rows).Score.LogLoss;
        var before = result.Estimates.Single(e =>
            e is { Estimand: "logloss", Method: "model", Split: "holdout", Dimension: "overall" }
        );
        (before.Value - loss).ShouldBe(One(result, "cross_logloss", "table", "holdout", "country*product").Value, 1e-5);
    }

    [Fact]
    public void A_cross_of_nothing_gains_nothing()
    {
        var result = Run("{try: [price*idle], missing: 0}");
        var refit = One(result, "cross_logloss", "refit", "holdout", "price*idle");
        refit.High.ShouldBeLessThan(0.005);
        refit.Low.ShouldBeLessThan(0);
        One(result, "cross_logloss", "table", "holdout", "price*idle").Value.ShouldBe(0, 0.002);
    }

    [Fact]
    public void Mistakes_are_said_in_one_line()
    {
        Should.Throw<AssayException>(() => Run("{try: [price]}")).Message.ShouldContain("write two features as A*B");
        Should.Throw<AssayException>(() => Run("{try: [price*idel]}")).Message.ShouldContain("'idle'");
    }

    /// <summary>Loss per row of the best additive network less that of the world, over the population by quadrature.</summary>
    private static double TrueGain()
    {
        var cells = (
            from country in Enumerable.Range(1, 3)
            from product in Enumerable.Range(1, 5)
            from k in Enumerable.Range(0, 60)
            let price = Normal.InvCDF(0.5, 1, (k + 0.5) / 60)
            select (country, product, price, P: 1 / (1 + Math.Exp(-TinyWorld.Logit(country, product, price, Cross))))
        ).ToArray();
        var x = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(
            cells.Length,
            8,
            (i, j) =>
                j == 0 ? 1
                : j == 1 ? cells[i].price
                : j < 4 ? (cells[i].country == j ? 1 : 0)
                : cells[i].product == j - 2 ? 1
                : 0
        );
        var w = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(8);
        for (var step = 0; step < 30; step++)
        {
            var q = (x * w).Map(z => 1 / (1 + Math.Exp(-z)));
            var gradient = x.Transpose() * q.MapIndexed((i, v) => v - cells[i].P);
            var hessian =
                x.Transpose()
                * MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(
                    cells.Length,
                    8,
                    (i, j) => q[i] * (1 - q[i]) * x[i, j]
                );
            w -= hessian.Solve(gradient);
        }
        var fitted = x * w;
        return cells
            .Select(
                (c, i) =>
                {
                    var q = 1 / (1 + Math.Exp(-fitted[i]));
                    return c.P * Math.Log(c.P / q) + (1 - c.P) * Math.Log((1 - c.P) / (1 - q));
                }
            )
            .Average();
    }
}
