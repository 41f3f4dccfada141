using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Studies;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>The fits that a request asks for, with a line for each epoch.</summary>
internal static class RetrainFits
{
    /// <summary>Fits each seed, and where features are left out and compared, each both ways.</summary>
    public static IReadOnlyList<Refit> All(
        RetrainRequest request,
        OnnxModel model,
        RefitRows rows,
        RetrainOptions options,
        CommandContext context
    )
    {
        RefitVariant[] wanted =
        [
            .. request.SeedList.SelectMany(s =>
                request.Compares ? new[] { One(s, []), One(s, request.Drop) } : [One(s, request.Drop)]
            ),
        ];
        return Refit.All(
            model,
            rows,
            wanted,
            request.Threads,
            v => new EpochLines(context.Terminal, wanted.Length == 1 ? "" : v.Title, rows.Training.Count),
            context.Stop
        );
        RefitVariant One(ulong seed, IReadOnlyList<string> drop) =>
            new()
            {
                Options = options with { Seed = seed },
                Drop = drop,
                ShuffleLabels = request.ShuffleLabels,
                OovDropout = request.OovDropout,
                Title = $"seed {seed}{(drop.Count == 0 ? "" : $" without {string.Join(", ", drop)}")}: ",
            };
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
