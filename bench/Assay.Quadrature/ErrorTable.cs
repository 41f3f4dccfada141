using System.Globalization;

namespace Assay.Quadrature;

/// <summary>Error against the converged integral for n = 1 … 128, Gauss–Legendre nodes and the default rule.</summary>
internal static class ErrorTable
{
    private static readonly int[] Counts = [1, 2, 4, 8, 16, 32, 64, 128];

    public static void Write(string folder, int rows)
    {
        Console.WriteLine($"| model | at | rule | {string.Join(" | ", Counts.Select(n => $"n = {n}"))} |");
        Console.WriteLine($"|---|---|---|{string.Concat(Counts.Select(_ => "---|"))}");
        foreach (var real in RealModel.All(folder, rows, float64: true))
        {
            var reference = real.Converged();
            var at = real.At.ToString().ToLowerInvariant();
            Line("nodes", real.Nodes);
            Line(real.Explained.Rule(1).Name, real.Default);

            void Line(string rule, Func<int, double[]> values) =>
                Console.WriteLine(
                    $"| {real.Name} | {at} | {rule} | {string.Join(" | ", Counts.Select(n => Text(real.Errors(values(n), reference))))} |"
                );
        }
    }

    private static string Text(double[] errors) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{errors[errors.Length / 2]:0.0000} ({errors[(int)(errors.Length * 0.99)]:0.000})"
        );
}
