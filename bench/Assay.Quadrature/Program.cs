using System.Globalization;
using Assay.Attribution;
using Assay.Attribution.Graphs;
using Assay.Gradients;
using Assay.Onnx;
using Assay.Studies;

// usage: FOLDER (of the real case) [ROWS]
var folder = args[0];
var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;
foreach (var path in Directory.GetFiles(Path.Combine(folder, "models"), "*.onnx").Order(StringComparer.Ordinal))
foreach (var at in new[] { EntryPoint.Preprocessed, EntryPoint.Raw })
{
    var name = Path.GetFileNameWithoutExtension(path);
    if (name is "mmoe" or "deepfm_shuffled")
        continue;
    var model = OnnxModel.Load(path);
    var binding = FeatureDictionary.Load(Path.ChangeExtension(path, ".features.json")).Bind([.. model.Graph.Inputs]);
    var rows = InputAssembler.Read(
        DataSource.FromFile(Path.Combine(folder, "data", "test.parquet")),
        binding,
        1000,
        count
    );
    using var explained = new ExplainedModel(
        model,
        FeatureSlot.FromInputs(model),
        new ExplainSettings
        {
            Method = "integrated-gradients",
            At = at,
            Float64 = true,
        }
    );
    double[] Run(PathRule rule) => explained.PathIntegral(rows, rule).Attributions;
    var features = explained.Features.Count;
    var a = Run(PathRule.Of("secant", 1024, at == EntryPoint.Raw ? 2 : 1));
    var b = Run(PathRule.Of("secant", 2048, at == EntryPoint.Raw ? 2 : 1));
    var reference = b.Zip(a, (x, y) => x + (x - y) / 3).ToArray();
    (double Median, double High) Error(double[] values)
    {
        var errors = Enumerable
            .Range(0, count)
            .Select(r =>
            {
                double scale = 0,
                    worst = 0;
                for (var f = 0; f < features; f++)
                {
                    scale = Math.Max(scale, Math.Abs(reference[r * features + f]));
                    worst = Math.Max(worst, Math.Abs(reference[r * features + f] - values[r * features + f]));
                }
                return worst / scale;
            })
            .Order()
            .ToArray();
        return (errors[count / 2], errors[(int)(count * .99)]);
    }
    static string F((double Median, double High) e) =>
        FormattableString.Invariant($"{e.Median:0.0000}/{e.High:0.000}").PadLeft(14);
    Console.WriteLine(
        $"{name} {at} features {features}: reference moved {F(Error(b))}, GL 2048 {F(Error(Run(PathRule.Of("gauss-legendre", 2048))))}"
    );
    Console.WriteLine("   n             GL         secant     extrapolated   graded1.5    graded2  graded 2 extr ");
    foreach (var n in new[] { 1, 2, 4, 8, 16, 32, 64, 128 })
    {
        var s = Run(PathRule.Of("secant", n));
        var half = n > 1 ? Run(PathRule.Of("secant", n / 2)) : s;
        var g = Run(PathRule.Of("secant", n, 2));
        var ghalf = n > 1 ? Run(PathRule.Of("secant", n / 2, 2)) : g;
        Console.WriteLine(
            $"{n, 4} {F(Error(Run(PathRule.Of("gauss-legendre", n))))} {F(Error(s))} {F(Error([.. s.Zip(half, (x, y) => x + (x - y) / 3)]))} {F(Error(Run(PathRule.Of("secant", n, 1.5))))} {F(Error(g))} {F(Error([.. g.Zip(ghalf, (x, y) => x + (x - y) / 3)]))}"
        );
    }
}
