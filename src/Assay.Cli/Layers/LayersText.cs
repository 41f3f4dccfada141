using System.Globalization;
using Assay.Attribution.Layers;
using Assay.Cli.Output;

namespace Assay.Cli.Layers;

/// <summary>The result of <c>assay layers</c> for people.</summary>
internal static class LayersText
{
    public static void List(IReadOnlyList<ModelLayer> layers, Terminal to)
    {
        var table = new TextTable("layer (graph value)", "what", "units", "positions").Numbers(2, 3);
        foreach (var l in layers)
            table.Add(l.Value, l.Title, Text($"{l.Units}"), Text($"{l.Positions}"));
        table.Write(to);
    }

    public static void Report(LayerReport report, Terminal to)
    {
        to.Out.WriteLine(
            Text(
                $"Layers of {report.Head}: fitted on {report.Rows.Fit} rows, measured on {report.Rows.Holdout}, paths of {report.FlowRows}{(double.IsNaN(report.Auc.Value) ? "" : Text($"; AUC {report.Auc.Value:0.0000} ± {report.Auc.Error:0.0000}, log loss {report.LogLoss.Model:0.0000} (constant {report.LogLoss.Constant:0.0000})"))}."
            )
        );
        Layers(report, to);
        Features(report, to);
        Cka(report, to);
        Prunings(report, to);
        Heading(to, "What this means");
        foreach (var d in report.Diagnoses)
            to.Out.WriteLine($"{Words(d.Kind)}: {d.Text}");
        if (report.Diagnoses.Count == 0)
            to.Out.WriteLine("Nothing to remark.");
    }

    private static void Layers(LayerReport report, Terminal to)
    {
        Heading(
            to,
            "Share of each group's attribution that passes a layer, what a linear probe there knows of the label (AUC; of random labels), and idle units"
        );
        var table = new TextTable([
            "layer (graph value)",
            "what",
            "all",
            .. report.Groups,
            "label",
            "random",
            "directions",
            "units",
            "idle",
        ]).Numbers([.. Enumerable.Range(2, report.Groups.Count + 5)]);
        foreach (var l in report.Layers)
            table.Add([
                l.Layer.Value,
                l.Layer.Title,
                Share(l.ThroughAll),
                .. l.Through.Select(Share),
                Number(l.LabelAuc, "0.000"),
                Number(l.LabelControlAuc, "0.000"),
                Number(l.Dimension, "0.0"),
                Text($"{l.Layer.Units}"),
                string.Join(
                    ", ",
                    l.States.Where(s => s.Key != UnitState.Working).Select(s => $"{s.Value} {Words(s.Key)}")
                ),
            ]);
        table.Write(to);
    }

    private static void Features(LayerReport report, Terminal to)
    {
        Heading(
            to,
            "Features: what the layers know beyond random labels (first, best, last hidden layer), what the score uses, nats a row lost by shuffling, nats a row left in it"
        );
        var table = new TextTable(
            "feature",
            "group",
            "used",
            "known first",
            "best",
            "last",
            "best at",
            "lost by shuffling",
            "left in it"
        ).Numbers(2, 3, 4, 5, 7, 8);
        var hidden = Enumerable.Range(0, report.Layers.Count).Where(i => report.Layers[i].Layer.Units > 1).ToArray();
        if (hidden.Length == 0)
            hidden = [0];
        foreach (var f in report.Features.OrderByDescending(f => f.Use))
        {
            var best = Enumerable
                .Range(0, report.Layers.Count)
                .MaxBy(i => double.IsNaN(f.Selectivity[i]) ? -1 : f.Selectivity[i]);
            table.Add(
                f.Name,
                f.Group,
                Text($"{f.Use * 100:0.0}%"),
                Share(f.Selectivity[hidden[0]]),
                Share(f.Selectivity[best]),
                Share(f.Selectivity[hidden[^1]]),
                report.Layers[best].Layer.Title.Split(':')[0],
                Pair(f.Loss, f.LossError),
                Pair(f.Left, f.LeftError)
            );
        }
        table.Write(to);
    }

    private static void Cka(LayerReport report, Terminal to)
    {
        Heading(to, "How alike layers are (linear CKA, debiased)");
        var table = new TextTable(["", .. report.Layers.Select((_, i) => Text($"{i + 1}"))]).Numbers([
            .. Enumerable.Range(1, report.Layers.Count),
        ]);
        for (var i = 0; i < report.Layers.Count; i++)
            table.Add([
                Text($"{i + 1} {report.Layers[i].Layer.Title.Split(':')[0]}"),
                .. report.Cka[i].Select(c => Number(c, "0.00")),
            ]);
        table.Write(to);
    }

    private static void Prunings(LayerReport report, Terminal to)
    {
        if (report.Prunings.Count == 0)
            return;
        Heading(to, "Pruning hidden units, measured on the holdout");
        var table = new TextTable(
            "units taken away",
            "units",
            "AUC",
            "change",
            "mean |change of logit|",
            "largest",
            "size",
            "time",
            "how"
        ).Numbers(1, 2, 3, 4, 5, 6, 7);
        foreach (var p in report.Prunings)
            table.Add(
                p.What,
                Text($"{p.Units} of {p.Of}"),
                Number(p.Auc, "0.0000"),
                Number(p.AucChange, "+0.0000;-0.0000;0.0000"),
                Number(p.MeanChange, "0.0000"),
                Number(p.LargestChange, "0.0000"),
                Text($"{100.0 * p.Bytes.After / p.Bytes.Before:0.0}%"),
                Text($"{100 * p.Seconds.After / p.Seconds.Before:0}%"),
                p.Units == 0 ? "–"
                    : p.Cut == p.Units ? "cut"
                    : Text($"{p.Cut} cut, {p.Units - p.Cut} held at their mean")
            );
        table.Write(to);
    }

    private static void Heading(Terminal to, string text)
    {
        to.Out.WriteLine();
        to.Out.WriteLine(text);
    }

    private static string Words(UnitState state) =>
        state switch
        {
            UnitState.AlwaysNegative => "always negative",
            UnitState.AlwaysActive => "always active",
            _ => state.ToString().ToLowerInvariant(),
        };

    private static string Words(DiagnosisKind kind) =>
        kind switch
        {
            DiagnosisKind.UnderusedSignal => "Underused signal",
            DiagnosisKind.OveremphasisedNoise => "Overemphasised noise",
            DiagnosisKind.UnreadKnowledge => "Unread knowledge",
            DiagnosisKind.IdleUnits => "Idle units",
            _ => kind.ToString(),
        };

    private static string Share(double value) => double.IsNaN(value) ? "–" : Text($"{value * 100:0}%");

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);

    private static string Pair(double value, double error) =>
        double.IsNaN(value) ? "–" : Text($"{value:0.00000} ± {error:0.00000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
