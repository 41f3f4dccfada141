using Assay.Onnx;
using Assay.Training;

namespace Assay.Cli.Retraining;

/// <summary>What <c>assay retrain</c> was asked to do.</summary>
internal sealed record RetrainRequest
{
    public required string Model { get; init; }
    public required string Dictionary { get; init; }
    public required string Train { get; init; }
    public required string Valid { get; init; }
    public string? Test { get; init; }
    public required string Label { get; init; }

    /// <summary>The column whose equal values are one cluster; null where each row is one.</summary>
    public string? Cluster { get; init; }
    public required string Out { get; init; }
    public IReadOnlyList<string> Drop { get; init; } = [];
    public bool ShuffleLabels { get; init; }
    public double OovDropout { get; init; }

    /// <summary>How many seeds, counted from that of the options; null where none was named.</summary>
    public int? Seeds { get; init; }

    /// <summary>The loss increase that matters, in nats per row; null for the default.</summary>
    public double? Margin { get; init; }
    public int Threads { get; init; } = 1;
    public required RetrainOptions Options { get; init; }

    /// <summary>The result beside the model.</summary>
    public string Result => Path.ChangeExtension(Out, ".json");

    /// <summary>Whether fits without the features are set against fits with them.</summary>
    public bool Compares => Drop.Count > 0 && Test is not null;

    /// <summary>The seeds of the fits.</summary>
    public IReadOnlyList<ulong> SeedList =>
        [
            .. Enumerable
                .Range(0, Seeds ?? (Compares || (ShuffleLabels && Test is not null) ? LossIncrease.LeastSeeds : 1))
                .Select(s => unchecked(Options.Seed + (ulong)s)),
        ];

    /// <summary>Refuses options that do not go together.</summary>
    public RetrainRequest Checked()
    {
        if (Path.GetFullPath(Out) == Path.GetFullPath(Model))
            throw AssayException.Usage("--out is the model itself; name another file.");
        if (Path.GetFullPath(Out) == Path.GetFullPath(Result))
            throw AssayException.Usage("--out ends in .json, where the result goes; name a file that ends in .onnx.");
        if (Margin is not null && !Compares)
            throw AssayException.Usage("--margin is for --drop with --test: there is nothing else to judge.");
        if (Compares && Seeds < LossIncrease.LeastSeeds)
            throw AssayException.Usage(
                $"--drop with --test compares fits over --seeds of {LossIncrease.LeastSeeds} or more, as fewer do not tell chance; leave --test out to fit once."
            );
        return this;
    }
}
