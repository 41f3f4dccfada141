using Assay.Attribution;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;

namespace Assay.Cli.Commands;

/// <summary>Carries out <c>assay explain</c>: rows part by part, so that memory does not grow with the data.</summary>
internal static class ExplainJob
{
    private const int Whole = 1 << 30;

    public static int Run(ExplainRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        IRowSource source = request.Tensors is { } tensors
            ? new TensorRows(model, tensors)
            : new DataRows(model, request.Dictionary!, request.Data!, request.Rows);
        var features = request.Groups is { } groups
            ? FeatureSlot.Grouped(source.Features, GroupsFile.Read(groups))
            : source.Features;
        var baseline = BaselineChoice.Read(request.Baseline, model, source);
        var settings = request.Settings with
        {
            Baseline = baseline.Baseline,
            Background = request.Background is { } file ? BaselineChoice.Background(file, model) : null,
        };
        using var explainer = Explainer.Open(model, features, settings);
        using var writer = AttributionWriter.Create(request, explainer, context.Terminal);
        foreach (var part in source.Parts(baseline.PerRow ? Whole : PartRows(request)))
        {
            if (context.Stop.IsCancellationRequested)
                throw AssayException.Failed(
                    request.Out is { } path ? $"stopped; '{path}' is not written." : "stopped."
                );
            writer.Write(part.First, explainer.Explain(part.Rows));
        }
        writer.Finish();
        return 0;
    }

    // Parts that take a few seconds at most, so that Ctrl-C is heard.
    private static int PartRows(ExplainRequest request) => Math.Clamp(262_144 / request.Settings.Steps, 1024, 8192);
}
