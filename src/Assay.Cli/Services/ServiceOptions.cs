using System.CommandLine;
using Assay.Attribution.BlackBoxes;
using Assay.Cli.Commands;
using Assay.Onnx;

namespace Assay.Cli.Services;

/// <summary>How a model behind an address is called: the options of every command that takes one.</summary>
internal sealed class ServiceOptions
{
    private readonly Option<double?> timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "Of a model behind an address: how long one answer may take, 30 if not given.",
    };
    private readonly Option<int?> retries = Number(
        "--retries",
        "How often a call is made again that failed for a reason that may pass, 3 if not given."
    );
    private readonly Option<int?> batch = Number("--batch", "The most rows of one call, 256 if not given.");
    private readonly Option<int?> maxRows = Number(
        "--max-rows",
        "The most rows sent in all, repetitions included; no limit if not given."
    );

    public IReadOnlyList<Option> All => [timeout, retries, batch, maxRows];

    /// <summary>The settings; null for a model that is a file.</summary>
    public ServiceSettings? Read(ParseResult parsed, string model, bool asLogit)
    {
        if (!ModelSource.IsAddress(model))
            return All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given
                ? throw AssayException.Usage(
                    $"{given.Name} is for a model behind an address, http://host:port/v2/models/NAME; '{model}' is a file."
                )
                : null;
        var standard = new ServiceSettings();
        var seconds = parsed.GetValue(timeout);
        var settings = standard with
        {
            Timeout =
                seconds is null ? standard.Timeout
                : seconds is > 0 and <= 86400 ? TimeSpan.FromSeconds(seconds.Value)
                : throw AssayException.Usage("--timeout must be above 0 and at most 86400 seconds."),
            Retries = parsed.GetValue(retries) ?? standard.Retries,
            BatchRows = parsed.GetValue(batch) ?? standard.BatchRows,
            MaxRows = parsed.GetValue(maxRows),
            AsLogit = asLogit,
        };
        settings.Validate();
        return settings;
    }

    private static Option<int?> Number(string name, string description) =>
        new(name)
        {
            HelpName = "N",
            Description = $"Of a model behind an address: {char.ToLowerInvariant(description[0])}{description[1..]}",
            CustomParser = NumberOptions.Count,
        };
}
