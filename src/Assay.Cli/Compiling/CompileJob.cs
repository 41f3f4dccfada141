using System.Globalization;
using Assay.Attribution;
using Assay.Attribution.Compilation;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;

namespace Assay.Cli.Compiling;

/// <summary>Carries out <c>assay compile</c>.</summary>
internal static class CompileJob
{
    public static int Run(CompileRequest request, CommandContext context)
    {
        OutputFile.RequireWritable(request.Out);
        var model = OnnxModel.Load(request.Model);
        IRowSource source =
            request.Tensors is { } tensors ? new TensorRows(model, tensors)
            : request.Data is { } data ? new DataRows(model, request.Dictionary!, data, RowRange.All)
            : new NoRows(model, request.Dictionary);
        var features = request.Groups is { } groups
            ? FeatureSlot.Grouped(source.Features, GroupsFile.Read(groups))
            : source.Features;
        var baseline = BaselineChoice.Read(request.Baseline, model, source);
        var settings = request.Settings with { Baseline = baseline.Baseline };
        var compiled =
            request.Scales.Count > 0
                ? ModelCompiler.Rescale(model, features, settings, request.Scales, Origin(request))
                : ModelCompiler.Explain(
                    model,
                    features,
                    settings,
                    new CompileOptions
                    {
                        TopK = request.TopK,
                        Gap = request.Gap,
                        Pedigree = Origin(request),
                    }
                );
        context.Stop.ThrowIfCancellationRequested();
        Report(request, compiled, ModelFile.Write(compiled, request.Out), context.Terminal);
        return 0;
    }

    private static Dictionary<string, string> Origin(CompileRequest request)
    {
        var origin = new Dictionary<string, string>
        {
            ["baseline"] = request.Baseline,
            ["model"] = Path.GetFileName(request.Model),
            ["model_sha256"] = Pedigree.Hash(request.Model),
            ["software"] = $"assay {Pedigree.Version}",
        };
        if ((request.Data ?? request.Tensors) is { } rows && request.Baseline == "mean")
            origin["baseline_rows"] = Path.GetFileName(rows);
        return origin;
    }

    private static void Report(CompileRequest request, OnnxModel compiled, string? data, Terminal terminal)
    {
        var output = terminal.Out;
        var size = new FileInfo(request.Out).Length + (data is null ? 0 : new FileInfo(data).Length);
        output.WriteLine(
            FormattableString.Invariant(
                $"{request.Out}: {compiled.Graph.Nodes.Count} nodes, opset {compiled.Opset}, {size / 1e6:F1} MB; runs in ONNX Runtime without Assay."
            )
        );
        if (data is not null)
            output.WriteLine($"Its tensors are in {data}, which must stay beside it.");
        var entries = CompiledMetadata.Read(compiled);
        if (entries.TryGetValue("target", out var target))
            output.WriteLine($"Attributions by {entries["method"]} of {target}, baseline {request.Baseline}.");
        foreach (var (feature, scale) in request.Scales)
            output.WriteLine(
                scale == 0
                    ? $"'{feature}' is suppressed: always at its baseline, {request.Baseline}."
                    : $"'{feature}' is scaled by {scale.ToString(CultureInfo.InvariantCulture)}, seen from its baseline, {request.Baseline}."
            );
        var table = new TextTable("output", "shape", "type");
        foreach (var value in compiled.Graph.Outputs)
            table.Add(value.Name, value.ShapeText(), ElementTypes.Name(value.ElementType()));
        table.Write(terminal);
    }
}
