using Assay.Attribution;
using Assay.Attribution.Interactions;
using Assay.Cli.Commands;
using Assay.Cli.Input;
using Assay.Onnx;
using Assay.Runtime;
using Assay.Statistics;
using Assay.Studies;

namespace Assay.Cli.Interactions;

/// <summary>Carries out <c>assay interactions</c>.</summary>
internal static class InteractionsJob
{
    private const int MostRows = 65_536;

    public static int Run(InteractionsRequest request, CommandContext context)
    {
        var model = OnnxModel.Load(request.Model);
        IRowSource source = request.Tensors is { } tensors
            ? new TensorRows(model, tensors)
            : new DataRows(model, request.Dictionary!, request.Data!, request.Rows);
        var features = request.Groups is { } groups
            ? FeatureSlot.Grouped(source.Features, GroupsFile.Read(groups))
            : source.Features;
        var baseline = BaselineChoice.Read(request.Baseline, model, source);
        var settings = request.Settings with
        {
            Explain = request.Settings.Explain with
            {
                Baseline = baseline.Baseline,
                Background = request.Background is { } file ? BaselineChoice.Background(file, model) : null,
            },
        };
        using var explainer = InteractionExplainer.Open(model, features, settings);
        var part = source.Parts(MostRows).First();
        var (rows, numbers) = Used(request, explainer.Method, part, baseline.PerRow);
        var clusters = Clusters(request, part, numbers);
        using var writer = InteractionsWriter.Create(request, explainer, context.Terminal);
        if (request.Format == InteractionsFormat.Jsonl && explainer.Method.PerRow)
            writer.Write(explainer.Explain(rows), numbers);
        else
            writer.Write(explainer.Rank(rows, clusters));
        writer.Finish();
        return 0;
    }

    // Methods of rows cost much for each; rows spread evenly stand for all.
    private static (IReadOnlyDictionary<string, TensorData> Rows, long[] Numbers) Used(
        InteractionsRequest request,
        MethodInfo method,
        RowPart part,
        bool baselinePerRow
    )
    {
        var count = (int)part.Rows.Values.First().Dims[0];
        var wanted = method.PerRow && !baselinePerRow ? Math.Min(count, request.RowSample) : count;
        int[] picked = [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * count / wanted))];
        var rows = wanted == count ? part.Rows : new RowBatch().Take(part.Rows, picked, wanted);
        return (rows, [.. picked.Select(p => part.First + p)]);
    }

    private static ulong[]? Clusters(InteractionsRequest request, RowPart part, long[] numbers)
    {
        if (request.Cluster is not { } column)
            return null;
        var count = (int)part.Rows.Values.First().Dims[0];
        var keys = TextColumn.Read(DataSource.FromFile(request.Data!), column, "clusters", part.First, count);
        return [.. numbers.Select(n => StableHash.Of(keys[(int)(n - part.First)] ?? ""))];
    }
}
