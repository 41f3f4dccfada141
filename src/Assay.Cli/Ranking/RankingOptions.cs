using System.CommandLine;
using Assay.Cli.Commands;
using Assay.Onnx;

namespace Assay.Cli.Ranking;

/// <summary>The options of <c>assay explain</c> that compare candidates or look at lists.</summary>
internal sealed class RankingOptions
{
    private readonly Option<long?> against = new("--against")
    {
        HelpName = "ROW",
        Description = "Explain why rows score higher than this one: score − its score.",
    };
    private readonly Option<string> contrast = OptionForms.Choice(
        "--contrast",
        "With --against: go from the other row to this one, so that only what differs has a share; or the difference of both rows' attributions.",
        "swap",
        "difference"
    );
    private readonly Option<string?> list = OptionForms.Text(
        "--list",
        "COLUMN",
        "Explain lists instead of scores: rows with equal values of this column are one."
    );
    private readonly Option<string?> target = OptionForms.Text(
        "--list-target",
        "ndcg@K|top@K|margin@K",
        "What about the list: its NDCG; whether the row is among the first K; or its distance to place K."
    );
    private readonly Option<string?> label = OptionForms.Text("--label", "COLUMN", "Relevances, for NDCG.");
    private readonly Option<string> absent = OptionForms.Choice(
        "--list-absent",
        "Where a feature is absent: from all candidates; or, if candidates differ in it, from the row's own.",
        "all",
        "own"
    );

    public IReadOnlyList<Option> All => [against, contrast, list, target, label, absent];

    /// <summary>What was asked, or null. <paramref name="hasBaseline"/>: whether a baseline was named.</summary>
    public RankingRequest? Read(ParseResult parsed, bool hasBaseline, bool hasData)
    {
        var (row, column) = (parsed.GetValue(against), parsed.GetValue(list));
        var swaps = parsed.GetValue(contrast) == "swap";
        RequireTogether(parsed, row, column);
        if (row is { } other)
            return other < 0 ? throw AssayException.Usage($"--against counts from 0; there is no row {other}.")
                : swaps && hasBaseline
                    ? throw AssayException.Usage(
                        "With --against the other row is the baseline; leave out --baseline, or take --contrast difference."
                    )
                : new RankingRequest { Against = other, Swaps = swaps };
        if (column is null)
            return null;
        if (!hasData)
            throw AssayException.Usage("--list reads a column of logged rows; give --dictionary and --data.");
        var (measure, cut) = RankingRequest.ParseTarget(
            parsed.GetValue(target)
                ?? throw AssayException.Usage("--list needs --list-target: ndcg@K, top@K or margin@K.")
        );
        if (measure == ListMeasure.Ndcg == parsed.GetValue(label) is null)
            throw AssayException.Usage("--list-target ndcg@K, and no other, needs --label COLUMN.");
        var ownOnly = parsed.GetValue(absent) == "own";
        if (ownOnly && measure == ListMeasure.Ndcg)
            throw AssayException.Usage("NDCG is of the whole list; it has no --list-absent own.");
        return new RankingRequest
        {
            List = column,
            Measure = measure,
            Cut = cut,
            Label = parsed.GetValue(label),
            OwnOnly = ownOnly,
        };
    }

    private void RequireTogether(ParseResult parsed, long? row, string? column)
    {
        if (row is not null && column is not null)
            throw AssayException.Usage("--against compares two rows and --list looks at a list; choose one.");
        foreach (
            var (option, needed) in ((Option, string)[])
                [(target, "--list"), (label, "--list"), (absent, "--list"), (contrast, "--against")]
        )
            if (parsed.GetResult(option) is { Implicit: false } && (needed == "--list" ? column is null : row is null))
                throw AssayException.Usage($"{option.Name} says something about {needed}; give it too.");
    }
}
