using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Cli.Input;

/// <summary>What <c>--baseline</c> asked for.</summary>
/// <param name="Baseline">The baseline.</param>
/// <param name="PerRow">Whether each row has a baseline of its own, so that rows cannot be explained part by part.</param>
internal sealed record BaselineChoice(Baseline Baseline, bool PerRow)
{
    public static BaselineChoice Read(string text, OnnxModel model, IRowSource source)
    {
        switch (text)
        {
            case "zero":
                return new(Baseline.Zero, PerRow: false);
            case "mean":
                return new(Baseline.Mean(source.Sample()), PerRow: false);
            case "padding":
                return new(Baseline.Rows(source.Replacement()), PerRow: false);
        }
        if (!File.Exists(text))
            throw AssayException.Usage($"--baseline '{text}' is none of zero, mean, padding, and no such file exists.");
        var rows = TensorsFile.Read(text, model.Graph.Inputs, "baseline");
        LookupCheck.Require(model, rows);
        return new(Baseline.Rows(rows), rows.Values.First().Dims[0] > 1);
    }

    /// <summary>Rows over which a method averages its baselines.</summary>
    public static IReadOnlyDictionary<string, TensorData> Background(string path, OnnxModel model)
    {
        var rows = TensorsFile.Read(path, model.Graph.Inputs, "background");
        LookupCheck.Require(model, rows);
        return rows;
    }
}
