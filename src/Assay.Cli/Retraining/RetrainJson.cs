using System.Text.Json;
using Assay.Cli.Output;
using Assay.Studies;

namespace Assay.Cli.Retraining;

/// <summary>The result of one or several refits, as JSON.</summary>
internal static class RetrainJson
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(RetrainReport report, Stream stream)
    {
        var (request, result) = (report.Request, report.Written.Result);
        JsonSerializer.Serialize(
            stream,
            new
            {
                Model = Path.GetFileName(request.Model),
                ModelSha256 = Pedigree.Hash(request.Model),
                Refit = Path.GetFileName(request.Out),
                request.Label,
                request.Cluster,
                result.Head,
                Dropped = request.Drop,
                ShuffledLabels = request.ShuffleLabels,
                request.Options.Warm,
                report.Written.Seed,
                request.OovDropout,
                Batch = request.Options.Training.BatchRows,
                Optimiser = request.Options.Training.Optimiser.ToString().ToLowerInvariant(),
                request.Options.Training.LearningRate,
                request.Options.Training.LearningRateDecay,
                request.Options.Training.Patience,
                request.Options.Training.WeightDecay,
                request.Options.TableSpread,
                report.TrainingRows,
                Test = report.Before is null
                    ? null
                    : new { Original = Score(report.Before), Refit = Score(report.Written.Score!) },
                result.BestEpoch,
                Epochs = result.Epochs.Select(e => new
                {
                    e.Epoch,
                    TrainingLoss = e.Training,
                    ValidationLoss = e.Validation,
                    Seconds = e.Duration.TotalSeconds,
                    RowsPerSecond = report.TrainingRows / e.Duration.TotalSeconds,
                }),
                Fits = report.Refits.Select(r => new
                {
                    r.Seed,
                    r.Dropped,
                    Epoch = r.Result.BestEpoch,
                    ValidationLoss = r.Result.Epochs.Select(e => e.Validation).DefaultIfEmpty(double.NaN).Min(),
                    Test = r.Score is null ? null : Score(r.Score),
                }),
                AucOverSeeds = report.OverSeeds is { } over
                    ? new
                    {
                        over.Mean,
                        over.Interval.Interval.Low,
                        over.Interval.Interval.High,
                        over.Interval.SeedError,
                    }
                    : null,
                Comparison = Comparison(report),
                Parameters = result.Parameters.Select(p => new
                {
                    p.Name,
                    Shape = p.Dims,
                    Kind = p.Kind.ToString().ToLowerInvariant(),
                    Fitted = p.Trained,
                    p.Reason,
                }),
                result.Caveats,
                Software = $"assay {Pedigree.Version}",
            },
            Json
        );
    }

    private static object Score(RefitScore score) =>
        new
        {
            score.Rows,
            score.Auc,
            AucLow = score.AucInterval.Low,
            AucHigh = score.AucInterval.High,
            score.LogLoss,
        };

    private static object? Comparison(RetrainReport report)
    {
        if (report is not { Margin: { } margin, Increase: { } increase })
            return null;
        return new
        {
            Estimand = "log loss increase of a refit without the features, nats per row",
            increase.Estimate,
            increase.StandardError,
            increase.Interval.Low,
            increase.Interval.High,
            Level = 0.95,
            increase.SamplingError,
            increase.SeedError,
            increase.DegreesOfFreedom,
            increase.PerSeed,
            increase.Rows,
            increase.Clusters,
            Margin = margin.Nats,
            MarginReason = margin.Reason,
            Verdict = DropReport.Word(increase.Judge(margin.Nats)),
        };
    }
}
