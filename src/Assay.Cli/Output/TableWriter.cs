using System.Globalization;
using Assay.Attribution;
using Assay.Attribution.Sequences;

namespace Assay.Cli.Output;

/// <summary>For people: where the numbers come from, then a table of features for each of the first rows.</summary>
internal sealed class TableWriter(
    IReadOnlyList<string> features,
    OutputFile? file,
    Terminal terminal,
    IReadOnlyDictionary<string, string> pedigree
) : AttributionWriter(features)
{
    private const int RowsShown = 20;
    private readonly Terminal to = file is null
        ? terminal
        : terminal with
        {
            Out = new StreamWriter(file.Stream, leaveOpen: true) { AutoFlush = false },
            IsRich = false,
        };
    private int shown;
    private long more;

    public override void Finish()
    {
        if (more > 0)
            to.Out.WriteLine($"{more} more rows; --format jsonl or parquet writes all.");
        if (file is null)
            return;
        file.Write(to.Out.Dispose);
        file.Finish();
    }

    public override void Dispose() => file?.Dispose();

    protected override void WritePart(long first, Explanation explanation)
    {
        if (shown == 0)
            to.Out.WriteLine(
                $"{pedigree["method"]} of {pedigree["head"]} ({pedigree["space"]}){Target()}, baseline {pedigree["baseline"]}{Layer()}{Rule()}"
            );
        for (var r = 0; r < explanation.Rows; r++)
            if (shown < RowsShown)
                WriteRow(first, explanation, r);
            else
                more++;
    }

    private string Target() => pedigree["target"] is not "score" and var target ? $", {target}" : "";

    private string Layer() => pedigree["layer"] is { Length: > 0 } layer ? $", layer {layer}" : "";

    private string Rule() => pedigree["rule"] is { Length: > 0 } rule ? $", rule {rule}" : "";

    private void WriteRow(long first, Explanation e, int r)
    {
        var gap = e.CompletenessGap is { } gaps ? $", completeness gap {Text(gaps[r])}" : "";
        if (e is { Steps: { } steps, EstimatedError: { } errors })
            gap += string.Create(CultureInfo.InvariantCulture, $", {steps[r]} steps, estimated error {errors[r]:P2}");
        if (e.Evaluations is { } evaluations)
            gap += string.Create(CultureInfo.InvariantCulture, $", {evaluations[r]} evaluations");
        if (e.Fidelity is { } fidelity)
            gap += string.Create(
                CultureInfo.InvariantCulture,
                $", R² {fidelity[r]:0.000}{(fidelity[r] < Explanation.LeastFidelity ? ": not faithful here" : "")}"
            );
        to.Out.WriteLine();
        to.Out.WriteLine(
            $"row {first + r}: target {Text(e.Target[r])}, at the baseline {Text(e.BaselineTarget[r])}{gap}"
        );
        var table = e.StandardErrors is null
            ? new TextTable("feature", "attribution").Numbers(1)
            : new TextTable("feature", "attribution", "standard error").Numbers(1, 2);
        var own = e.Attributions.AsSpan(r * Features.Count, Features.Count).ToArray();
        foreach (var f in Enumerable.Range(0, own.Length).OrderByDescending(f => Math.Abs(own[f])))
            if (e.StandardErrors is { } standard)
                table.Add(Features[f], Text(own[f]), Text(standard[r * Features.Count + f]));
            else
                table.Add(Features[f], Text(own[f]));
        table.Write(to);
        foreach (var sequence in Sequences?[r] ?? [])
            WriteSequence(sequence);
        shown++;
    }

    private void WriteSequence(SequenceAttribution sequence)
    {
        var split = sequence is { ShortTerm: { } recent, LongTerm: { } older }
            ? $"; short term {Text(recent)}, long term {Text(older)}"
            : "";
        var share = sequence.ShortTermShare is { } part
            ? string.Create(CultureInfo.InvariantCulture, $" (short term {part:P0} of |attribution|)")
            : "";
        to.Out.WriteLine($"{sequence.Feature}: {Text(sequence.Total)}{split}{share}");
        var table = new TextTable("item", "positions", "attribution").Numbers(0, 2);
        foreach (var item in sequence.Items)
            table.Add(
                item.Id.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", item.Positions),
                Text(item.Attribution)
            );
        table.Write(to);
    }

    private static string Text(double value) =>
        double.IsNaN(value)
            ? "–"
            : value.ToString(Math.Abs(value) is 0 or >= 1e-4 ? "0.000000" : "0.000e+0", CultureInfo.InvariantCulture);
}
