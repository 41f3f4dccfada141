using Assay.Onnx;

namespace Assay.Attribution.BlackBoxes;

/// <summary>How a model behind an address is called.</summary>
public sealed record ServiceSettings
{
    /// <summary>How long one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call is made again that failed for a reason that may pass.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The wait before the first repetition; it doubles with each.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most rows of one call.</summary>
    public int BatchRows { get; init; } = 256;

    /// <summary>The most rows sent in all, repetitions included; null for no limit.</summary>
    public long? MaxRows { get; init; }

    /// <summary>Whether what is served is a probability of which the log-odds are wanted.</summary>
    public bool AsLogit { get; init; }

    /// <summary>Throws a usage error where an option is out of range.</summary>
    public void Validate()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1))
            throw AssayException.Usage("The timeout must be above 0 and at most a day.");
        if (Retries is < 0 or > 100)
            throw AssayException.Usage($"The number of retries must lie between 0 and 100, not {Retries}.");
        if (BatchRows is < 1 or > 1_000_000)
            throw AssayException.Usage($"A call takes between 1 and 1000000 rows, not {BatchRows}.");
        if (MaxRows is < 1)
            throw AssayException.Usage($"The most rows sent must be at least 1, not {MaxRows}.");
    }
}
