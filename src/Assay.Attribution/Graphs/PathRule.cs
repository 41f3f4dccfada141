using System.Globalization;
using Assay.Attribution.Methods;
using Assay.Onnx;

namespace Assay.Attribution.Graphs;

/// <summary>How the integral along a path is approximated.</summary>
/// <param name="Name">Public name.</param>
/// <param name="Grading">The power by which intervals are graded towards the baseline; 1 for equal ones.</param>
/// <param name="Points">Where on [0, 1] the model is evaluated.</param>
/// <param name="Weights">What the gradient at each point, or the slope over each interval between them, is weighted with.</param>
internal sealed record PathRule(string Name, double Grading, double[] Points, double[] Weights)
{
    /// <summary>
    /// How many resolutions of the secant rule one graph returns: with 3 also those of half and of a quarter of the
    /// intervals, which share its points.
    /// </summary>
    public int Levels { get; init; } = 1;

    /// <summary>Two rules of equal keys have the same graph.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Name} {Weights.Length} {Grading} {Levels}");

    /// <summary>Public name of the quadrature by nodes.</summary>
    public const string GaussLegendreName = "gauss-legendre";

    /// <summary>Public name of the rule of slopes.</summary>
    public const string SecantName = "secant";

    /// <summary>Public name of the choice between both.</summary>
    public const string AutoName = "auto";

    /// <summary>Whether slopes over intervals are taken instead of gradients at points.</summary>
    public bool IsSecant => Name == SecantName;

    /// <summary>The rule of that name with n nodes or intervals.</summary>
    public static PathRule Of(string name, int n, double grading = 1)
    {
        if (name != SecantName)
        {
            var (nodes, weights) = GaussLegendre.UnitInterval(n);
            return new(GaussLegendreName, 1, nodes, weights);
        }
        double[] points = [.. Enumerable.Range(0, n + 1).Select(i => Math.Pow((double)i / n, grading))];
        return new(SecantName, grading, points, [.. points.Skip(1).Zip(points, (upper, lower) => upper - lower)]);
    }

    /// <summary>Throws where the rule needs all its points in one graph, which this model does not allow.</summary>
    public static void RequireNodes(PathRule rule)
    {
        if (rule.IsSecant)
            throw NotFollowed();
    }

    /// <summary>The error for a model through which rows cannot be followed.</summary>
    public static AssayException NotFollowed() =>
        AssayException.Input(
            $"Slopes over intervals need rows that can be followed through the model; use integrated-gradients by the rule {GaussLegendreName}."
        );
}
