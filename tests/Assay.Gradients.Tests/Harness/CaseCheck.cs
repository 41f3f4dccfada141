using System.Collections.Concurrent;
using Assay.Onnx;
using Assay.Runtime;

namespace Assay.Gradients.Tests;

/// <summary>Checks a case against finite differences with shapes known, symbolic and unknown, and to second order.</summary>
internal static class CaseCheck
{
    /// <summary>Largest relative error accepted. Finite differences err by about 3e-13 × condition; second order by more.</summary>
    public const double FirstOrder = 1e-8,
        SecondOrder = 1e-7;

    private static readonly ConcurrentDictionary<string, (double First, double Second)> Done = [];

    /// <summary>The worst relative errors found; throws where one exceeds what is accepted.</summary>
    public static (double First, double Second) Run(Case row) =>
        Done.GetOrAdd(row.Label + Described(row), _ => Check(row));

    /// <summary>First order at another opset, with shapes known.</summary>
    public static void RunAt(Case row, int opset)
    {
        var problem = CaseModel.Of(row.At(opset));
        var expected = FiniteDifferences.Gradient(problem, problem.Wrt);
        Compare(row.At(opset), "known shapes", problem, problem.Gradient(problem.Measure()), problem.Wrt, expected);
    }

    private static string Described(Case row) =>
        string.Join(';', row.Inputs.Select(i => string.Join(',', i.Dims)))
        + string.Join(';', row.Attributes.Select(a => $"{a.Name}={a.Value}"));

    private static (double, double) Check(Case row)
    {
        var problem = CaseModel.Of(row);
        var expected = FiniteDifferences.Gradient(problem, problem.Wrt);
        var known = problem.Measure();
        var first = Compare(row, "known shapes", problem, problem.Gradient(known), problem.Wrt, expected);
        for (var i = 0; i < problem.Wrt.Length && problem.Wrt.Length > 1; i++)
            One(row, problem, known, problem.Wrt[i], expected[i]);
        var symbolic = CaseModel.Of(row, symbolic: true);
        var refused = row.NeedsShapes;
        CompareOrRefuse(
            row,
            "symbolic shapes",
            symbolic,
            symbolic.Measure(),
            expected,
            row.NeedsSizes ? refused : null
        );
        CompareOrRefuse(row, "unknown shapes", problem, ShapeTable.Empty, expected, refused);
        return (first, row.Order < 2 ? 0 : Second(row, problem.Gradient(known)));
    }

    // The other inputs need no gradient.
    private static void One(Case row, Problem problem, ShapeTable shapes, string wrt, double[] expected) =>
        Compare(row, $"only {wrt}", problem, problem.Gradient(shapes, wrt), [wrt], [expected]);

    private static void CompareOrRefuse(
        Case row,
        string how,
        Problem problem,
        ShapeTable shapes,
        double[][] expected,
        string? refusal
    )
    {
        if (refusal is null)
        {
            Compare(row, how, problem, problem.Gradient(shapes), problem.Wrt, expected);
            return;
        }
        var error = Should.Throw<AssayException>(() => problem.Gradient(shapes).Run(), $"{row.Label}, {how}");
        error.Message.ShouldContain(refusal);
        error.Message.ShouldNotContain("\n");
    }

    private static double Second(Case row, Problem gradient)
    {
        gradient = gradient.Summed();
        var expected = FiniteDifferences.Gradient(gradient, gradient.Wrt);
        var second = gradient.Gradient(gradient.Measure());
        return Compare(row, "second order", gradient, second, gradient.Wrt, expected, SecondOrder);
    }

    private static double Compare(
        Case row,
        string how,
        Problem problem,
        Problem gradient,
        string[] wrt,
        double[][] expected,
        double accepted = FirstOrder
    )
    {
        var actual = gradient.Run();
        actual.Length.ShouldBe(wrt.Length);
        var worst = 0.0;
        for (var i = 0; i < actual.Length; i++)
        {
            actual[i].Dims.ShouldBe(problem.Feeds[wrt[i]].Dims, $"{row.Label}, {how}: shape of gradient {i}");
            var error = FiniteDifferences.Error(expected[i], actual[i].ToDoubles());
            error.ShouldBeLessThan(
                accepted,
                $"{row.Label}, {how}, gradient {i}, seed {CaseModel.Seed}: expected [{string.Join(", ", expected[i])}], "
                    + $"got [{string.Join(", ", actual[i].ToDoubles())}]"
            );
            worst = Math.Max(worst, error);
        }
        return worst;
    }
}
