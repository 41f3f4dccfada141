using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Retraining;

/// <summary>The rows of a refit, read and checked.</summary>
/// <param name="Binding">The dictionary, bound to the model.</param>
/// <param name="Training">Rows to fit.</param>
/// <param name="Validation">Rows that decide when to stop.</param>
/// <param name="Test">Rows to score, or null.</param>
internal sealed record RetrainData(
    DictionaryBinding Binding,
    LabelledRows Training,
    LabelledRows Validation,
    LabelledRows? Test
)
{
    public static RetrainData Read(
        RetrainRequest request,
        OnnxModel model,
        DictionaryBinding binding,
        CommandContext context
    )
    {
        LabelledRows Rows(string path, string split, string? cluster)
        {
            context.Terminal.Note($"reading {split} rows from {path}");
            context.Stop.ThrowIfCancellationRequested();
            var rows = LabelledRows.Read(DataSource.FromFile(path), binding, request.Label, cluster);
            LookupCheck.Require(model, rows.Feeds);
            return rows;
        }
        return new RetrainData(
            binding,
            Rows(request.Train, "training", null),
            Rows(request.Valid, "validation", null),
            request.Test is { } path ? Rows(path, "test", request.Cluster) : null
        );
    }

    /// <summary>The rows as one fit sees them: some ids forgotten, features left out, labels shuffled.</summary>
    public RetrainData For(RetrainRequest request, ulong seed, IReadOnlyList<string> drop)
    {
        var training = Training.WithForgotten(Binding, request.OovDropout, seed).Without(Binding, drop);
        var validation = Validation.Without(Binding, drop);
        return this with
        {
            Training = request.ShuffleLabels ? training.WithShuffledLabels(seed) : training,
            Validation = request.ShuffleLabels ? validation.WithShuffledLabels(seed) : validation,
            Test = Test?.Without(Binding, drop),
        };
    }
}
