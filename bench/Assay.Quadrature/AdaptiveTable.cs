using Assay.Attribution;
using Assay.Attribution.Methods;

namespace Assay.Quadrature;

/// <summary>Time of refinement to 1 % beside the least number of Gauss–Legendre nodes with that error on 99 % of the rows.</summary>
internal static class AdaptiveTable
{
    private const double Tolerance = 0.01;

    private static readonly int[] Counts = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

    public static void Write(string folder, int rows)
    {
        Console.WriteLine(
            "| model | at | nodes needed | mean intervals | rows above 1 % | time of adaptive / nodes | largest gap |"
        );
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var real in RealModel.All(folder, rows, float64: false))
        {
            var reference = real.Converged();
            double Above(double[] values) => real.Errors(values, reference).Count(e => e > Tolerance) / (double)rows;
            var nodes = Counts.FirstOrDefault(n => Above(real.Nodes(n)) <= 0.01, Counts[^1]);
            using var explained = real.With(s => s with { Steps = 1024, Tolerance = Tolerance });
            var adaptive = AdaptivePath.Explain(explained, real.Rows, Tolerance);
            var times = RealModel.Times(
                9,
                () => real.Nodes(nodes),
                () => AdaptivePath.Explain(explained, real.Rows, Tolerance)
            );
            Console.WriteLine(
                FormattableString.Invariant(
                    $"| {real.Name} | {real.At.ToString().ToLowerInvariant()} | {nodes} | {adaptive.Steps!.Average():0.0} | {100 * Above(adaptive.Attributions):0.0} % | {times[1] / times[0]:0.00} | {adaptive.CompletenessGap!.Max(Math.Abs):0e+0} |"
                )
            );
        }
    }
}
