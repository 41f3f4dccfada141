using Assay.Attribution;
using Assay.Attribution.Ranking;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Cli.Ranking;
using Assay.Cli.Sequences;
using Assay.Cli.Services;
using Assay.Onnx;
using Assay.Studies;

namespace Assay.Cli.Commands;

/// <summary>Carries out <c>assay explain</c>: rows part by part, so that memory does not grow with the data.</summary>
internal static class ExplainJob
{
    private const int Whole = 1 << 30;

    public static int Run(ExplainRequest request, CommandContext context)
    {
        using var opened = ModelSource.Open(request.Model, request.Settings.Head, request.Service, context.Stop);
        var model = opened.Model;
        IRowSource source = request.Tensors is { } tensors
            ? new TensorRows(model, tensors)
            : new DataRows(opened.Bind(request.Dictionary!), DataSource.FromFile(request.Data!), request.Rows);
        var single = request.Sequences is { } sequences
            ? SequenceView.Expand(source.Features, sequences, ((DataRows)source).Binding)
            : source.Features;
        var structured = request.Settings.Method == "owen";
        var features =
            request.Groups is { } groups && !structured ? FeatureSlot.Grouped(single, GroupsFile.Read(groups)) : single;
        var against = request.Ranking?.Against is { } row ? source.Row(row) : null;
        var baseline =
            against is not null && request.Ranking!.Swaps
                ? new BaselineChoice(Baseline.Rows(against), PerRow: false)
                : BaselineChoice.Read(request.Baseline, model, source);
        if (against is not null && baseline.PerRow)
            throw AssayException.Usage("Two rows are compared against one baseline; give a file with one row.");
        var settings = request.Settings with
        {
            Baseline = baseline.Baseline,
            Structure = structured ? Structure(request, source) : null,
            Background = request.Background is { } file ? BaselineChoice.Background(file, model) : null,
        };
        using var explainer = opened.Explainer(features, settings);
        using var writer = AttributionWriter.Create(request, explainer, context.Terminal);
        if (request.Ranking is { List: not null })
        {
            new ListJob(request, explainer, (DataRows)source, context.Stop).Run(features, writer, context.Terminal);
            writer.Finish();
            return 0;
        }
        var other = against is not null && !request.Ranking!.Swaps ? explainer.Explain(against) : null;
        var view =
            request.Sequences is { } wanted && other is null
                ? new SequenceView(wanted, (DataRows)source, explainer.Features)
                : null;
        foreach (var part in source.Parts(baseline.PerRow ? Whole : PartRows(request)))
        {
            if (context.Stop.IsCancellationRequested)
                throw AssayException.Failed(
                    request.Out is { } path ? $"stopped; '{path}' is not written." : "stopped."
                );
            var explained = explainer.Explain(part.Rows);
            writer.Write(
                part.First,
                other is null ? explained : Contrast.Of(explained, other),
                view?.Of(part, explained)
            );
        }
        writer.Finish();
        return 0;
    }

    // Groups that enter as wholes are not merged: those of the file, else of the dictionary.
    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Structure(
        ExplainRequest request,
        IRowSource source
    ) =>
        request.Groups is { } file ? GroupsFile.Read(file)
        : source is DataRows { Binding: var binding }
            ? binding
                .Features.Where(f => f.Entry.Group is not null)
                .GroupBy(f => f.Entry.Group!, f => f.Entry.Name)
                .ToDictionary(g => g.Key, g => (IReadOnlyList<string>)[.. g])
        : throw AssayException.Usage(
            "Method 'owen' needs groups of features: give --groups FILE, or a dictionary with groups."
        );

    // Parts that take a few seconds at most, so that Ctrl-C is heard.
    private static int PartRows(ExplainRequest request) => Math.Clamp(262_144 / request.Settings.Steps, 1024, 8192);
}
