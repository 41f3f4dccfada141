using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Retraining;

/// <summary>Reads and checks the rows of a refit.</summary>
internal static class RetrainData
{
    public static RefitRows Read(
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
        return new RefitRows(
            binding,
            Rows(request.Train, "training", null),
            Rows(request.Valid, "validation", null),
            request.Test is { } path ? Rows(path, "test", request.Cluster) : null
        );
    }
}
