using Assay.Cli.Commands;
using Assay.Onnx;
using Assay.Studies;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>One fit of a seed, with all features or without some, and how it does on the test rows.</summary>
internal sealed record Refit(
    ulong Seed,
    IReadOnlyList<string> Dropped,
    RetrainResult Result,
    RetrainScore? Score,
    double[] Losses
)
{
    /// <summary>Fits each seed, and where features are left out and compared, each both ways; in parallel, in a fixed order.</summary>
    public static IReadOnlyList<Refit> All(
        RetrainRequest request,
        OnnxModel model,
        RetrainData data,
        RetrainOptions options,
        CommandContext context
    )
    {
        (ulong Seed, IReadOnlyList<string> Drop)[] wanted =
        [
            .. request.SeedList.SelectMany(s =>
                request.Compares
                    ? new (ulong, IReadOnlyList<string>)[] { (s, []), (s, request.Drop) }
                    : [(s, request.Drop)]
            ),
        ];
        var refits = new Refit[wanted.Length];
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(request.Threads, wanted.Length),
            CancellationToken = context.Stop,
        };
        Parallel.For(
            0,
            wanted.Length,
            parallel,
            k =>
            {
                var (seed, drop) = wanted[k];
                var name =
                    wanted.Length == 1
                        ? ""
                        : $"seed {seed}{(drop.Count == 0 ? "" : $" without {string.Join(", ", drop)}")}: ";
                refits[k] = One(request, model, data, options with { Seed = seed }, drop, name, context);
            }
        );
        return refits;
    }

    private static Refit One(
        RetrainRequest request,
        OnnxModel model,
        RetrainData all,
        RetrainOptions options,
        IReadOnlyList<string> drop,
        string name,
        CommandContext context
    )
    {
        var data = all.For(request, options.Seed, drop);
        var result = Assay.Training.Retraining.Run(
            model,
            new TrainingRows(data.Training.Feeds, data.Training.Labels),
            new TrainingRows(data.Validation.Feeds, data.Validation.Labels),
            options,
            new EpochLines(context.Terminal, name, data.Training.Count),
            context.Stop
        );
        result = result with { Model = DroppedFeatures.From(result.Model, data.Binding, drop) };
        if (data.Test is null)
            return new Refit(options.Seed, drop, result, null, []);
        var (score, losses) = RetrainScore.Of(result.Model, options.Head, data.Test);
        return new Refit(options.Seed, drop, result, score, losses);
    }

    private sealed class EpochLines(Terminal terminal, string name, int rows) : IProgress<EpochLoss>
    {
        public void Report(EpochLoss value)
        {
            lock (terminal)
                terminal.Note(
                    FormattableString.Invariant(
                        $"{name}epoch {value.Epoch}: training loss {value.Training:F5}, validation loss {value.Validation:F5}, {value.Duration.TotalSeconds:F1} s ({rows / value.Duration.TotalSeconds:F0} rows/s)"
                    )
                );
        }
    }
}
