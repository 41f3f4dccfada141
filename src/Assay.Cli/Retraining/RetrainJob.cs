using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Studies;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>Carries out <c>assay retrain</c>: reads, fits, scores the models, writes the new one and the result.</summary>
internal static class RetrainJob
{
    public static int Run(RetrainRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        var dictionary = FeatureDictionary.Load(request.Dictionary);
        var binding = dictionary.Bind([.. model.Graph.Inputs]);
        foreach (var name in request.Drop)
            _ = binding.Feature(name);
        var padding = dictionary.Features.Select(f => f.PaddingId).OfType<long>().Append(0).Distinct();
        var options = request.Options with { PaddingIds = [.. padding] };
        // Before the long work, so that a place that cannot be written is known at once.
        using var file = new OutputFile(request.Out);
        using var json = new OutputFile(request.Result);
        RetrainReport.WriteParameters(Assay.Training.Retraining.Parameters(model, options), context.Terminal);
        var data = RetrainData.Read(request, model, binding, context);
        var before = data.Test is null ? null : RefitScore.Of(model, options.Head, data.Test).Score;
        var margin = request.Compares ? DropMargin.Of(request, model, data.Validation) : null;
        if (margin is not null)
            context.Terminal.Out.WriteLine(DropReport.Stated(request, margin));
        var refits = RetrainFits.All(request, model, data, options, context);
        var increase = margin is null ? null : Compare(refits, data.Test!, options.Seed);
        var written = refits.First(r => r.Dropped.Count == request.Drop.Count);
        file.Write(() => file.Stream.Write(RefitModels.Whole(written.Result.Model).ToBytes()));
        file.Finish();
        var report = new RetrainReport(request, refits, written, data.Training.Count, before, margin, increase);
        json.Write(() => RetrainJson.Write(report, json.Stream));
        json.Finish();
        report.Write(context.Terminal);
        return 0;
    }

    private static LossIncrease Compare(IReadOnlyList<Refit> refits, LabelledRows test, ulong seed) =>
        LossIncrease.Of(
            [.. refits.Where(r => r.Dropped.Count == 0).Select(r => r.Losses)],
            [.. refits.Where(r => r.Dropped.Count > 0).Select(r => r.Losses)],
            test.Clusters,
            seed
        );
}
