using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Statistics;
using Assay.Studies;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>Carries out <c>assay retrain</c>: reads, fits, scores both models, writes the new one and the result.</summary>
internal static class RetrainJob
{
    public static int Run(RetrainRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        var dictionary = FeatureDictionary.Load(request.Dictionary);
        var binding = dictionary.Bind([.. model.Graph.Inputs]);
        foreach (var name in request.Drop)
            _ = dictionary[name];
        var padding = dictionary.Features.Select(f => f.PaddingId).OfType<long>().Append(0).Distinct();
        var options = request.Options with { PaddingIds = [.. padding] };
        RetrainReport.WriteParameters(Assay.Training.Retraining.Parameters(model, options), context.Terminal);
        LabelledRows Read(string path, string split)
        {
            context.Terminal.Note($"reading {split} rows from {path}");
            context.Stop.ThrowIfCancellationRequested();
            var rows = LabelledRows.Read(DataSource.FromFile(path), binding, request.Label);
            LookupCheck.Require(model, rows.Feeds);
            return rows;
        }
        var training = Read(request.Train, "training");
        var validation = Read(request.Valid, "validation");
        var test = request.Test is { } path ? Read(path, "test") : null;
        var before = test is null ? null : Score(model, options, test);
        training.Forget(binding, request.OovDropout, options.Seed);
        foreach (var rows in new[] { training, validation, test })
            rows?.Drop(binding, request.Drop);
        if (request.ShuffleLabels)
            (training, validation) = (
                training.WithShuffledLabels(options.Seed),
                validation.WithShuffledLabels(options.Seed)
            );
        var result = Assay.Training.Retraining.Run(
            model,
            new TrainingRows(training.Feeds, training.Labels),
            new TrainingRows(validation.Feeds, validation.Labels),
            options,
            new EpochLines(context.Terminal, training.Count),
            context.Stop
        );
        var after = test is null ? null : Score(result.Model, options, test);
        using var file = new OutputFile(request.Out);
        file.Write(() => file.Stream.Write(result.Model.ToBytes()));
        file.Finish();
        var report = new RetrainReport(request, result, training.Count, before, after);
        using var json = new OutputFile(request.Result);
        json.Write(() => report.WriteJson(json.Stream));
        json.Finish();
        report.Write(context.Terminal);
        return 0;
    }

    private static RetrainScore Score(OnnxModel model, RetrainOptions options, LabelledRows rows)
    {
        var logits = Assay.Training.Retraining.Logits(model, options.Head, rows.Feeds);
        var labels = Array.ConvertAll(rows.Labels, l => (double)l);
        var positives = labels.Count(l => l > 0.5);
        return new RetrainScore(
            rows.Count,
            positives == 0 || positives == labels.Length ? double.NaN : RocAuc.Of(logits, labels),
            LogLoss.Of(logits, labels)
        );
    }

    private sealed class EpochLines(Terminal terminal, int rows) : IProgress<EpochLoss>
    {
        public void Report(EpochLoss value) =>
            terminal.Note(
                FormattableString.Invariant(
                    $"epoch {value.Epoch}: training loss {value.Training:F5}, validation loss {value.Validation:F5}, {value.Duration.TotalSeconds:F1} s ({rows / value.Duration.TotalSeconds:F0} rows/s)"
                )
            );
    }
}
