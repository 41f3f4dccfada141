using System.Globalization;
using Assay.Attribution.Counterfactuals;
using Assay.Cli.Output;

namespace Assay.Cli.Counterfactual;

/// <summary>A table of the candidates that are in, and what became of all of them.</summary>
internal sealed class CounterfactualTable(CounterfactualRequest asked, OutputFile? file, Terminal terminal)
    : CounterfactualWriter(file, terminal)
{
    private readonly TextTable table = new TextTable(
        "row",
        "rank",
        "of",
        "margin",
        "without",
        "rank then",
        "size",
        "proof",
        "necessity",
        "sufficiency",
        "alone",
        "keeps it in",
        "evaluations"
    ).Numbers(0, 1, 2, 3, 5, 6, 8, 9, 12);
    private readonly List<CounterfactualRow> rows = [];
    private readonly TimeProvider clock = TimeProvider.System;
    private readonly long start = TimeProvider.System.GetTimestamp();

    public override void Write(CounterfactualRow row)
    {
        rows.Add(row);
        if (row.Status == CounterfactualStatus.Out && asked.Rows.End - asked.Rows.First > 1)
            return;
        table.Add(
            row.Row.ToString(CultureInfo.InvariantCulture),
            Number(row.Rank),
            Number(row.Candidates),
            Number(row.Margin, "0.###"),
            Without(row),
            Number(row.RankWithout),
            row.Removed is { IsFound: true } found ? Number(found.Players.Count) : "",
            Proof(row),
            Number(row.Measured?.Necessity, "0.00"),
            Number(row.Measured?.Sufficiency, "0.00"),
            row.IsSufficientAlone is { } alone
                ? alone
                    ? "keeps in"
                    : "does not"
                : "",
            row.Kept is { } kept ? Set(row, kept) : "",
            Number(row.Evaluations)
        );
    }

    public override void Finish()
    {
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        table.Write(Terminal with { Out = text });
        foreach (var line in Summary(seconds))
            text.WriteLine(line);
        Emit(text.ToString());
        base.Finish();
    }

    private IEnumerable<string> Summary(double seconds)
    {
        var search = rows.Where(r => r.Removed is not null).ToArray();
        var found = search.Where(r => r.Status == CounterfactualStatus.Found).ToArray();
        yield return "";
        yield return Line(
            $"{rows.Count} rows, {search.Length} searched: {found.Length} with a counterfactual, of which {found.Count(r => r.Removed!.IsMinimum)} proven smallest; {search.Length - found.Length} without, of which {search.Count(r => r.Status == CounterfactualStatus.NotFound && r.Removed!.TriedSize >= Math.Min(asked.Search.MaxSize, r.Players.Count))} proven."
        );
        foreach (var other in rows.Where(r => r.Removed is null).GroupBy(r => r.Status).OrderBy(g => g.Key))
            yield return Line($"{other.Count()} rows {Reason(other.Key)}.");
        if (found.Length > 0)
        {
            yield return "Sizes: "
                + string.Join(
                    ", ",
                    found
                        .GroupBy(r => r.Removed!.Players.Count)
                        .OrderBy(g => g.Key)
                        .Select(g => Line($"{g.Key} in {g.Count()}"))
                )
                + ".";
            if (found[0].Measured is { } first)
                yield return Line(
                    $"Mean necessity {found.Average(r => r.Measured!.Necessity):0.000}, mean sufficiency {found.Average(r => r.Measured!.Sufficiency):0.000} over {first.References} reference rows; kept alone, the set keeps its candidate in for {found.Count(r => r.IsSufficientAlone == true)} of {found.Length}."
                );
        }
        if (search.Length > 0)
            yield return Line(
                $"{search.Average(r => r.Evaluations):0} model evaluations and {seconds / search.Length * 1000:0.0} ms a row searched, {seconds:0.0} s in all."
            );
    }

    private string Reason(CounterfactualStatus status) =>
        status switch
        {
            CounterfactualStatus.Out => asked.Top is { } top
                ? Line($"are not in the top {top}")
                : "score below already",
            CounterfactualStatus.AlwaysIn => Line($"stand in lists of at most {asked.Top}"),
            _ => "have nothing that could be removed",
        };

    private static string Without(CounterfactualRow row) =>
        row.Removed is { } removed ? Set(row, removed) : CounterfactualJson.Name(row.Status);

    private static string Set(CounterfactualRow row, FoundSet set) =>
        !set.IsFound ? "none found"
        : set.Players.Count == 0 ? "nothing"
        : string.Join(", ", set.Players.Select(p => row.Players[p].Text));

    private static string Proof(CounterfactualRow row) =>
        row.Removed is not { } set ? ""
        : set is { IsFound: true, IsMinimum: true } ? "smallest"
        : Line($"all of {set.TriedSize} tried{(set.BudgetIsSpent ? ", budget spent" : "")}");

    private static string Number(double? value, string format = "0") =>
        value is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "";

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
