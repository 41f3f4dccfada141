using Assay.Attribution.Games;
using Assay.Attribution.Methods;
using Assay.Attribution.Tests.Games;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Tests;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Lime;

/// <summary>LIME against closed forms: linear models, the mean of differences, Shapley values.</summary>
public sealed class LimeTests
{
    private static readonly float[] Weights = [.. Enumerable.Range(0, 20).Select(i => i % 7 - 3f + 0.5f * (i % 2))];

    private static Explainer Linear(int features, int? budget = null, double? precision = null)
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "batch", features)
            .Tensor("w", TensorData.From(Weights[..features], features, 1))
            .Tensor("b", TensorData.From([0.25f], 1))
            .Node("Gemm x w b -> score")
            .Output("score", DataType.Float, "batch", 1)
            .Load();
        var settings = new ExplainSettings
        {
            Method = "lime",
            Budget = budget,
            Precision = precision,
        };
        return Explainer.Open(model, FeatureSlot.FromInputs(model), settings);
    }

    private static Dictionary<string, TensorData> Rows(int features) =>
        new()
        {
            ["x"] = TensorData.From<float>([.. Enumerable.Range(0, 2 * features).Select(i => 1 + i % 3)], 2, features),
        };

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void A_linear_model_is_said_exactly_but_for_the_ridge(int features)
    {
        using var explainer = Linear(features);
        var result = explainer.Explain(Rows(features));
        for (var i = 0; i < 2 * features; i++)
            result.Attributions[i].ShouldBe(Weights[i % features] * (1 + i % 3), 1e-3 * 9);
        result.Fidelity!.ShouldAllBe(r => r > 0.9999 && r <= 1);
        result.CompletenessGap.ShouldBeNull();
    }

    [Fact]
    public void The_budget_is_kept_and_too_small_a_one_is_refused()
    {
        using var explainer = Linear(20, budget: 101);
        explainer.Explain(Rows(20)).Evaluations!.ShouldAllBe(e => e > 90 && e <= 101);
        using var poor = Linear(20, budget: 45);
        var error = Should.Throw<AssayException>(() => poor.Explain(Rows(20)));
        error.Fault.ShouldBe(Fault.Usage);
        error.Message.ShouldContain("46");
    }

    [Fact]
    public void A_precision_stops_early()
    {
        using var explainer = Linear(20, precision: 0.1);
        explainer.Explain(Rows(20)).Evaluations!.ShouldAllBe(e => e < 640);
    }

    [Fact]
    public void With_the_shapley_kernel_all_coalitions_and_no_ridge_slopes_are_shapley_values()
    {
        // Lundberg and Lee 2017, theorem 2; the kernel's infinite weights of nobody and of all are 1e7 here.
        const int Players = 6;
        double[] a = [1.5, 0.2, -1, 2, 0.7, 1.1];
        double[] b = [1, 1, 0.5, 1.2, 0.9, 1];
        var value = FunctionGames.Product(a, b);
        var coalitions = new Coalitions(Players);
        var (values, weights) = (new List<double>(), new List<double>());
        for (var bits = 0; bits < 1 << (Players - 1); bits++)
        {
            var at = coalitions.Add([(ulong)bits]);
            coalitions.AddComplement(at);
            for (var i = at; i < at + 2; i++)
            {
                var coalition = i;
                values.Add(value([.. Enumerable.Range(0, Players).Select(p => coalitions[coalition, p])]));
                var size = coalitions.Size(i);
                weights.Add(
                    size is 0 or Players ? 1e7 : (Players - 1) / (Binomial(Players, size) * size * (Players - size))
                );
            }
        }
        var fit = LocalFit.OfPairs(coalitions, [.. values], [.. weights], ridge: 0);
        fit.Slopes.ShouldBe(FunctionGames.ProductValues(a, b), 1e-5);
    }

    [Fact]
    public void All_coalitions_by_the_closed_form_are_the_regression()
    {
        const int Players = 5;
        var value = FunctionGames.Product([1.5, 0.2, -1, 2, 0.7], [1, 1, 0.5, 1.2, 0.9]);
        var (whole, coalitions) = (new LimeEnumeration(Players), new Coalitions(Players));
        whole.Begin(value(new bool[Players]), value([true, true, true, true, true]));
        var wanted = new Coalitions(Players);
        whole.Ask(wanted, 100);
        double Value(Coalitions c, int i) => value([.. Enumerable.Range(0, Players).Select(p => c[i, p])]);
        whole.Tell(wanted, [.. Enumerable.Range(0, wanted.Count).Select(i => Value(wanted, i))]);
        for (var bits = 0; bits < 1 << (Players - 1); bits++)
            coalitions.AddComplement(coalitions.Add([(ulong)bits]));
        var regression = LocalFit.OfPairs(
            coalitions,
            [.. Enumerable.Range(0, coalitions.Count).Select(i => Value(coalitions, i))],
            [.. Enumerable.Range(0, coalitions.Count).Select(i => LimeKernel.Weight(coalitions.Size(i), Players))],
            LimeKernel.Ridge
        );
        whole.Estimate().Values.ShouldBe(regression.Slopes, 1e-12);
        // The regression's R² is by degrees of freedom: 26 of 31.
        (1 - whole.Fidelity).ShouldBe((1 - regression.Fidelity) * 26 / 31, 1e-12);
    }

    [Fact]
    public void Standard_errors_say_how_far_slopes_lie_from_those_of_all_coalitions()
    {
        const int Players = 10;
        double[] a = [1.5, 0.2, -1, 2, 0.7, 1.1, 0.8, 1.3, -0.4, 1],
            b = [1, 1, 0.5, 1.2, 0.9, 1, 1.1, 0.7, 0.6, 1.4];
        var value = FunctionGames.Product(a, b);
        var truth = Played(1, 1 << Players, value, _ => new LimeEnumeration(Players))[0].Values;
        var runs = Played(
            200,
            200,
            value,
            g => new LimeSampler(Players, new CounterRandom(1, "lime test", (ulong)g), false)
        );
        var inside = 0;
        foreach (var run in runs)
            for (var p = 0; p < Players; p++)
                // Student's t of 98 − 11 = 87 or more degrees of freedom, 95 %.
                if (Math.Abs(run.Values[p] - truth[p]) <= 1.99 * run.StandardErrors[p])
                    inside++;
        (inside / (200.0 * Players)).ShouldBeInRange(0.92, 0.98);
    }

    private static ShapleyEstimate[] Played(
        int games,
        int budget,
        Func<bool[], double> value,
        Func<int, IGameEstimator> make
    ) =>
        [
            .. GameDriver
                .Run(new FunctionGames(10, [.. Enumerable.Repeat(value, games)]), budget, null, make)
                .Select(p => p.Estimate),
        ];

    [Fact]
    public void What_is_not_linear_is_said_to_be_unfaithful()
    {
        // v = −1 or 1 by the parity of who is present: no linear model says anything of it.
        var parity = Played(
            1,
            600,
            p => p.Count(x => x) % 2 == 0 ? 1 : -1,
            g => new LimeSampler(10, new CounterRandom(1, "lime test"), false)
        );
        parity[0].Values.ShouldAllBe(v => Math.Abs(v) < 0.5);
        var sampler = new LimeSampler(10, new CounterRandom(2, "lime test"), false);
        GameDriver.Run(new FunctionGames(10, p => p[0] ^ p[1] ? 1 : 0), 600, null, _ => sampler);
        sampler.Fidelity.ShouldBeLessThan(0.1);
    }

    private static double Binomial(int n, int k) =>
        Enumerable.Range(1, k).Aggregate(1.0, (c, i) => c * (n - k + i) / i);
}
