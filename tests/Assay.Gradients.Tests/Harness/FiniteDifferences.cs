using Assay.Onnx;

namespace Assay.Gradients.Tests;

/// <summary>Gradients by central differences in double precision.</summary>
internal static class FiniteDifferences
{
    // The five-point formula errs by h⁴ in truncation and ε/h in rounding; h = ε^(1/5) makes both about ε^(4/5) = 3e-13.
    public const double Step = 7.4e-4;

    /// <summary>∂f/∂x for each element of each input in <paramref name="wrt"/>.</summary>
    public static double[][] Gradient(Problem problem, IReadOnlyList<string> wrt, double step = Step)
    {
        var weights = problem.Weights();
        using var session = Problem.Open(problem.Model, problem.Outputs);
        double Value(IReadOnlyDictionary<string, TensorData> feeds)
        {
            var outputs = session.Run(feeds, problem.Outputs);
            var sum = 0.0;
            for (var o = 0; o < weights.Length; o++)
            {
                var w = weights[o].Span<double>();
                var y = outputs[problem.Outputs[o]].Span<double>();
                for (var i = 0; i < w.Length; i++)
                    sum += w[i] * y[i];
            }
            return sum;
        }
        return [.. wrt.Select(name => OfInput(problem.Feeds, name, Value, step))];
    }

    /// <summary>The largest difference relative to the largest element (or to 1e-3 where all are smaller).</summary>
    public static double Error(double[] expected, double[] actual)
    {
        actual.Length.ShouldBe(expected.Length);
        var scale = expected.Append(1e-3).Max(Math.Abs);
        return expected
            .Zip(actual, (e, a) => double.IsFinite(a) ? Math.Abs(e - a) / scale : double.PositiveInfinity)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static double[] OfInput(
        IReadOnlyDictionary<string, TensorData> feeds,
        string name,
        Func<IReadOnlyDictionary<string, TensorData>, double> f,
        double step
    )
    {
        var x = (double[])feeds[name].Values.Clone();
        var moved = new Dictionary<string, TensorData>(feeds) { [name] = TensorData.From(x, feeds[name].Dims) };
        var gradient = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var centre = x[i];
            double At(double h)
            {
                x[i] = centre + h;
                return f(moved);
            }
            gradient[i] = (8 * (At(step) - At(-step)) - (At(2 * step) - At(-2 * step))) / (12 * step);
            x[i] = centre;
        }
        return gradient;
    }
}
