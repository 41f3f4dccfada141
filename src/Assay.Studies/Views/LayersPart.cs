using Assay.Attribution.Layers;
using Assay.Gradients;
using Assay.Statistics;

namespace Assay.Studies;

/// <summary><c>layers.json</c>: what flows through the depth, what layers know, and what that means.</summary>
internal sealed class LayersPart : IViewPart
{
    public string Name => "layers";

    public object? Options(StudyDefinition study) => study.Layers;

    public object Empty =>
        new
        {
            Groups = Array.Empty<string>(),
            Layers = Array.Empty<object>(),
            Features = Array.Empty<object>(),
            Similarity = Array.Empty<object>(),
            Prunings = Array.Empty<object>(),
            Diagnoses = Array.Empty<object>(),
        };

    public (SampledRows Rows, object Body) Make(ChainContext context, Action<string> progress)
    {
        var asked = context.Study.Layers!;
        var rows = SampledRows.OfClusters(context, asked.Rows);
        var report = LayerStudy.Run(
            context.Model,
            context.Plan.Binding.Slots,
            [.. context.Plan.Features.Select(f => f.Entry.Group ?? NoGroup)],
            new LayerStudyRows(rows.Feeds, rows.Labels, rows.ClusterNumbers),
            new LayerStudySettings
            {
                Head = context.Study.Head,
                Space = context.Study.Space == "probability" ? Space.Probability : Space.Logit,
                FlowRows = asked.FlowRows,
                Steps = asked.Steps,
                Seed = context.Study.Seed,
            },
            progress,
            context.Options.Cancellation
        );
        return (rows, Body(report, new FeatureNames(context.Plan)));
    }

    /// <summary>What features without a group are put under.</summary>
    private const string NoGroup = "(no group)";

    private static object Body(LayerReport report, FeatureNames names) =>
        new
        {
            Rows = new { report.Rows.Fit, report.Rows.Holdout },
            report.FlowRows,
            Auc = Normal(report.Auc.Value, report.Auc.Error),
            LogLoss = new { report.LogLoss.Model, report.LogLoss.Constant },
            report.Groups,
            Layers = report.Layers.Select(l => Layer(l, report.Groups)),
            Features = report.Features.Select(f => new
            {
                f.Name,
                DisplayName = names.Title(f.Name),
                f.Group,
                f.Use,
                Loss = Normal(f.Loss, f.LossError),
                Left = Normal(f.Left, f.LeftError),
                f.Agreement,
                f.Known,
                f.Control,
                f.Through,
            }),
            Similarity = report.Cka,
            // How long a pruned model takes differs from machine to machine and time to time.
            Prunings = report.Prunings.Select(p => new
            {
                p.What,
                p.Units,
                p.Of,
                p.Cut,
                p.Auc,
                p.AucChange,
                p.MeanChange,
                p.LargestChange,
                BytesBefore = p.Bytes.Before,
                BytesAfter = p.Bytes.After,
            }),
            Diagnoses = report.Diagnoses.Select(d => new
            {
                d.Kind,
                Severity = d.Kind is DiagnosisKind.IdleUnits or DiagnosisKind.UnreadKnowledge ? "note" : "warning",
                d.Subject,
                DisplayName = Title(d.Subject, report, names),
                d.Text,
            }),
        };

    private static object Layer(LayerFacts l, IReadOnlyList<string> groups) =>
        new
        {
            l.Layer.Value,
            l.Layer.Kind,
            l.Layer.Title,
            l.Layer.Units,
            l.Layer.Positions,
            l.ThroughAll,
            Through = groups.Select((g, i) => new { Group = g, Share = l.Through[i] }),
            LabelAuc = Normal(l.LabelAuc, l.LabelAucError),
            ControlAuc = l.LabelControlAuc,
            l.Dimension,
            States = l.States.ToDictionary(
                s => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(s.Key.ToString()),
                s => s.Value
            ),
        };

    private static string Title(string subject, LayerReport report, FeatureNames names) =>
        report.Features.Any(f => f.Name == subject)
            ? names.Title(subject)
            : report.Layers.FirstOrDefault(l => l.Layer.Value == subject)?.Layer.Title ?? subject;

    // The report gives standard errors alone.
    private static Num? Normal(double value, double error)
    {
        if (double.IsNaN(value))
            return null;
        var interval = double.IsNaN(error) ? Interval.None : Intervals.Normal(value, error);
        return new(value, interval.Low, interval.High);
    }
}
