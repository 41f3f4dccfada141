using Assay.Cli.Input;
using Assay.Gradients;
using Assay.Studies;

namespace Assay.Cli.Surrogates;

/// <summary>What <c>assay surrogate</c> was asked.</summary>
internal sealed record SurrogateRequest
{
    public required string Model { get; init; }

    public required string Dictionary { get; init; }

    public required string Data { get; init; }

    public RowRange Rows { get; init; }

    public string? Head { get; init; }

    public Space Space { get; init; }

    public bool Json { get; init; }

    public string? Out { get; init; }

    public required SurrogateSettings Settings { get; init; }
}
