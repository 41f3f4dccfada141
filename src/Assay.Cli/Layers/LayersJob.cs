using Assay.Attribution;
using Assay.Attribution.Layers;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Cli.Output;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Studies;

namespace Assay.Cli.Layers;

/// <summary>Carries out <c>assay layers</c>.</summary>
internal static class LayersJob
{
    public static int Run(LayersRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        using var file = request.Out is { } path ? new OutputFile(path) : null;
        var binding = request.Dictionary is { } dictionary ? FeatureDictionary.Load(dictionary).Bind(model) : null;
        var features = binding is null ? FeatureSlot.FromInputs(model) : DataRows.Slots(binding);
        if (request.Data is null)
        {
            var layers = LayerStudy.Find(model, features, request.Head);
            Write(request, file, context, to => LayersText.List(layers, to), layers);
            return 0;
        }
        var rows = Rows(request, model, binding!, context);
        var report = LayerStudy.Run(
            model,
            features,
            [.. binding!.Features.Select(f => f.Entry.Group ?? "(no group)")],
            rows,
            new LayerStudySettings
            {
                Head = request.Head,
                Space = request.Space,
                Baseline = request.Baseline switch
                {
                    "zero" => Baseline.Zero,
                    "padding" => Baseline.Rows(binding.ReplacementRow()),
                    _ => null,
                },
                FlowRows = request.FlowRows,
                Steps = request.Steps,
                Seed = request.Seed,
            },
            context.Terminal.Note,
            context.Stop
        );
        Write(
            request,
            file,
            context,
            to => LayersText.Report(report, to),
            new
            {
                Model = Path.GetFileName(request.Model),
                ModelSha256 = Pedigree.Hash(request.Model),
                request.Baseline,
                Space = request.Space.ToString().ToLowerInvariant(),
                request.Steps,
                request.Seed,
                Report = report,
                Software = $"assay {Pedigree.Version}",
            }
        );
        return 0;
    }

    private static void Write(
        LayersRequest request,
        OutputFile? file,
        CommandContext context,
        Action<Terminal> text,
        object json
    )
    {
        if (file is null && request.Json)
            context.Terminal.Out.WriteLine(LayersJson.Text(json));
        else if (file is null)
            text(context.Terminal);
        else
        {
            var writer = new StreamWriter(file.Stream, leaveOpen: true);
            if (request.Json)
                writer.WriteLine(LayersJson.Text(json));
            else
                text(context.Terminal with { Out = writer, IsRich = false });
            file.Write(writer.Dispose);
            file.Finish();
        }
    }

    private static LayerStudyRows Rows(
        LayersRequest request,
        OnnxModel model,
        DictionaryBinding binding,
        CommandContext context
    )
    {
        context.Terminal.Note($"reading rows from {request.Data}");
        var source = DataSource.FromFile(request.Data!);
        var (feeds, labels, clusters) = request.Label is { } label
            ? Labelled(LabelledRows.Read(source, binding, label, request.Cluster))
            : (InputAssembler.Read(source, binding, 0, int.MaxValue), [], []);
        LookupCheck.Require(model, feeds);
        var count = (int)feeds.Values.First().Dims[0];
        var picked = Picked(request, count);
        return new LayerStudyRows(
            new RowBatch().Take(feeds, picked, picked.Length),
            labels.Length == 0 ? [] : [.. picked.Select(r => (double)labels[r])],
            clusters.Length == 0 ? [] : [.. picked.Select(r => clusters[r])]
        );
    }

    private static (IReadOnlyDictionary<string, TensorData>, float[], int[]) Labelled(LabelledRows rows) =>
        (rows.Feeds, rows.Labels, rows.Clusters);

    // Spread evenly, as rows are often in the order of time.
    private static int[] Picked(LayersRequest request, int count)
    {
        var (first, end) = ((int)Math.Min(request.Rows.First, count), (int)Math.Min(request.Rows.End, count));
        var wanted = Math.Min(request.Sample, end - first);
        return [.. Enumerable.Range(0, wanted).Select(i => first + (int)((long)i * (end - first) / wanted))];
    }
}
