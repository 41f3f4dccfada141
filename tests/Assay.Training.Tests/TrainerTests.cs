using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Training.Tests;

public sealed class TrainerTests
{
    /// <summary>
    /// By hand: with w = 0 every p is ½, so ∂loss/∂w = mean((½ − y) x) and ∂loss/∂b = mean(½ − y); the loss is log 2.
    /// </summary>
    [Fact]
    public void Gradient_of_a_step_is_that_computed_by_hand()
    {
        var rows = Graphs.Rows("x", TensorData.From([1f, 2f, 3f, -1f, 0f, 4f], 3, 2), 1, 0, 1);
        using var run = new TrainingRun(Graphs.Logistic(2), "logit", ["w", "b"], rows, new TrainingOptions());
        var outputs = run.Gradients([0, 1, 2]);
        outputs[run.Graph.Loss].Span<float>()[0].ShouldBe(MathF.Log(2), 1e-6f);
        var w = outputs[run.Graph.Gradients.Single(g => g.Parameter == "w").Gradient].Span<float>();
        w[0].ShouldBe((-0.5f * 1 + 0.5f * 3 - 0.5f * 0) / 3, 1e-6f);
        w[1].ShouldBe((-0.5f * 2 + 0.5f * -1 - 0.5f * 4) / 3, 1e-6f);
        outputs[run.Graph.Gradients.Single(g => g.Parameter == "b").Gradient]
            .Span<float>()[0]
            .ShouldBe(-0.5f / 3, 1e-6f);
    }

    /// <summary>The first step of Adam has the size of the learning rate, whatever the gradient (Kingma and Ba, §2.1).</summary>
    [Fact]
    public void A_lookup_moves_the_rows_read_and_no_others()
    {
        var rows = Graphs.Rows("ids", TensorData.From([3L, 3L, 1L, 3L], 2, 2), 1, 0);
        using var run = new TrainingRun(Graphs.Lookup(6, 2), "logit", ["table"], rows, new TrainingOptions());
        run.Graph.Gradients.Single().Rows.ShouldNotBeNull();
        run.Step([0, 1], 0.01);
        // Row 3: read twice by the positive and once by the negative row, so its gradient is negative; row 1 the reverse.
        var table = (float[])run.Snapshot()["table"].Values;
        table.ShouldBe([0, -0.01f, 0, 0.01f, 0, 0], 1e-6);
    }

    /// <summary>By hand: rows 3 and 1 have the gradients −¼ and ¼; decay shrinks what is looked up, and the rest when settled.</summary>
    [Fact]
    public void Gradient_descent_steps_by_rate_times_gradient_and_decays_every_row()
    {
        var rows = Graphs.Rows("ids", TensorData.From([3L, 3L, 1L, 3L], 2, 2), 1, 0);
        var model = Graphs.Lookup(4, 2);
        var options = new TrainingOptions { Optimiser = Optimiser.Sgd, WeightDecay = 0.5 };
        model.Graph.SetInitialiser("table", TensorData.From([2f, 0f, 4f, 0f], 4, 1));
        using var run = new TrainingRun(model, "logit", ["table"], rows, options);
        run.Step([0, 1], 0.2);
        ((float[])run.Snapshot()["table"].Values).ShouldBe([2, -0.05f, 4, 0.05f], 1e-6);
        run.Settle();
        ((float[])run.Snapshot()["table"].Values).ShouldBe([1.8f, -0.05f, 3.6f, 0.05f], 1e-6);
    }

    /// <summary>By hand: row 2 gets ¼ − ½ from its two lookups, so one step up, not one down and one up.</summary>
    [Fact]
    public void Lookups_of_one_table_are_summed_before_the_step()
    {
        var rows = Graphs.Rows("ids", TensorData.From([1L, 2L, 2L, 3L], 2, 2), 1, 0);
        using var run = new TrainingRun(Graphs.TwoLookups(5), "logit", ["table"], rows, new TrainingOptions());
        run.Graph.Gradients.Count.ShouldBe(2);
        run.Step([0, 1], 0.01);
        ((float[])run.Snapshot()["table"].Values).ShouldBe([0, 0.01f, 0.01f, -0.01f, 0], 1e-6);
    }

    /// <summary>Oracle: the same sum written piece by piece, whose lookups have gradients of their own.</summary>
    [Fact]
    public void Lookups_that_are_joined_share_one_gradient_and_are_fitted_as_if_apart()
    {
        const int count = 40;
        var random = new CounterRandom(6, "pieces");
        var ids = new long[count * 3];
        var x = new float[count * 2];
        var labels = new float[count];
        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < 3; k++)
                ids[3 * i + k] = random.NextInt(k == 0 ? 5 : 4) - (k == 2 ? 4 : 0);
            (x[2 * i], x[2 * i + 1]) = ((float)random.NextNormal(), (float)random.NextNormal());
            labels[i] = random.NextInt(2);
        }
        var rows = new TrainingRows(
            new Dictionary<string, TensorData>
            {
                ["ids"] = TensorData.From(ids, count, 3),
                ["x"] = TensorData.From(x, count, 2),
            },
            labels
        );
        Dictionary<string, TensorData> Fitted(bool joined, int gradients)
        {
            using var run = new TrainingRun(
                Graphs.Pieces(joined),
                "logit",
                ["a", "b"],
                rows,
                new TrainingOptions { WeightDecay = 1 }
            );
            run.Graph.Gradients.Select(g => g.Gradient).Distinct().Count().ShouldBe(gradients);
            for (var step = 0; step < 12; step++)
                run.Step([.. Enumerable.Range(0, 7).Select(i => (11 * step + 3 * i) % count)], 0.01);
            return run.Snapshot();
        }
        var (together, apart) = (Fitted(true, 1), Fitted(false, 3));
        foreach (var table in new[] { "a", "b" })
            together[table].ToDoubles().ShouldBe(apart[table].ToDoubles(), 1e-4);
    }

    [Fact]
    public void A_very_large_logit_has_a_finite_loss_and_gradient()
    {
        var rows = Graphs.Rows("x", TensorData.From([400f, -400f], 2, 1), 0, 1);
        var model = Graphs.Logistic(1);
        model.Graph.SetInitialiser("w", TensorData.From([1f], 1, 1));
        using var run = new TrainingRun(model, "logit", ["w", "b"], rows, new TrainingOptions());
        var outputs = run.Gradients([0, 1]);
        outputs[run.Graph.Loss].Span<float>()[0].ShouldBe(400, 1e-3f);
        outputs[run.Graph.Gradients.Single(g => g.Parameter == "w").Gradient].Span<float>()[0].ShouldBe(400, 1e-3f);
    }

    /// <summary>Oracle: the maximum-likelihood solution by Newton's method (iteratively reweighted least squares).</summary>
    [Fact]
    public void A_logistic_regression_fitted_to_the_end_is_the_maximum_likelihood_solution()
    {
        const int count = 600;
        var random = new CounterRandom(3, "logistic");
        var x = new float[count * 2];
        var y = new float[count];
        for (var i = 0; i < count; i++)
        {
            x[2 * i] = (float)random.NextNormal();
            x[2 * i + 1] = (float)(0.5 * x[2 * i] + random.NextNormal());
            y[i] = random.NextBool(1 / (1 + Math.Exp(-(0.4 + 1.2 * x[2 * i] - 0.7 * x[2 * i + 1])))) ? 1 : 0;
        }
        var rows = Graphs.Rows("x", TensorData.From(x, count, 2), y);
        var options = new TrainingOptions
        {
            BatchRows = count,
            Epochs = 900,
            Patience = 900,
            LearningRate = 0.05,
            LearningRateDecay = 0.995,
        };
        var fitted = Fit(Graphs.Logistic(2), ["w", "b"], rows, rows, options).Model;
        var expected = Newton(x, y);
        var w = fitted.Graph.Constant("w")!.ToDoubles();
        w[0].ShouldBe(expected[0], 1e-3);
        w[1].ShouldBe(expected[1], 1e-3);
        fitted.Graph.Constant("b")!.ToDoubles()[0].ShouldBe(expected[2], 1e-3);
    }

    [Fact]
    public void A_hidden_layer_learns_an_interaction_without_main_effects()
    {
        var (rows, validation) = (Xor(4000, 1), Xor(1000, 2));
        var options = new TrainingOptions
        {
            BatchRows = 100,
            Epochs = 30,
            LearningRate = 0.01,
            Patience = 5,
        };
        var result = Fit(Graphs.OneHiddenLayer(2, 12, 1), ["w1", "b1", "w2", "b2"], rows, validation, options);
        // A constant has log 2 = .693; no linear model does better.
        result.ValidationLoss.ShouldBeLessThan(0.15);
        result.Epochs[0].Validation.ShouldBeGreaterThan(result.ValidationLoss);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] Bytes(ulong seed) =>
            Fit(
                Graphs.OneHiddenLayer(2, 8, 1),
                ["w1", "b1", "w2", "b2"],
                Xor(500, 1),
                Xor(200, 2),
                new TrainingOptions
                {
                    Seed = seed,
                    BatchRows = 64,
                    Epochs = 2,
                }
            )
                .Model.ToBytes();
        Bytes(1).ShouldBe(Bytes(1));
        Bytes(2).ShouldNotBe(Bytes(1));
    }

    [Fact]
    public void Fitting_stops_when_validation_gets_worse_and_keeps_the_best()
    {
        // Labels that contradict the training rows: every step makes the validation worse.
        var rows = Graphs.Rows("x", TensorData.From([1f, -1f], 2, 1), 1, 0);
        var against = Graphs.Rows("x", TensorData.From([1f, -1f], 2, 1), 0, 1);
        var result = Fit(
            Graphs.Logistic(1),
            ["w", "b"],
            rows,
            against,
            new TrainingOptions { Epochs = 50, Patience = 3 }
        );
        result.BestEpoch.ShouldBe(1);
        result.Epochs.Count.ShouldBe(4);
    }

    [Fact]
    public void Bad_rows_and_names_are_named()
    {
        Should
            .Throw<AssayException>(() => Graphs.Rows("x", TensorData.From([1f], 1, 1), 1, 0))
            .Message.ShouldContain("'x'");
        Should
            .Throw<AssayException>(() => Graphs.Rows("x", TensorData.From([1f], 1, 1), 2))
            .Message.ShouldContain("row 0");
        var rows = Graphs.Rows("x", TensorData.From([1f], 1, 1), 1);
        Should
            .Throw<AssayException>(() => Trainer.Fit(Graphs.Logistic(1), "logit", ["nope"], rows, rows))
            .Message.ShouldContain("'nope'");
        Should
            .Throw<AssayException>(() => Trainer.Fit(Graphs.Logistic(1), "nope", ["w"], rows, rows))
            .Message.ShouldContain("'nope'");
    }

    private static TrainingResult Fit(
        OnnxModel model,
        string[] parameters,
        TrainingRows rows,
        TrainingRows validation,
        TrainingOptions options
    ) =>
        Trainer.Fit(
            model,
            "logit",
            parameters,
            rows,
            validation,
            options,
            cancellation: TestContext.Current.CancellationToken
        );

    private static TrainingRows Xor(int count, ulong seed)
    {
        var random = new CounterRandom(seed, "xor");
        var x = new float[2 * count];
        var y = new float[count];
        for (var i = 0; i < count; i++)
        {
            x[2 * i] = (float)(2 * random.NextDouble() - 1);
            x[2 * i + 1] = (float)(2 * random.NextDouble() - 1);
            y[i] = x[2 * i] * x[2 * i + 1] > 0 ? 1 : 0;
        }
        return Graphs.Rows("x", TensorData.From(x, count, 2), y);
    }

    private static double[] Newton(float[] x, float[] y)
    {
        var beta = new double[3];
        for (var iteration = 0; iteration < 30; iteration++)
        {
            var gradient = new double[3];
            var hessian = new double[3, 3];
            for (var i = 0; i < y.Length; i++)
            {
                double[] row = [x[2 * i], x[2 * i + 1], 1];
                var p = 1 / (1 + Math.Exp(-row.Zip(beta, (a, b) => a * b).Sum()));
                for (var j = 0; j < 3; j++)
                {
                    gradient[j] += (y[i] - p) * row[j];
                    for (var k = 0; k < 3; k++)
                        hessian[j, k] += p * (1 - p) * row[j] * row[k];
                }
            }
            var delta = Solve(hessian, gradient);
            for (var j = 0; j < 3; j++)
                beta[j] += delta[j];
        }
        return beta;
    }

    /// <summary>Gaussian elimination; the matrix is positive definite.</summary>
    private static double[] Solve(double[,] a, double[] b)
    {
        for (var p = 0; p < 3; p++)
        for (var r = p + 1; r < 3; r++)
        {
            var f = a[r, p] / a[p, p];
            for (var c = p; c < 3; c++)
                a[r, c] -= f * a[p, c];
            b[r] -= f * b[p];
        }
        var x = new double[3];
        for (var r = 2; r >= 0; r--)
        {
            x[r] = b[r];
            for (var c = r + 1; c < 3; c++)
                x[r] -= a[r, c] * x[c];
            x[r] /= a[r, r];
        }
        return x;
    }
}
