using System.CommandLine;
using System.Globalization;
using Assay.Cli.Commands;
using Assay.Onnx;

namespace Assay.Cli.Sequences;

/// <summary>Which positions are recent: the last so many, or those whose age is at most a limit.</summary>
internal sealed record Recency(int? Positions, string? AgeColumn, double Limit)
{
    /// <summary>Reads "5" or "COLUMN&lt;=30".</summary>
    public static Recency Parse(string text)
    {
        var parts = text.Split("<=");
        if (NumberOptions.AsCount(text) is { } k and > 0)
            return new Recency(k, null, 0);
        return
            parts is [{ Length: > 0 } column, var limit]
            && double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out var days)
            ? new Recency(null, column.Trim(), days)
            : throw AssayException.Usage(
                $"--recent '{text}' is neither a number of positions nor COLUMN<=LIMIT with a column of ages."
            );
    }
}

/// <summary>What is asked of sequences: their positions as players, and a split by recency.</summary>
internal sealed record SequenceRequest(IReadOnlyList<string> Features, Recency? Recency);

/// <summary>The options of <c>assay explain</c> about sequences.</summary>
internal sealed class SequenceOptions
{
    private readonly Option<string[]> positions = new("--positions")
    {
        HelpName = "FEATURE",
        Description =
            "Explain each position of a sequence by itself, as FEATURE[0], FEATURE[1], …, and sum them up per item. May be given for several.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> recent = OptionForms.Text(
        "--recent",
        "K|COLUMN<=LIMIT",
        "With --positions: the share of the short term, the K newest entries or those whose age in a list column is at most LIMIT."
    );

    public IReadOnlyList<Option> All => [positions, recent];

    /// <summary>What was asked, or null.</summary>
    public SequenceRequest? Read(ParseResult parsed, bool hasData)
    {
        var features = parsed.GetValue(positions) ?? [];
        var split = parsed.GetValue(recent);
        if (features.Length == 0)
            return split is null
                ? null
                : throw AssayException.Usage("--recent splits positions; name the sequence with --positions.");
        if (!hasData)
            throw AssayException.Usage(
                "--positions are those of a dictionary's sequence; give --dictionary and --data."
            );
        return new SequenceRequest(features, split is null ? null : Recency.Parse(split));
    }
}
