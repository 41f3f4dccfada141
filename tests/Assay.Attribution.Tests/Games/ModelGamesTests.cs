using Assay.Attribution.Games;
using Assay.Onnx;
using Assay.Tests;
using Shouldly;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Attribution.Tests.Games;

/// <summary>The games of a model whose values can be written down: f(x) = x₀x₁ + 2x₂.</summary>
public class ModelGamesTests
{
    private static readonly float[] Rows = [1, 2, 3, -1, 4, 0.5f];

    private static double F(double a, double b, double c) => a * b + 2 * c;

    public static TheoryData<string> Kinds => ["zero", "rows", "background"];

    [Theory, MemberData(nameof(Kinds))]
    public void Values_are_the_function_at_mixed_rows(string kind)
    {
        var model = new SmallModel(20)
            .Input("x", DataType.Float, "batch", 3)
            .Tensor("zero", TensorData.Int64s(0))
            .Tensor("one", TensorData.Int64s(1))
            .Tensor("two", TensorData.Int64s(2))
            .Tensor("twice", TensorData.Scalar(2f))
            .Tensor("last", TensorData.Int64s(1))
            .Node("Gather x zero -> a", ("axis", 1L))
            .Node("Gather x one -> b", ("axis", 1L))
            .Node("Gather x two -> c", ("axis", 1L))
            .Node("Mul a b -> ab")
            .Node("Mul c twice -> cc")
            .Node("Add ab cc -> y")
            .Node("Squeeze y last -> logit")
            .Output("logit", DataType.Float, "batch")
            .Load();
        double[][] baselines = kind switch
        {
            "zero" =>
            [
                [0, 0, 0],
            ],
            "rows" =>
            [
                [0.5, -1, 2],
            ],
            _ =>
            [
                [0.5, -1, 2],
                [1, 1, 1],
            ],
        };
        var given = new Dictionary<string, TensorData>
        {
            ["x"] = TensorData.From([.. baselines.SelectMany(b => b).Select(v => (float)v)], baselines.Length, 3),
        };
        var settings = new ExplainSettings
        {
            Method = "feature-ablation",
            Baseline = kind == "rows" ? Baseline.Rows(given) : Baseline.Zero,
            Background = kind == "background" ? given : null,
        };
        using var explained = new ExplainedModel(model, FeatureSlot.FromInputs(model), settings);
        var games = new ModelGames(
            explained,
            new Dictionary<string, TensorData> { ["x"] = TensorData.From(Rows, 2, 3) }
        );
        games.EvaluationsPerCoalition.ShouldBe(baselines.Length);

        var coalitions = new Coalitions(3);
        var game = new int[16];
        for (var i = 0; i < 16; i++)
        {
            game[i] = i / 8;
            coalitions.Add([(ulong)(i % 8)]);
        }
        var values = new double[16];
        games.Evaluate(game, coalitions, values);
        for (var i = 0; i < 16; i++)
        {
            double At(int p, double[] b) => coalitions[i, p] ? Rows[3 * game[i] + p] : b[p];
            values[i].ShouldBe(baselines.Average(b => F(At(0, b), At(1, b), At(2, b))), 1e-6);
        }
    }
}
